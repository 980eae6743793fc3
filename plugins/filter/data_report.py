# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter data_report: what runs of data sets did."""

from __future__ import annotations

DOCUMENTATION = r"""
name: data_report
short_description: What runs of data sets did, for a person
version_added: 0.1.0
author:
  - The lvs.cluster contributors (@lvs-cluster)
description:
  - Takes the results of a loop with M(lvs.cluster.data_sync) over names of data sets, and returns a line for each.
options:
  _input:
    description: The results.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Tell what was done
  ansible.builtin.debug:
    msg: "{{ synced.results | lvs.cluster.data_report }}"
"""

RETURN = r"""
_value:
  description: The lines.
  type: list
  elements: str
"""

from ansible_collections.lvs.cluster.plugins.module_utils._model.data_report import data_report


class FilterModule:
    def filters(self):
        return {"data_report": data_report}
