# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter data_files: what a host of data sets gets."""

from __future__ import annotations

DOCUMENTATION = r"""
name: data_files
short_description: Files and units of a host of data sets
version_added: 0.1.0
author:
  - The lvs.cluster contributors (@lvs-cluster)
description:
  - Takes a resolved cluster and a host, and returns all that the role lvs_data_sync puts on it.
extends_documentation_fragment:
  - lvs.cluster.resolved_cluster.filtered
options:
  keys:
    description: By host, what M(lvs.cluster.data_sync_keys) returned there.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Files and units of a host of data sets
  ansible.builtin.set_fact:
    found: "{{ cluster | lvs.cluster.data_files(inventory_hostname, {}) }}"
"""

RETURN = r"""
_value:
  description: C(files), C(units) and C(packages).
  type: dict
"""

from ansible_collections.lvs.cluster.plugins.module_utils._model.data_files import data_files


class FilterModule:
    def filters(self):
        return {"data_files": data_files}
