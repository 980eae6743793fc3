# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter held_addresses: a cluster's floating addresses in the form of vip."""

from __future__ import annotations

DOCUMENTATION = r"""
name: held_addresses
short_description: A cluster's floating addresses as arguments of M(lvs.cluster.vip)
version_added: 0.1.0
author:
  - The lvs.cluster contributors (@lvs-cluster)
description:
  - Takes a resolved cluster and the name of a router, and returns the addresses that the router holds when it is active.
extends_documentation_fragment:
  - lvs.cluster.resolved_cluster.filtered
seealso:
  - module: lvs.cluster.vip
"""

EXAMPLES = r"""
- name: The addresses of a router without keepalived
  lvs.cluster.vip:
    address: "{{ item.address }}"
    interface: "{{ item.interface }}"
    label: "{{ item.label }}"
  loop: "{{ cluster | lvs.cluster.held_addresses(inventory_hostname) }}"
"""

RETURN = r"""
_value:
  description: C(address), C(interface) and C(label) of each.
  type: list
  elements: dict
"""

from ansible_collections.lvs.cluster.plugins.module_utils._model.single import held_addresses


class FilterModule:
    def filters(self):
        return {"held_addresses": held_addresses}
