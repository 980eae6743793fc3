# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter drain_files: the files that say which real servers of a cluster are drained."""

from __future__ import annotations

DOCUMENTATION = r"""
name: drain_files
short_description: The files on a router that say which real servers are drained
version_added: 0.1.0
author:
  - The lvs.cluster contributors (@lvs-cluster)
description:
  - Takes a cluster and returns the paths of all files that may say that a real server is drained. They need not be there.
options:
  _input:
    description: The cluster, as M(lvs.cluster.cluster_definition) returns it.
    type: dict
    required: true
seealso:
  - module: lvs.cluster.real_server_drain
"""

EXAMPLES = r"""
- name: Which there are
  ansible.builtin.debug:
    msg: "{{ cluster | lvs.cluster.drain_files }}"
"""

RETURN = r"""
_value:
  description: The paths.
  type: list
  elements: str
"""

from ansible_collections.lvs.cluster.plugins.module_utils._model import drain


def drain_files(cluster):
    return [drain.FOLDER + "/" + path for path in drain.paths(cluster)]


class FilterModule:
    def filters(self):
        return {"drain_files": drain_files}
