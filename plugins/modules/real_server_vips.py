#!/usr/bin/python
# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The VIPs that a real server carries."""

from __future__ import annotations

DOCUMENTATION = r"""
module: real_server_vips
short_description: The VIPs that a real server of direct routing or tunnelling carries
version_added: 0.1.0
author:
  - The lvs.cluster contributors (@lvs-cluster)
description:
  - Sees that a real server has its VIPs on the device C(lvs-vips), keeps silent about them, and ends its tunnels.
  - What is wrong is put right by the unit C(lvs-cluster-real-server.service), which does the same at each boot.
    The role C(lvs.cluster.lvs_real_server) brings the unit and its list.
  - In check mode it only tells what is wrong, in RV(problems). The playbook C(lvs.cluster.verify) uses it so.
extends_documentation_fragment:
  - lvs.cluster.attributes
options:
  state:
    description:
      - Whether the host carries the VIPs; V(absent) takes all of them off, and the tunnels.
    type: str
    choices: [present, absent]
    default: present
  vips:
    description:
      - The addresses, of both families.
    type: list
    elements: str
    default: []
  tunnels:
    description:
      - The tunnels that end here.
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
      - The host's own IPv4 address, at which the tunnels end.
    type: str
  address6:
    description:
      - Its IPv6 address, at which tunnels with O(tunnels[].outer=6) end.
    type: str
attributes:
  diff_mode:
    description: Returns what is wrong.
    support: full
"""

EXAMPLES = r"""
- name: Whether this real server can serve
  lvs.cluster.real_server_vips:
    vips: [192.0.2.100]
    tunnels: [{type: gue, port: 6080}]
    address: 10.0.0.11
  check_mode: true
  register: found
"""

RETURN = r"""
problems:
  description: What was not as wanted before the module ran, a sentence each.
  returned: success
  type: list
  elements: str
  sample: ["it lacks the VIP 192.0.2.100: packets for it are dropped here"]
"""

from ansible_collections.lvs.cluster.plugins.module_utils._module.real_server_vips import run_module


def main():
    run_module()


if __name__ == "__main__":
    main()
