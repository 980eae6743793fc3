#!/usr/bin/python
# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No new connections for a real server, on one router."""
from __future__ import annotations

DOCUMENTATION = r"""
module: real_server_drain
short_description: Give real servers no new connections, or give them some again, on one router
version_added: 0.1.0
author:
  - The lvs.cluster contributors (@lvs-cluster)
description:
  - A drained real server has weight 0. Its connections go on, new ones go to the others.
  - That is kept in a file on the router, so it outlives failover, reload and reboot. Run it on every router of the cluster;
    the playbooks C(lvs.cluster.drain) and C(lvs.cluster.undrain) do so, and wait for the connections.
  - With keepalived it is in force within milliseconds, and the module fails when keepalived does not follow. On a router without
    keepalived the module changes the IPVS table, and what brings it back at boot.
extends_documentation_fragment:
  - lvs.cluster.attributes
  - lvs.cluster.resolved_cluster
options:
  state:
    description:
      - Whether the real servers get new connections.
    type: str
    choices: [drained, undrained]
    default: drained
  servers:
    description:
      - Names of real servers.
    type: list
    elements: str
    required: true
  services:
    description:
      - Names of the virtual servers for which it is; none for all, also those that are declared later.
      - What is drained for all can't be undrained for one.
    type: list
    elements: str
    default: []
  reason:
    description:
      - Why, for whoever looks at the cluster meanwhile. What is drained already keeps its own.
      - With O(state=undrained) only what was drained for this reason.
    type: str
    default: ""
  force:
    description:
      - Drain also the last real server that serves, or more than a quorum allows. Clients then get the sorry server, or no answer.
    type: bool
    default: false
  timeout:
    description:
      - Seconds that keepalived may take.
    type: float
    default: 5.0
  virtual_servers:
    description:
      - What is to be known of the virtual servers. Taken from O(cluster).
    type: list
    elements: dict
  folder:
    description:
      - Where the files are.
    type: path
    default: /var/lib/lvs-cluster/drain
  saved_table:
    description:
      - What a router without keepalived brings back at boot.
    type: path
    default: /etc/lvs-cluster/table
"""

EXAMPLES = r"""
- name: No new connections for web1
  lvs.cluster.real_server_drain:
    cluster: "{{ resolved_cluster }}"
    servers: [web1]
    reason: kernel update

- name: As before
  lvs.cluster.real_server_drain:
    cluster: "{{ resolved_cluster }}"
    servers: [web1]
    state: undrained
"""

RETURN = r"""
drained:
  description: What is drained on this router afterwards, by the file that says so, as M(lvs.cluster.router_info) returns it.
  returned: success
  type: dict
  sample: {servers/web1: {since: "2026-11-23T05:40:00Z", reason: kernel update}}
refused:
  description: One sentence for each virtual server that would be left with too few real servers.
  returned: when that is why it failed
  type: list
  elements: str
commands:
  description: On a router without keepalived, what was done to the IPVS table, as lines of C(ipvsadm).
  returned: success
  type: list
  elements: str
"""

from ansible_collections.lvs.cluster.plugins.module_utils._module.real_server_drain import run_module


def main():
    run_module()


if __name__ == "__main__":
    main()
