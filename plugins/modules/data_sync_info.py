#!/usr/bin/python
# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of a host's data sets."""
from __future__ import annotations

DOCUMENTATION = r"""
module: data_sync_info
short_description: The state of a host's data sets
version_added: 0.1.0
author:
  - The lvs.cluster contributors (@lvs-cluster)
description:
  - Says of each data set of a host when the last good run was, what the last run did, and why it failed if it did.
  - On request the files of the host are compared with the source's, by their checksums. That reads all of them, on both hosts.
extends_documentation_fragment:
  - lvs.cluster.attributes.reading
options:
  names:
    description: The data sets. All of the host by default.
    type: list
    elements: str
  files_behind:
    description: Whether to compare the files with the source's.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Ask for the state
  lvs.cluster.data_sync_info:
    files_behind: true
  register: data
"""

RETURN = r"""
data_sets:
  description:
    - By name, what M(lvs.cluster.data_sync) returns of the last run. Moreover C(path); C(age), the seconds since the last good run;
      C(running); C(in_step), whether the file is there that says that the host is not behind, null where none is declared;
      and with O(files_behind) C(files_behind) and C(first_files_behind), null for a set with releases, which is not compared.
  returned: success
  type: dict
  sample: {www: {ok: true, reason: null, source: web1, files: 3, bytes: 5120, seconds: 0.4, age: 12.5, in_step: null}}
"""

from ansible_collections.lvs.cluster.plugins.module_utils._module.data_sync import run_info


def main():
    run_info()


if __name__ == "__main__":
    main()
