#!/usr/bin/python
# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files, kernel modules and sysctls of a host as one set that can be undone."""
from __future__ import annotations

DOCUMENTATION = r"""
module: host_settings
short_description: Files, kernel modules and sysctls of a host as one set that can be undone
version_added: 0.1.0
author:
  - The lvs.cluster contributors (@lvs-cluster)
description:
  - Writes small files, loads kernel modules and sets sysctls of the running kernel, in this order, in one call.
  - What was there before is remembered in a file. What is no longer wanted is put back as it was,
    so O(state=absent) leaves the host as it was found.
  - Unit files are noticed by systemd without a further task.
  - The module only says which packages and users are missing or no longer needed. Ansible's own modules handle them.
extends_documentation_fragment:
  - lvs.cluster.attributes
options:
  state:
    description:
      - V(present) makes the host as described; V(absent) puts everything back that the memory knows about.
    type: str
    choices: [present, absent]
    default: present
  memory:
    description:
      - The file in which the module remembers how the host was. One for each set.
    type: path
    required: true
  kind:
    description:
      - What the set makes of the host, in words such as V(a router of a pair). A host of which the memory says that it is
        something else is refused before anything is changed, as the one has to be taken off before the other comes.
    type: str
  require:
    description:
      - What the kernel must have. Where it has not, the module fails before it changes anything.
    type: list
    elements: str
    choices: [nftables]
    default: []
  files:
    description:
      - The files of the set, owned by root.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description: The absolute path. Missing folders are made.
        type: path
        required: true
      content:
        description: The whole text of the file.
        type: str
        required: true
      mode:
        description: Permissions in octal, four digits.
        type: str
        default: "0644"
  read:
    description:
      - Text files whose content is returned in RV(contents), as it is before anything changes. They need not be there.
    type: list
    elements: path
    default: []
  modules:
    description:
      - Kernel modules to load now. That they are loaded at the next boot is the business of a file in C(/etc/modules-load.d).
    type: list
    elements: str
    default: []
  sysctls:
    description:
      - Sysctls of the running kernel, as a mapping of names to values. Names with dots or, for interfaces
        whose name has a dot, with slashes.
      - That they are set at the next boot is the business of a file in C(/etc/sysctl.d).
    type: dict
    default: {}
  units:
    description:
      - Units of systemd to enable and start when everything else is done. Those that were not both before
        are stopped and disabled when the set no longer wants them.
    type: list
    elements: str
    default: []
  packages:
    description:
      - Packages that the set needs. Those missing are returned, and remembered as brought by the set.
    type: list
    elements: str
    default: []
  users:
    description:
      - System users that the set needs. Those missing are remembered as brought by the set.
    type: list
    elements: str
    default: []
attributes:
  diff_mode:
    description: Returns what changed, the running kernel and the packages included.
    support: full
"""

EXAMPLES = r"""
- name: Settings of a router
  lvs.cluster.host_settings:
    memory: /var/lib/lvs-cluster/router.json
    files:
      - path: /etc/modules-load.d/lvs-cluster.conf
        content: "ip_vs\n"
      - path: /etc/sysctl.d/90-lvs-cluster.conf
        content: "net/ipv4/ip_forward = 1\n"
    modules: [ip_vs]
    sysctls:
      net/ipv4/ip_forward: "1"
    packages: [keepalived]
  register: settings

- name: As it was
  lvs.cluster.host_settings:
    memory: /var/lib/lvs-cluster/router.json
    state: absent
"""

RETURN = r"""
packages_missing:
  description: Those of O(packages) that are not installed.
  returned: success
  type: list
  elements: str
packages_to_remove:
  description: Packages that the set brought and no longer wants, with what was installed only for their sake.
  returned: success
  type: list
  elements: str
contents:
  description: The content of each of O(read), by its path; null where there is no such file.
  returned: success
  type: dict
  sample: {/etc/lvs-cluster/addresses: "192.0.2.100/32 eth0\n"}
users_to_remove:
  description: Users that the set brought and no longer wants.
  returned: success
  type: list
  elements: str
"""

from ansible_collections.lvs.cluster.plugins.module_utils._module.host_settings import run_module


def main():
    run_module()


if __name__ == "__main__":
    main()
