#!/usr/bin/python
# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SSH keys of a host's data sets."""
from __future__ import annotations

DOCUMENTATION = r"""
module: data_sync_keys
short_description: The SSH keys of a host's data sets
version_added: 0.1.0
author:
  - The lvs.cluster contributors (@lvs-cluster)
description:
  - Makes a key pair for each name, where it is missing, and removes those that are no longer named. Private keys never leave the host.
  - Returns the public halves, and the public keys of the host's own sshd, by which others know it.
  - Needs the user C(lvs-sync), which the role P(lvs.cluster.lvs_data_sync#role) makes.
extends_documentation_fragment:
  - lvs.cluster.attributes
options:
  state:
    description: V(absent) removes the keys and everything else that the data sets left below C(/var/lib/lvs-data-sync).
    type: str
    choices: [present, absent]
    default: present
  names:
    description: The keys; a data set's name with C(-read) or C(-control).
    type: list
    elements: str
    default: []
attributes:
  diff_mode:
    description: Names which keys there are.
    support: full
"""

EXAMPLES = r"""
- name: The keys of a source
  lvs.cluster.data_sync_keys:
    names: [site-read, site-control]
  register: keys
"""

RETURN = r"""
host_keys:
  description: Public keys of the host's sshd.
  returned: success
  type: list
  elements: str
read:
  description: Public keys by data set, for reading it from its sources. A key that check mode would make is not among them.
  returned: success
  type: dict
control:
  description: Public keys by data set, for asking its targets to do something.
  returned: success
  type: dict
"""

from ansible_collections.lvs.cluster.plugins.module_utils._module.data_sync import run_keys


def main():
    run_keys()


if __name__ == "__main__":
    main()
