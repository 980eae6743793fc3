# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter ipvsadm_render: services to text of ipvsadm -Sn."""

from __future__ import annotations

DOCUMENTATION = r"""
name: ipvsadm_render
short_description: Services of M(lvs.cluster.ipvs_services) as text of C(ipvsadm -Sn)
version_added: 0.1.0
author:
  - The lvs.cluster contributors (@lvs-cluster)
description:
  - Takes services in the form that M(lvs.cluster.ipvs_services) takes and M(lvs.cluster.ipvs_info) returns.
    What is left out gets its default.
  - Returns the lines that C(ipvsadm -Sn) would print, sorted as this collection sorts services.
    Thresholds, which ipvsadm itself leaves out, are added. C(ipvsadm -R) takes all of it.
options:
  _input:
    description: The services.
    type: list
    elements: dict
    required: true
seealso:
  - plugin: lvs.cluster.ipvsadm_parse
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Save the table in ipvsadm's own form
  ansible.builtin.copy:
    content: "{{ table.services | lvs.cluster.ipvsadm_render }}"
    dest: /etc/ipvsadm.rules
    mode: "0600"
"""

RETURN = r"""
_value:
  description: The lines.
  type: str
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.lvs.cluster.plugins.module_utils._model import ipvsadm_parse


def render(services):
    text, problems = ipvsadm_parse.render(services)
    if problems:
        raise AnsibleFilterError("lvs.cluster.ipvsadm_render: " + "\n".join(str(problem) for problem in problems))
    return text


class FilterModule:
    def filters(self):
        return {"ipvsadm_render": render}
