#!/usr/bin/python
# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a client of a virtual server lives through."""
from __future__ import annotations

DOCUMENTATION = r"""
module: client_watch
short_description: Ask a virtual server as a client does, and tell what was lost
version_added: 0.1.0
author:
  - The lvs.cluster contributors (@lvs-cluster)
description:
  - Asks again and again over new connections, keeps others open, and counts what failed. Needs nothing but Python on the client's host.
  - Runs with C(async) and C(poll) of 0 while something is done to the cluster. The file C(phase) in its folder names what is being
    measured, the file C(stop) ends it.
  - In check mode it asks nothing.
extends_documentation_fragment:
  - lvs.cluster.attributes.reading
options:
  folder:
    description: An existing folder on the client's host, of this run alone. As soon as the client is at work, the file C(started) is there.
    type: path
    required: true
  address:
    description: The VIP.
    type: str
    required: true
  port:
    description: The port of the virtual server.
    type: int
    required: true
  path:
    description:
      - What to ask for by HTTP; an answer is good with a status of 2xx or 3xx. Without it a TCP connection that opens is good, and
        no connections are kept.
    type: str
  name:
    description: The name of the web site, for the header C(Host). The address by default.
    type: str
  interval:
    description: Seconds from one request to the next.
    type: float
    default: 0.05
  timeout:
    description: Seconds that a request may take.
    type: float
    default: 2.0
  connections:
    description: How many connections to keep open, with a request every half a second.
    type: int
    default: 4
  seconds:
    description: The client ends after so many seconds even if nobody stops it.
    type: float
    default: 60.0
"""

EXAMPLES = r"""
- name: Watch from the controller, for at most two minutes
  lvs.cluster.client_watch:
    folder: /tmp/watch
    address: 192.0.2.100
    port: 80
    path: /
    seconds: 120
  async: 150
  poll: 0
  delegate_to: localhost
  register: client
"""

RETURN = r"""
phases:
  description: For each phase how many requests were C(asked), how many C(failed), the longest time without a good answer, and the first failures.
  returned: always
  type: dict
  sample: {stop: {asked: 180, failed: 3, outage_ms: 640, failures: ["after 2.0 s: timed out"]}}
connections:
  description: How many of the connections that were kept open lasted. C(of) counts those that the server was willing to keep.
  returned: always
  type: dict
  sample: {of: 4, kept: 4, lost: []}
seconds:
  description: How long it watched.
  returned: always
  type: float
"""

from ansible_collections.lvs.cluster.plugins.module_utils._module.client_watch import run_module


def main():
    run_module()


if __name__ == "__main__":
    main()
