#!/usr/bin/python
# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sync a data set of a host now, or go back to a release."""
from __future__ import annotations

DOCUMENTATION = r"""
module: data_sync
short_description: Sync a data set of a host now, or go back to a release
version_added: 0.1.0
author:
  - The lvs.cluster contributors (@lvs-cluster)
description:
  - Runs the unit that syncs a data set at its interval, now, and says what it did. A run that is under way is waited for.
  - With O(action=rollback) the source in charge has all its targets serve another release, within a second.
options:
  name:
    description: The data set, as the cluster's definition names it.
    type: str
    required: true
  action:
    description: V(sync) copies what is new; on the source of a data set with releases it publishes. V(rollback) is for that source alone.
    type: str
    choices: [sync, rollback]
    default: sync
  release:
    description: The release to go back to, or V(previous).
    type: str
    default: previous
attributes:
  check_mode:
    description: Nothing is run and the last run is returned.
    support: partial
    details: Whether a sync would copy something is not asked; M(lvs.cluster.data_sync_info) does that.
  diff_mode:
    description: There is none. The counts say what was done.
    support: none
"""

EXAMPLES = r"""
- name: Sync now
  lvs.cluster.data_sync:
    name: www

- name: Back to the release before
  lvs.cluster.data_sync:
    name: site
    action: rollback
"""

RETURN = r"""
ok:
  description: Whether the run was good.
  returned: always
  type: bool
reason:
  description: Why not.
  returned: always
  type: str
source:
  description: The host that the data came from.
  returned: always
  type: str
files:
  description: Files that were transferred.
  returned: always
  type: int
bytes:
  description: Their size.
  returned: always
  type: int
seconds:
  description: How long it took.
  returned: always
  type: float
conflicts:
  description: The first of the files that had been changed on this host.
  returned: always
  type: list
  elements: str
conflict_count:
  description: How many there were.
  returned: always
  type: int
notes:
  description: What else there is to be said.
  returned: always
  type: list
  elements: str
release:
  description: The release that is served.
  returned: always
  type: str
releases:
  description: Those that are on this host.
  returned: always
  type: list
  elements: str
last_good:
  description: When the last good run ended, in seconds since 1970.
  returned: always
  type: float
last_run:
  description: When the last run ended, in seconds since 1970.
  returned: always
  type: float
failures:
  description: Runs that failed since the last good one.
  returned: always
  type: int
next_try:
  description: When the failed run is tried again, in seconds since 1970; null after a good run, and for a data set without interval and C(on_change).
  returned: always
  type: float
"""

from ansible_collections.lvs.cluster.plugins.module_utils._module.data_sync import run_sync


def main():
    run_sync()


if __name__ == "__main__":
    main()
