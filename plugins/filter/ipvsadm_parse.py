# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter ipvsadm_parse: text of ipvsadm -Sn to services."""

from __future__ import annotations

DOCUMENTATION = r"""
name: ipvsadm_parse
short_description: Text of C(ipvsadm -Sn) as services of M(lvs.cluster.ipvs_services)
version_added: 0.1.0
author:
  - The lvs.cluster contributors (@lvs-cluster)
description:
  - Takes lines as C(ipvsadm -Sn) prints them, or as C(ipvsadm -R) takes them, with addresses and ports as numbers.
  - Returns the services in the form that M(lvs.cluster.ipvs_services) takes and M(lvs.cluster.ipvs_info) returns.
  - All lines that can't be understood are told at once, with their numbers.
options:
  _input:
    description: The text.
    type: str
    required: true
seealso:
  - plugin: lvs.cluster.ipvsadm_render
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Bring in a table that was saved by ipvsadm
  lvs.cluster.ipvs_services:
    services: "{{ lookup('ansible.builtin.file', 'ipvsadm.rules') | lvs.cluster.ipvsadm_parse }}"
    state: overridden
"""

RETURN = r"""
_value:
  description: The services.
  type: list
  elements: dict
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.lvs.cluster.plugins.module_utils._model import ipvsadm_parse


def parse(text):
    if not isinstance(text, str):
        raise AnsibleFilterError("lvs.cluster.ipvsadm_parse takes a text, not %s" % type(text).__name__)
    services, problems = ipvsadm_parse.parse(text)
    if problems:
        raise AnsibleFilterError("lvs.cluster.ipvsadm_parse: " + "\n".join(str(problem) for problem in problems))
    return services


class FilterModule:
    def filters(self):
        return {"ipvsadm_parse": parse}
