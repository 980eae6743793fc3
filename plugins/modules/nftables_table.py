#!/usr/bin/python
# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The nftables table of a cluster on a router without keepalived."""

from __future__ import annotations

DOCUMENTATION = r"""
module: nftables_table
short_description: The nftables table of a cluster, on a router without keepalived
version_added: 0.1.0
author:
  - The lvs.cluster contributors (@lvs-cluster)
description:
  - Keeps the cluster's own nftables table, with firewall marks and the packet filter, in C(/etc/lvs-cluster/nftables.conf), and loads it
    now and at each boot by the unit C(lvs-cluster-nftables.service).
  - The file is tested by nft before it replaces the one in force, and replaces its table in one transaction. No other table is touched.
  - On a router with keepalived M(lvs.cluster.keepalived_config) does the same, together with the configuration that needs the marks.
extends_documentation_fragment:
  - lvs.cluster.attributes
options:
  state:
    description:
      - Whether the table is there.
    type: str
    choices: [present, absent]
    default: present
  content:
    description:
      - The whole file, as P(lvs.cluster.nftables_render#filter) gives it. Empty is the same as O(state=absent).
    type: str
    default: ""
attributes:
  diff_mode:
    description: Returns the change of the file.
    support: full
"""

EXAMPLES = r"""
- name: The nftables table of the only router
  lvs.cluster.nftables_table:
    content: "{{ cluster | lvs.cluster.nftables_render(inventory_hostname) }}"
"""

RETURN = r"""
path:
  description: The file that the table comes from.
  returned: success
  type: str
  sample: /etc/lvs-cluster/nftables.conf
"""

from ansible_collections.lvs.cluster.plugins.module_utils._module.nftables_table import run_module


def main():
    run_module()


if __name__ == "__main__":
    main()
