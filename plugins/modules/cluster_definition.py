#!/usr/bin/python
# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The work is done by the action plugin of the same name; this file is its documentation.

from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_definition
short_description: Validate and complete the cluster definitions of the inventory
version_added: 0.1.0
description:
  - Reads the variable C(lvs_cluster) of every host of the inventory, validates all clusters as a whole, and completes
    them with everything that can be derived.
  - All problems are reported at once, each with its path and with what would be right.
  - It runs on the controller and connects to no host.
  - All fields of C(lvs_cluster) are described in C(docs/definition.md).
author:
  - The lvs.cluster contributors (@lvs-cluster)
extends_documentation_fragment:
  - lvs.cluster.attributes.reading
options:
  stage:
    description:
      - V(definition) checks all that needs no host.
      - V(facts) also fills in the addresses and interfaces from the facts of the hosts, which must have been gathered before.
    type: str
    choices: [definition, facts]
    default: definition
  names:
    description:
      - The clusters to return. All are validated, as they may clash with one another.
      - All clusters of the inventory if left out.
    type: list
    elements: str
  partial:
    description:
      - Whether to go on without what the stage V(facts) would refuse, to look at a cluster of which a host is lost.
      - A router without facts then has no networks and a real server without them no address, and what else is wrong stands
        under C(unresolved) of its cluster. Such a cluster is for M(lvs.cluster.cluster_verify), not to be deployed.
    type: bool
    default: false
  show:
    description: Whether to print the clusters as text for a person.
    type: bool
    default: false
attributes:
  platform:
    description: Target OS/families that can be operated against.
    platforms: all
    support: full
    details: It runs on the controller.
"""

EXAMPLES = r"""
- name: Validate the clusters of the inventory before any host is touched
  hosts: localhost
  gather_facts: false
  tasks:
    - name: Read the definitions
      lvs.cluster.cluster_definition:
      register: definition

    - name: Name the routers
      ansible.builtin.debug:
        msg: "{{ item.name }}: {{ item.routers | map(attribute='host') | join(', ') }}"
      loop: "{{ definition.clusters.values() }}"
      loop_control:
        label: "{{ item.name }}"

- name: Complete one cluster with the addresses of its hosts
  hosts: lvs_routers:lvs_real_servers
  tasks:
    - name: Read the definition and the facts
      lvs.cluster.cluster_definition:
        stage: facts
        names: [web]
      register: definition
"""

RETURN = r"""
clusters:
  description: The complete form of each cluster, by name.
  returned: success
  type: dict
  sample:
    web:
      name: web
      routers:
        - host: r1
          priority: 150
          networks:
            public: {address: 192.0.2.2, interface: eth0}
cluster:
  description: The cluster to which the host of the task belongs, or null.
  returned: success
  type: dict
part:
  description: The part of the host of the task in its cluster, V(router) or V(real_server), or null.
  returned: success
  type: str
  sample: router
text:
  description: All clusters as text for a person.
  returned: success
  type: str
  sample: Cluster web
problems:
  description: Everything that is wrong.
  returned: failure
  type: list
  elements: dict
  contains:
    path:
      description: Where, beginning with the name of the cluster.
      returned: always
      type: str
      sample: "web: virtual_servers[2].port"
    message:
      description: What is wrong there.
      returned: always
      type: str
      sample: 70000 is not a port (in www)
    remedy:
      description: What would be right.
      returned: always
      type: str
      sample: give 1 to 65535
"""
