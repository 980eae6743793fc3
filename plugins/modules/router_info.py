#!/usr/bin/python
# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a router is and has at this moment."""
from __future__ import annotations

DOCUMENTATION = r"""
module: router_info
short_description: Read what a router is and has at this moment
version_added: 0.1.0
author:
  - The lvs.cluster contributors (@lvs-cluster)
description:
  - Reads the live state of a router, from keepalived's own process, the kernel's addresses and the kernel's IPVS table.
  - Nothing is read from notes that someone wrote at the last failover.
requirements:
  - pyroute2 0.7.2 or later (package C(python3-pyroute2)).
extends_documentation_fragment:
  - lvs.cluster.attributes.reading
options:
  path:
    description:
      - The configuration file of keepalived, for its checksum.
    type: path
    default: /etc/keepalived/keepalived.conf
  cluster:
    description:
      - The resolved cluster. When it is given, the result says in RV(problems) what this router, seen alone,
        does not have as declared, and in RV(settled) whether its VRRP state is old enough to be the final one.
    type: dict
  router:
    description:
      - Which router of O(cluster) this is, where the task is delegated to it. The host of the play by default.
    type: str
"""

EXAMPLES = r"""
- name: Read the state of the router
  lvs.cluster.router_info:
  register: router
"""

RETURN = r"""
keepalived:
  description: The process; C(running), C(state) of its unit, C(pid), C(started_at) and C(seconds_since_start).
  returned: success
  type: dict
  sample: {running: true, state: active, pid: 812, started_at: 1790000000.5, seconds_since_start: 86400.2}
instances:
  description: >-
    The VRRP instances by name; C(state) is V(init), V(backup), V(master) or V(fault). Empty when keepalived does not run.
  returned: success
  type: dict
  sample:
    web_public:
      state: master
      interface: eth0
      virtual_router_id: 51
      priority: 150
      seconds_in_state: 4211.5
      adverts_received: 0
      adverts_sent: 4211
      addresses: [192.0.2.100]
addresses:
  description: Every address on the host.
  returned: success
  type: list
  elements: dict
  sample: [{address: 192.0.2.100, prefix: 32, family: 4, interface: eth0, label: "eth0:1"}]
services:
  description: The kernel's IPVS table, in the form of M(lvs.cluster.ipvs_info).
  returned: success
  type: list
  elements: dict
drained:
  description:
    - Which real servers are drained, by the file that says so. C(servers/web1) drains web1 for all virtual servers, C(services/www/web1)
      for one of them.
  returned: success
  type: dict
  sample: {servers/web1: {since: "2026-11-23T05:40:00Z", reason: kernel update}}
damaged_drain_files:
  description: Files that should say whether a real server is drained and say neither. keepalived takes it for not drained.
  returned: success
  type: list
  elements: str
restoration:
  description: >-
    Of a router without keepalived: whether the unit that brings the IPVS table back at boot is V(enabled), C(disabled) or C(not installed).
  returned: success
  type: str
  sample: not installed
nftables:
  description: >-
    The file of the cluster's own nftables table, null where there is none, and whether the kernel has exactly that loaded, now and at the next boot.
  returned: success
  type: dict
  sample: {content: null, in_force: true}
configuration_sha256:
  description: The checksum of keepalived's configuration file.
  returned: success
  type: str
problems:
  description: What this router, seen alone, does not have as declared. One sentence each.
  returned: when O(cluster) is given
  type: list
  elements: str
active:
  description: Whether this router is the active one, by its own VRRP states. Of several, each may think so.
  returned: when O(cluster) is given
  type: bool
settled:
  description: Whether the VRRP state is older than an election takes.
  returned: when O(cluster) is given
  type: bool
"""

from ansible_collections.lvs.cluster.plugins.module_utils._module.router_info import run_module


def main():
    run_module()


if __name__ == "__main__":
    main()
