#!/usr/bin/python
# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a router does with real servers."""
from __future__ import annotations

DOCUMENTATION = r"""
module: real_server_info
short_description: What a router does with real servers, now or once it is as waited for
version_added: 0.1.0
author:
  - The lvs.cluster contributors (@lvs-cluster)
description:
  - Weight and connections of real servers in the IPVS table of one router, and whether they are drained.
  - With O(wait_for) it waits, and tells every few seconds what is left. That it did not come about in time is told by RV(reached)
    and is no failure.
extends_documentation_fragment:
  - lvs.cluster.attributes.reading
  - lvs.cluster.resolved_cluster
options:
  servers:
    description:
      - Names of real servers.
    type: list
    elements: str
    required: true
  services:
    description:
      - Names of the virtual servers that are looked at; none for all.
    type: list
    elements: str
    default: []
  wait_for:
    description:
      - V(no_connections) means no active ones on the active router; there is nothing to wait for on one that is not active.
      - V(healthy) means that none of them is out of the table, as those are whose health check fails.
        Where a failed server stays with weight 0 (C(quiesce)) this tells nothing.
      - V(weight) means that each has a weight again, unless it is drained or declared without.
    type: str
    choices: [nothing, no_connections, healthy, weight]
    default: nothing
  persistent:
    description:
      - With V(no_connections) wait for what persistence remembers, too.
    type: bool
    default: false
  steady:
    description:
      - Seconds for which it has to stay so.
    type: float
    default: 0.0
  timeout:
    description:
      - Seconds to wait at most.
    type: float
    default: 0.0
  vips:
    description:
      - A router that has one of these addresses is active. Taken from O(cluster); without any, each router is.
    type: list
    elements: str
    default: []
  virtual_servers:
    description:
      - What is to be known of the virtual servers. Taken from O(cluster).
    type: list
    elements: dict
  folder:
    description:
      - Where the drain files are.
    type: path
    default: /var/lib/lvs-cluster/drain
"""

EXAMPLES = r"""
- name: Wait until web1 has no connections any more
  lvs.cluster.real_server_info:
    cluster: "{{ resolved_cluster }}"
    servers: [web1]
    wait_for: no_connections
    timeout: 300
"""

RETURN = r"""
active:
  description: Whether the router has one of the floating addresses.
  returned: success
  type: bool
real_servers:
  description: >-
    One for each virtual server that has the real server: C(virtual_server), C(real_server), C(address), C(port), C(weight) (null
    where it is not in the table), C(declared_weight), C(drained) (null, or C(since) and C(reason)), C(active_connections),
    C(inactive_connections), C(persistent_connections).
  returned: success
  type: list
  elements: dict
reached:
  description: Whether it was as waited for, in time.
  returned: success
  type: bool
waiting_for:
  description: What was still missing at the end, one sentence each.
  returned: success
  type: list
  elements: str
waited:
  description: For how many seconds it was waited.
  returned: success
  type: float
steady:
  description: For how many seconds it had been so at the end.
  returned: success
  type: float
"""

from ansible_collections.lvs.cluster.plugins.module_utils._module.real_server_info import run_module


def main():
    run_module()


if __name__ == "__main__":
    main()
