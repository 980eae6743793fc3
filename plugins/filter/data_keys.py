# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter data_keys: the keys that a host needs."""

from __future__ import annotations

DOCUMENTATION = r"""
name: data_keys
short_description: Names of the SSH keys of a host of data sets
version_added: 0.1.0
author:
  - The lvs.cluster contributors (@lvs-cluster)
description:
  - Takes a resolved cluster and a host, and returns the names for M(lvs.cluster.data_sync_keys).
extends_documentation_fragment:
  - lvs.cluster.resolved_cluster.filtered
"""

EXAMPLES = r"""
- name: Names of the SSH keys of a host of data sets
  ansible.builtin.set_fact:
    found: "{{ cluster | lvs.cluster.data_keys(inventory_hostname) }}"
"""

RETURN = r"""
_value:
  description: The names.
  type: list
  elements: str
"""

from ansible_collections.lvs.cluster.plugins.module_utils._model.data_files import wanted_keys


class FilterModule:
    def filters(self):
        return {"data_keys": wanted_keys}
