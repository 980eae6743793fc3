# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A resolved cluster as what a module or a filter is given."""

from __future__ import annotations


class ModuleDocFragment:
    # Modules that need its routers, real servers and virtual servers, and no facts of the hosts.
    DOCUMENTATION = r"""
options:
  cluster:
    description:
      - The resolved cluster, as M(lvs.cluster.cluster_definition) returns it in its stage V(facts), with C(partial) too.
    type: dict
"""

    # Filters whose result is for one of its hosts.
    FILTERED = r"""
options:
  _input:
    description: The resolved cluster, as M(lvs.cluster.cluster_definition) returns it in its stage V(facts).
    type: dict
    required: true
  host:
    description: The name of the router or real server that the result is for.
    type: str
    required: true
"""
