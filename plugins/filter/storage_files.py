# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter storage_files: what a host of shared storage gets."""

from __future__ import annotations

DOCUMENTATION = r"""
name: storage_files
short_description: Files and units of a host of shared storage
version_added: 0.1.0
author:
  - The lvs.cluster contributors (@lvs-cluster)
description:
  - Takes a resolved cluster and a host, and returns all that the role lvs_shared_storage puts on it.
extends_documentation_fragment:
  - lvs.cluster.resolved_cluster.filtered
"""

EXAMPLES = r"""
- name: Files and units of a host of shared storage
  ansible.builtin.set_fact:
    found: "{{ cluster | lvs.cluster.storage_files(inventory_hostname) }}"
"""

RETURN = r"""
_value:
  description: C(files), C(units) and C(packages).
  type: dict
"""

from ansible_collections.lvs.cluster.plugins.module_utils._model.storage_files import storage_files


class FilterModule:
    def filters(self):
        return {"storage_files": storage_files}
