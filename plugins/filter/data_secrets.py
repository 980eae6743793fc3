# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter data_secrets: files with the secrets of rsync daemons."""

from __future__ import annotations

DOCUMENTATION = r"""
name: data_secrets
short_description: Files with the secrets of rsync daemons
version_added: 0.1.0
author:
  - The lvs.cluster contributors (@lvs-cluster)
description:
  - Takes a resolved cluster and a host, and returns the files with the secrets of those of its data sets that come from an rsync daemon.
extends_documentation_fragment:
  - lvs.cluster.resolved_cluster.filtered
options:
  given:
    description: The secrets by data set.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Files with the secrets of rsync daemons
  ansible.builtin.set_fact:
    found: "{{ cluster | lvs.cluster.data_secrets(inventory_hostname, {}) }}"
"""

RETURN = r"""
_value:
  description: C(path), C(content) and C(mode) of each.
  type: list
  elements: dict
"""

from ansible_collections.lvs.cluster.plugins.module_utils._model.data_files import secrets


class FilterModule:
    def filters(self):
        return {"data_secrets": secrets}
