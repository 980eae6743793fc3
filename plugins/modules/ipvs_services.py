#!/usr/bin/python
# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many virtual services of the kernel's IPVS table in one call."""

from __future__ import annotations

DOCUMENTATION = r"""
module: ipvs_services
short_description: The kernel's IPVS table, or a part of it, in one call
version_added: 0.1.0
author:
  - The lvs.cluster contributors (@lvs-cluster)
description:
  - Makes virtual services with their destinations as they are described, in one call, also thousands of them.
  - All arguments are checked, and all problems told, before anything is touched.
  - Services and destinations are changed in place wherever the kernel can, so their connections live on.
    What is new comes before what goes.
  - Takes what M(lvs.cluster.ipvs_info) returns as C(services).
extends_documentation_fragment:
  - lvs.cluster.ipvs_attributes
  - lvs.cluster.ipvs_attributes.writing
  - lvs.cluster.ipvs_attributes.forced
  - lvs.cluster.ipvs_options.services
options:
  state:
    description:
      - V(merged) adds and changes the services and destinations that are named. What is left out of them stays as it is,
        and so does all that is not named.
      - V(replaced) makes the services that are named just as given, with just the given destinations, and defaults
        for what is left out. Other services stay.
      - V(overridden) makes the whole table just as given. An empty O(services) empties it.
      - V(deleted) removes the services that are named, with their destinations.
    type: str
    choices: [merged, replaced, overridden, deleted]
    default: merged
  drain:
    description:
      - Destinations that are not wanted any more, of services that stay, get weight 0 and stay too,
        so that their connections can end. A later run without this removes them.
    type: bool
    default: false
seealso:
  - module: lvs.cluster.ipvs_info
  - module: lvs.cluster.ipvs_service
  - module: lvs.cluster.ipvs_destination
"""

EXAMPLES = r"""
- name: The whole table
  lvs.cluster.ipvs_services:
    state: overridden
    services:
      - address: 192.0.2.100
        port: 80
        scheduler: wrr
        destinations:
          - {address: 10.0.0.11, weight: 100}
          - {address: 10.0.0.12, weight: 50}
      - firewall_mark: 7
        destinations:
          - {address: 10.0.0.13, forward: direct}

- name: Give one more real server to a service, and change nothing else
  lvs.cluster.ipvs_services:
    services:
      - address: 192.0.2.100
        port: 80
        destinations:
          - {address: 10.0.0.14, weight: 100}

- name: Only one real server shall stay, the others may end their connections
  lvs.cluster.ipvs_services:
    state: replaced
    drain: true
    services:
      - address: 192.0.2.100
        port: 80
        scheduler: wrr
        destinations:
          - {address: 10.0.0.11, weight: 100}

- name: Empty the table
  lvs.cluster.ipvs_services:
    state: overridden
    services: []
"""

RETURN = r"""
before:
  description: The services that change, with all their destinations, as lines of C(ipvsadm -Sn), before the change.
  returned: success
  type: list
  elements: str
  sample:
    - -A -t 192.0.2.100:80 -s wlc
    - -a -t 192.0.2.100:80 -r 10.0.0.11:80 -m -w 100
after:
  description: The same services after the change. Thresholds, which C(ipvsadm -Sn) leaves out, are added.
  returned: success
  type: list
  elements: str
  sample:
    - -A -t 192.0.2.100:80 -s wlc
    - -a -t 192.0.2.100:80 -r 10.0.0.11:80 -m -w 0
commands:
  description: What was done, as the lines that a person would have typed.
  returned: always
  type: list
  elements: str
  sample:
    - ipvsadm -e -t 192.0.2.100:80 -r 10.0.0.11:80 -m -w 0
problems:
  description: What is wrong with the arguments, when the task fails for that reason. The kernel's table is then untouched.
  returned: failure
  type: list
  elements: dict
  sample:
    - path: services[0].port
      message: 70000 is out of range
      remedy: give 0 to 65535
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.lvs.cluster.plugins.module_utils._argspec.ipvs_services import ARGUMENT_SPEC
from ansible_collections.lvs.cluster.plugins.module_utils._module.ipvs_services import run_module


def main():
    run_module(AnsibleModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True))


if __name__ == "__main__":
    main()
