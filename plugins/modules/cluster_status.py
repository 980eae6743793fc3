# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the action plugin of the same name."""
from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_status
short_description: Tell who is active and whether the routers are whole
version_added: 0.1.0
author:
  - The lvs.cluster contributors (@lvs-cluster)
description:
  - Puts together what M(lvs.cluster.cluster_state_info) read on the routers of a cluster; who is active, which alarms there are, and
    which router could take over.
  - Fails when the routers are not whole, that is with any alarm beyond a notice. Runs on the controller and connects to nothing.
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
      - What M(lvs.cluster.cluster_state_info) returned, by the name of the router. A task that failed, or did not reach its host, is told as such.
    type: dict
    required: true
  readings:
    description:
      - What an earlier task on each host returned, by the name of the host. Only whether it failed or did not reach its host counts.
    type: dict
    default: {}
  report:
    description:
      - A file on the controller to which the whole state is written as JSON.
    type: path
  to:
    description:
      - A router that is to become active, V(other) for one that is not active now, V(first) for the one that takes precedence.
        RV(switch) says whether it may, and what is to be done.
    type: str
  needed:
    description:
      - V(whole) fails with the alarms when the routers are not whole, and else shows the state; V(nothing) does neither.
    type: str
    choices: [whole, nothing]
    default: whole
attributes:
  action:
    description: Runs on the controller.
    support: full
"""

EXAMPLES = r"""
- name: Are the routers whole?
  lvs.cluster.cluster_status:
    cluster: "{{ resolved_cluster }}"
    states:
      r1: "{{ hostvars.r1.router_state }}"
      r2: "{{ hostvars.r2.router_state }}"
"""

RETURN = r"""
active:
  description: The active router, when of those that answered exactly one is.
  returned: always
  type: str
whole:
  description: Whether there is no alarm beyond a notice.
  returned: always
  type: bool
alarms:
  description: All alarms, the worst first, as M(lvs.cluster.cluster_state_info) returns them.
  returned: always
  type: list
  elements: dict
fit:
  description: For each router why it could not become active without harm. Empty for one that could, and for the active one when all is well.
  returned: always
  type: dict
  sample: {r1: [], r2: ["warning heartbeat_lost: r2: it hears no heartbeat on the network public: see …"]}
switch:
  description: >-
    C(target), or null where O(to) is no router of this cluster; C(refused), why it may not; C(orders), the arguments of the program
    hand-over for each router that has something to do.
  returned: when O(to) is given
  type: dict
  sample: {target: r2, refused: [], orders: {r1: [give, eth0, eth1], r2: [prefer]}}
text:
  description: All of it for a person.
  returned: always
  type: str
"""
