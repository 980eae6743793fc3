# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter detection_time: how long the health checks of a cluster may take to notice that a real server is dead."""

from __future__ import annotations

DOCUMENTATION = r"""
name: detection_time
short_description: How long the health checks of a cluster may take to notice that a real server is dead
version_added: 0.1.0
author:
  - The lvs.cluster contributors (@lvs-cluster)
description:
  - The longest of all its virtual servers, in seconds, counted from the death of a server that answers nothing any more.
options:
  _input:
    description: The cluster, as M(lvs.cluster.cluster_definition) returns it.
    type: dict
    required: true
seealso:
  - module: lvs.cluster.real_server_info
"""

EXAMPLES = r"""
- name: Seconds
  ansible.builtin.debug:
    msg: "{{ cluster | lvs.cluster.detection_time }}"
"""

RETURN = r"""
_value:
  description: Seconds.
  type: float
"""

from ansible_collections.lvs.cluster.plugins.module_utils._checks.base import worst_case


def detection_time(cluster):
    checks = [service[key] for service in cluster["virtual_servers"] for key in ("health_check", "vip_check") if service.get(key)]
    return max([0.0, *(float(worst_case(check)) for check in checks if "interval" in check)])


class FilterModule:
    def filters(self):
        return {"detection_time": detection_time}
