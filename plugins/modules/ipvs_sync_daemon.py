#!/usr/bin/python
# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A connection sync daemon of IPVS."""

from __future__ import annotations

DOCUMENTATION = r"""
module: ipvs_sync_daemon
short_description: Run the connection sync daemon of IPVS
version_added: 0.1.0
author:
  - The lvs.cluster contributors (@lvs-cluster)
description:
  - Starts, changes or stops the daemon of the kernel that tells another router of the connections (V(master)),
    or that hears of them (V(backup)). Both may run at once.
  - What is left out stays as it is. The kernel can't change a running daemon, so a change stops and starts it.
  - The kernel does not synchronise services with destinations of the other address family. The module refuses that
    before the kernel does.
extends_documentation_fragment:
  - lvs.cluster.ipvs_attributes
  - lvs.cluster.ipvs_attributes.writing
  - lvs.cluster.ipvs_attributes.forced
options:
  role:
    description:
      - V(master) sends, V(backup) receives.
    type: str
    required: true
    choices: [master, backup]
  interface:
    description:
      - The interface to the other router; needed with O(state=present).
      - It should be on the private network. The messages are neither signed nor encrypted.
    type: str
  sync_id:
    description:
      - The number that sender and receiver share, 0 to 255. V(0), of a new daemon, hears everything.
    type: int
  max_length:
    description:
      - The largest message in bytes, 1 to 65507 for the master, 1024 to 65507 for the backup.
      - A new daemon has what fits into 1500 bytes, a new backup into the MTU of its interface if that is more.
    type: int
  group:
    description:
      - The multicast address, of a new daemon V(224.0.0.81).
    type: str
  port:
    description:
      - The UDP port, of a new daemon V(8848).
    type: int
  ttl:
    description:
      - The time to live of the messages, of a new daemon V(1).
    type: int
  state:
    description:
      - Whether the daemon shall run.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: lvs.cluster.ipvs_info
"""

EXAMPLES = r"""
- name: Tell the other router of the connections
  lvs.cluster.ipvs_sync_daemon:
    role: master
    interface: eth1
    sync_id: 17

- name: Hear of the other router's connections
  lvs.cluster.ipvs_sync_daemon:
    role: backup
    interface: eth1
    sync_id: 17

- name: Tell nobody
  lvs.cluster.ipvs_sync_daemon:
    role: master
    state: absent
"""

RETURN = r"""
before:
  description: The daemon of this role before; V(null) if it did not run.
  returned: success
  type: dict
  sample: null
after:
  description: The daemon of this role after; V(null) if it does not run.
  returned: success
  type: dict
  sample:
    state: master
    interface: eth1
    sync_id: 17
    max_length: 1472
    group: 224.0.0.81
    port: 8848
    ttl: 1
commands:
  description: What was done, as the lines that a person would have typed.
  returned: success
  type: list
  elements: str
  sample:
    - ipvsadm --start-daemon master --mcast-interface eth1 --syncid 17 --sync-maxlen 1472 --mcast-group 224.0.0.81 --mcast-port 8848 --mcast-ttl 1
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.lvs.cluster.plugins.module_utils._argspec.ipvs_sync_daemon import ARGUMENT_SPEC
from ansible_collections.lvs.cluster.plugins.module_utils._module.ipvs_sync_daemon import run_module


def main():
    run_module(AnsibleModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True))


if __name__ == "__main__":
    main()
