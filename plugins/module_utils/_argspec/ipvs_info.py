# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Arguments of the module ipvs_info."""

from __future__ import annotations

SUBSETS = ("services", "statistics", "sync_daemons", "timeouts", "information")

ARGUMENT_SPEC = {
    "gather": {"type": "list", "elements": "str", "choices": list(SUBSETS), "default": list(SUBSETS)},
}
