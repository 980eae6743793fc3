#!/usr/bin/python
# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the action plugin of the same name."""
from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_verify
short_description: Find out whether a cluster runs as it was declared
version_added: 0.1.0
author:
  - The lvs.cluster contributors (@lvs-cluster)
description:
  - Compares the resolved cluster with what M(lvs.cluster.router_info) read on its routers.
    Exactly one router is active, it has every VIP and the other one none, and the IPVS table of both has each virtual server
    with each real server.
  - A real server that its health check took out is named. One that is drained is as declared; it is named with since when and why.
  - A host that did not answer is a problem of its own. All others are judged as far as it goes without it.
  - Fails with all problems at once. Runs on the controller and connects to nothing.
extends_documentation_fragment:
  - lvs.cluster.attributes.reading
options:
  cluster:
    description:
      - The resolved cluster, as M(lvs.cluster.cluster_definition) returns it in its stage V(facts), with C(partial) too.
    type: dict
    required: true
  states:
    description:
      - What M(lvs.cluster.router_info) returned, by the name of the router. The result of a task that failed, or did not reach its
        host, is told as such.
      - Without this and O(readings) of any router only the real servers are judged.
    type: dict
    default: {}
  real_servers:
    description:
      - What M(lvs.cluster.real_server_vips) returned in check mode, by the name of the host. A skipped task is nothing.
    type: dict
    default: {}
  readings:
    description:
      - What the first task on each host returned, by the name of the host, such as M(ansible.builtin.setup) with C(ignore_unreachable).
      - Only whether it failed or did not reach its host counts, and its words.
    type: dict
    default: {}
attributes:
  action:
    description: Runs on the controller.
    support: full
"""

EXAMPLES = r"""
- name: Does it run as declared?
  lvs.cluster.cluster_verify:
    cluster: "{{ resolved_cluster }}"
    states:
      r1: "{{ hostvars.r1.router_state }}"
      r2: "{{ hostvars.r2.router_state }}"
"""

RETURN = r"""
problems:
  description: One sentence each. Empty when all is as declared.
  returned: always
  type: list
  elements: str
drained:
  description: One sentence for each real server that is drained, with since when and why. That is no problem.
  returned: always
  type: list
  elements: str
  sample: ["web1 is drained since 2026-11-23 05:40 UTC (kernel update)"]
active:
  description: The active router, when of those that answered exactly one is.
  returned: always
  type: str
"""
