# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter kernel_services: a cluster's virtual servers in the form of ipvs_services."""

from __future__ import annotations

DOCUMENTATION = r"""
name: kernel_services
short_description: A cluster's virtual servers as services of M(lvs.cluster.ipvs_services)
version_added: 0.1.0
author:
  - The lvs.cluster contributors (@lvs-cluster)
description:
  - Takes a resolved cluster and returns the IPVS table that the kernel of its router shall hold when there is no keepalived.
options:
  _input:
    description: The resolved cluster, as M(lvs.cluster.cluster_definition) returns it in its stage V(facts).
    type: dict
    required: true
  contents:
    description:
      - What the files of P(lvs.cluster.drain_files#filter) have in them on the router, as M(lvs.cluster.host_settings) reads them.
      - Real servers that they drain get weight 0.
    type: dict
    default: {}
seealso:
  - module: lvs.cluster.ipvs_services
"""

EXAMPLES = r"""
- name: The whole table of a router without keepalived
  lvs.cluster.ipvs_services:
    state: overridden
    services: "{{ cluster | lvs.cluster.kernel_services(settings.contents) }}"
"""

RETURN = r"""
_value:
  description: The services, each with its destinations.
  type: list
  elements: dict
"""

from ansible_collections.lvs.cluster.plugins.module_utils._model import drain
from ansible_collections.lvs.cluster.plugins.module_utils._model.single import kernel_services


def of_router(cluster, contents=None):
    return kernel_services(cluster, drain.notes_of(cluster, contents or {}))


class FilterModule:
    def filters(self):
        return {"kernel_services": of_router}
