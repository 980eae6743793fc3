#!/usr/bin/python
# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration of keepalived, from the resolved cluster to the running process."""
from __future__ import annotations

DOCUMENTATION = r"""
module: keepalived_config
short_description: Check keepalived's configuration on a router, and bring it into force
version_added: 0.1.0
author:
  - The lvs.cluster contributors (@lvs-cluster)
description:
  - Renders the configuration of one router from the resolved cluster, on the controller.
  - O(phase=check) has keepalived itself test it on the router, beside the running one.
  - O(phase=activate) replaces the running one, reloads (or starts) keepalived, and waits until VRRP knows its state.
    When that fails, the configuration before it is brought back into force and the module fails with the reason.
  - A reload leaves connections alone. keepalived is restarted only for what it cannot change while it runs.
options:
  state:
    description:
      - V(absent) stops keepalived and puts back the configuration that was there before the first activation.
    type: str
    choices: [present, absent]
    default: present
  phase:
    description:
      - Whether to have the configuration tested only, or to bring it into force.
      - V(revert) undoes the last activation, for when the other router could not follow.
    type: str
    choices: [check, activate, revert]
    default: activate
  cluster:
    description:
      - The resolved cluster, as M(lvs.cluster.cluster_definition) returns it in its stage V(facts).
    type: dict
  layout:
    description:
      - Paths and the user of check scripts, where they differ from the defaults of the renderer.
    type: dict
  content:
    description:
      - The whole text of the configuration, instead of O(cluster).
    type: str
  addresses:
    description:
      - Every address that keepalived may put on this router, each with its prefix length. Taken from O(cluster) when that is given.
    type: list
    elements: str
    default: []
  drain_files:
    description:
      - The files that the configuration follows to see which real servers are drained, below O(drain_folder). Those that are missing
        or damaged are made, others drain nobody any more, and those that are there stay as they are. Taken from O(cluster) when that is given.
      - Without it the folder is left alone.
    type: list
    elements: str
  drain_folder:
    description:
      - Where O(drain_files) are.
    type: path
    default: /var/lib/lvs-cluster/drain
  nftables:
    description:
      - The nftables table of this router, with the firewall marks and the packet filter; empty where there is none.
        Taken from O(cluster) when that is given. It is tested with the configuration, and loaded before it.
    type: str
    default: ""
  programs:
    description:
      - The programs that keepalived shall start. O(phase=check) fails where one is not there, or its user may not run it.
        Taken from O(cluster) when that is given.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description: The program.
        type: str
        required: true
      user:
        description: The user as whom it runs.
        type: str
        required: true
      group:
        description: The group as which it runs.
        type: str
        required: true
      named_by:
        description: What of the definition names it, for the message.
        type: str
        required: true
  prober:
    description:
      - The configuration of C(lvs-prober), which is brought into force before keepalived's and put back with it; empty to stop it.
      - Without it nothing is done to C(lvs-prober).
    type: str
  path:
    description:
      - The configuration file of keepalived.
    type: path
    default: /etc/keepalived/keepalived.conf
  addresses_path:
    description:
      - Where the list of O(addresses) is kept for the clean-up after a crash.
    type: path
    default: /etc/keepalived/lvs-cluster-addresses
  memory:
    description:
      - The file that remembers how keepalived was before the first activation.
    type: path
    default: /var/lib/lvs-cluster/keepalived.json
  timeout:
    description:
      - Seconds that VRRP may take until each instance is master or backup.
    type: float
    default: 15.0
attributes:
  check_mode:
    description: >-
      Can run in check mode and return the same as in a real run. The test by keepalived needs keepalived:
      where it is not installed yet, a warning says so.
    support: full
  diff_mode:
    description: Returns the change of the configuration, of the list of addresses and of the nftables table.
    support: full
"""

EXAMPLES = r"""
- name: Have the configuration tested
  lvs.cluster.keepalived_config:
    cluster: "{{ resolved_cluster }}"
    phase: check

- name: Bring it into force
  lvs.cluster.keepalived_config:
    cluster: "{{ resolved_cluster }}"
    phase: activate
"""

RETURN = r"""
checked:
  description: Whether keepalived has tested the configuration.
  returned: O(phase=check)
  type: bool
reloaded:
  description: Whether keepalived was (or would be) reloaded or started.
  returned: O(phase=activate)
  type: bool
"""

from ansible_collections.lvs.cluster.plugins.module_utils._module.keepalived_config import run_module


def main():
    run_module()


if __name__ == "__main__":
    main()
