# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""none: no check."""

from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._checks.base import Check, CheckType, Target


class NoCheck(CheckType):
    name = "none"
    summary = "No check: the server always gets its share, dead or alive."
    timed = False

    def block(self, check: Check, target: Target) -> None:
        return None
