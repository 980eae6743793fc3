# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: nftables_render
short_description: A cluster's nftables table for one router, as text for C(nft --file)
version_added: 0.1.0
author:
  - The lvs.cluster contributors (@lvs-cluster)
description:
  - Takes a resolved cluster and the name of a router, and returns the file that M(lvs.cluster.nftables_table) loads.
  - Empty where the cluster has neither firewall marks nor a packet filter.
extends_documentation_fragment:
  - lvs.cluster.resolved_cluster.filtered
seealso:
  - module: lvs.cluster.nftables_table
"""

EXAMPLES = r"""
- name: What nft would load
  ansible.builtin.debug:
    msg: "{{ cluster | lvs.cluster.nftables_render('r1') }}"
"""

RETURN = r"""
_value:
  description: The text.
  type: str
"""

from ansible_collections.lvs.cluster.plugins.module_utils._model.nftables import table


class FilterModule:
    def filters(self):
        return {"nftables_render": table}
