#!/usr/bin/python
# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One virtual service of the kernel's IPVS table."""

from __future__ import annotations

DOCUMENTATION = r"""
module: ipvs_service
short_description: Add, change or remove a virtual service of the kernel's IPVS table
version_added: 0.1.0
author:
  - The lvs.cluster contributors (@lvs-cluster)
description:
  - Adds, changes or removes one virtual service, and leaves its destinations alone.
  - What is left out stays as it is, and gets its default in a new service.
  - A service is changed in place, so its connections live on.
extends_documentation_fragment:
  - lvs.cluster.ipvs_attributes
  - lvs.cluster.ipvs_attributes.writing
  - lvs.cluster.ipvs_attributes.forced
  - lvs.cluster.ipvs_options.service
options:
  state:
    description:
      - Whether the service shall be there.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: lvs.cluster.ipvs_destination
  - module: lvs.cluster.ipvs_services
"""

EXAMPLES = r"""
- name: A web service that goes by the number of connections
  lvs.cluster.ipvs_service:
    address: 192.0.2.100
    port: 80
    scheduler: wlc

- name: Clients of one network stay with their real server for five minutes
  lvs.cluster.ipvs_service:
    address: 192.0.2.100
    port: 443
    persistence_timeout: 300
    persistence_netmask: 255.255.255.0

- name: All packets with the firewall mark 7, by consistent hashing over address and port
  lvs.cluster.ipvs_service:
    firewall_mark: 7
    scheduler: mh
    scheduler_flags: [mh-port]

- name: No such service
  lvs.cluster.ipvs_service:
    protocol: udp
    address: 2001:db8::100
    port: 53
    state: absent
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

from ansible_collections.lvs.cluster.plugins.module_utils._argspec.ipvs_service import ARGUMENT_SPEC
from ansible_collections.lvs.cluster.plugins.module_utils._module.ipvs_service import run_module


def main():
    run_module(AnsibleModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True))


if __name__ == "__main__":
    main()
