#!/usr/bin/python
# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fault on a router, for a drill."""
from __future__ import annotations

DOCUMENTATION = r"""
module: router_fault
short_description: Make a fault on a router, for a drill, and undo it
version_added: 0.1.0
author:
  - The lvs.cluster contributors (@lvs-cluster)
description:
  - Used by the playbook C(drill). A fault is undone by a timer of systemd too, should nobody come back to do it.
extends_documentation_fragment:
  - lvs.cluster.attributes
attributes:
  diff_mode:
    description: Returns what changed.
    support: none
options:
  fault:
    description:
      - V(stop) stops keepalived, V(crash) kills all its processes, V(freeze) stops them where they are (SIGSTOP).
      - V(link_down) takes O(interface) down; never the one that Ansible comes over.
      - V(heartbeat) drops the VRRP packets that come in on O(interface), and nothing else.
    type: str
    required: true
    choices: [stop, crash, freeze, link_down, heartbeat]
  interface:
    description: The interface, for V(link_down) and V(heartbeat).
    type: str
  state:
    description: V(present) makes the fault, V(absent) undoes it, whether it is there or not.
    type: str
    choices: [present, absent]
    default: present
  seconds:
    description: The fault is undone after so many seconds, whatever happens.
    type: int
    default: 60
"""

EXAMPLES = r"""
- name: Kill keepalived, as a crash would
  lvs.cluster.router_fault:
    fault: crash
"""

RETURN = r"""
commands:
  description: What was run.
  returned: always
  type: list
  elements: str
  sample: [systemctl kill --signal KILL keepalived.service]
"""

from ansible_collections.lvs.cluster.plugins.module_utils._module.router_fault import run_module


def main():
    run_module()


if __name__ == "__main__":
    main()
