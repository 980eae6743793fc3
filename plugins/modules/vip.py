#!/usr/bin/python
# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A virtual address on an interface."""

from __future__ import annotations

DOCUMENTATION = r"""
module: vip
short_description: A virtual address on an interface, now and after the next boot
version_added: 0.1.0
author:
  - The lvs.cluster contributors (@lvs-cluster)
description:
  - Puts an IPv4 or IPv6 address on an interface, loopback and dummy too, or takes it away.
  - The address is added by C(ip). Other addresses of the interface are left alone. If the same address is there with another
    prefix length, label or scope, it is removed and added anew, because the kernel can't change those.
  - On routers that run keepalived the addresses belong to keepalived.
extends_documentation_fragment:
  - lvs.cluster.attributes
options:
  address:
    description:
      - The address, with a prefix length or for itself alone (V(/32), V(/128)).
    type: str
    required: true
  interface:
    description:
      - The interface. It must be there, except with O(state=absent), as an interface that is gone has no address.
    type: str
    required: true
  label:
    description:
      - The label of an IPv4 address, with or without the interface's name and colon before it, so V(1) on C(eth0) is C(eth0:1).
        At most 15 characters in all.
    type: str
  scope:
    description:
      - Where the address is valid. V(site) is for IPv6.
    type: str
    choices: [global, site, link, host]
    default: global
  nodad:
    description:
      - Use an IPv6 address at once, without asking whether another host has it. A virtual address on the loopback
        of real servers needs this. It counts when the address is added.
    type: bool
    default: true
  announcements:
    description:
      - How many gratuitous ARP packets, or unsolicited neighbour advertisements, to send when the address appears, 0 to 100.
      - None are sent on interfaces without neighbours, such as loopback and dummy.
    type: int
    default: 0
  persistent:
    description:
      - Have the address back after a boot, by whichever of systemd-networkd, ifupdown and NetworkManager brings the interface up.
        The task fails if none does.
      - With V(false) a file that an earlier task left is not touched. With O(state=absent) it is removed in any case.
    type: bool
    default: false
  state:
    description:
      - Whether the address shall be there.
    type: str
    choices: [present, absent]
    default: present
  force:
    description:
      - Go on even though a keepalived runs in this network namespace.
    type: bool
    default: false
requirements:
  - iproute2
notes:
  - Needs root, so C(become=true).
  - The files for NetworkManager were tried by hand, on Debian 12 with its version 1.42. Those for the others are tested on every change.
attributes:
  diff_mode:
    description: Returns the change of the address and of the files that keep it.
    support: full
"""

EXAMPLES = r"""
- name: The service's address, known to the neighbours at once
  lvs.cluster.vip:
    address: 192.0.2.100/32
    interface: eth0
    label: "1"
    announcements: 5
    persistent: true

- name: The same address on the loopback of a real server in direct routing
  lvs.cluster.vip:
    address: 192.0.2.100
    interface: lo
    persistent: true

- name: An IPv6 address is gone
  lvs.cluster.vip:
    address: 2001:db8::100
    interface: eth0
    state: absent
"""

RETURN = r"""
commands:
  description: What was done to the address, as the lines that a person would have typed.
  returned: success
  type: list
  elements: str
  sample:
    - ip address add 192.0.2.100/32 dev eth0 label eth0:1
announced:
  description: How many announcements were sent.
  returned: success
  type: int
  sample: 5
files:
  description: The files for the next boot that were written or removed.
  returned: success
  type: list
  elements: str
  sample:
    - /etc/network/if-up.d/lvs-cluster-vip-eth0-192-0-2-100
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.lvs.cluster.plugins.module_utils._argspec.vip import ARGUMENT_SPEC
from ansible_collections.lvs.cluster.plugins.module_utils._module.vip import run_module


def main():
    run_module(AnsibleModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True))


if __name__ == "__main__":
    main()
