#!/usr/bin/python
# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The floating gateway as a real server's way back."""
from __future__ import annotations

DOCUMENTATION = r"""
module: real_server_gateway
short_description: Make the routers' floating address the way back of a real server
version_added: 0.1.0
author:
  - The lvs.cluster contributors (@lvs-cluster)
description:
  - With the forward method V(nat) the answers of a real server must pass the active router. So everything that the host
    has no more specific route for goes through the address that moves with the active router.
  - Two routes, C(0.0.0.0/1) and C(128.0.0.0/1), do that, and for IPv6 C(::/1) and C(8000::/1). They are more specific than a default route, so the host's own
    default route stays untouched, whoever set it, and O(state=absent) is exact.
  - The address that Ansible's connection comes from stays reachable. If it is reached through the default route, it gets
    a route of its own through the old gateway first.
  - A host that also carries VIPs, O(vips), or has a leg in the clients' network, O(networks), gets policy rules instead, and the
    two routes stand in a table of their own. So answers to what came by NAT pass the router, and answers from a VIP do not.
  - The routes are set at once and, by systemd-networkd or ifupdown, whichever configures the interface, after each boot.
extends_documentation_fragment:
  - lvs.cluster.attributes
options:
  state:
    description:
      - Whether the routes are there.
    type: str
    choices: [present, absent]
    default: present
  gateway:
    description:
      - The floating IPv4 address of the routers in the real servers' network. With O(state=present) this, O(gateway6) or O(vips) is required.
    type: str
  gateway6:
    description:
      - The floating IPv6 address of the routers in the real servers' network.
    type: str
  interface:
    description:
      - The interface through which the gateway is reached. Found from the addresses of the host by default.
    type: str
  vips:
    description:
      - The VIPs that the host carries for direct routing or tunnelling, of both families. Answers from them take the host's own routes.
    type: list
    elements: str
    default: []
  tunnels:
    description:
      - The tunnels that end on the host. With one, answers from O(vips) tell the client a segment size that fits through it.
      - The host's routes of the moment are taken for that, with its default route.
    type: list
    elements: dict
    default: []
    suboptions:
      type:
        description: What the packets are wrapped in.
        type: str
        choices: [ipip, gue, gre]
        required: true
      port:
        description: The UDP port of V(gue).
        type: int
      outer:
        description: The family of the packets outside.
        type: int
        choices: [4, 6]
        default: 4
      inner:
        description: The family of the packets inside.
        type: int
        choices: [4, 6]
        default: 4
  address:
    description:
      - The host's own IPv4 address, to which the routers send. Needed with O(tunnels) and O(networks).
    type: str
  address6:
    description:
      - The same of IPv6.
    type: str
  networks:
    description:
      - Other networks of the cluster, of both families. Where the host is in one of them, answers to it pass the routers too.
    type: list
    elements: str
    default: []
  reachable:
    description:
      - Further addresses or networks that must stay reachable through the host's own default route, such as those of administrators.
    type: list
    elements: str
    default: []
  memory:
    description:
      - The file that remembers which routes are this module's.
    type: path
    default: /var/lib/lvs-cluster/real_server.json
attributes:
  diff_mode:
    description: Returns the change of the routes and of the files that keep them.
    support: full
"""

EXAMPLES = r"""
- name: Answers go back through the active router
  lvs.cluster.real_server_gateway:
    gateway: 10.0.0.254
    reachable: [198.51.100.0/24]

- name: As it was
  lvs.cluster.real_server_gateway:
    state: absent
"""

RETURN = r"""
routes:
  description: The routes of this module. Those that keep the controller reachable come first.
  returned: success
  type: list
  elements: dict
  sample: [{destination: 0.0.0.0/1, gateway: 10.0.0.254, interface: eth0, table: main, advmss: null}]
rules:
  description: The policy rules of this module.
  returned: success
  type: list
  elements: dict
  sample: [{family: 4, priority: 5010, from: 192.0.2.100, to: null, table: main, suppress: null}]
"""

from ansible_collections.lvs.cluster.plugins.module_utils._module.real_server_gateway import run_module


def main():
    run_module()


if __name__ == "__main__":
    main()
