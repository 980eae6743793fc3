# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Arguments of the module router_fault."""
from __future__ import annotations

ARGUMENT_SPEC = {
    "fault": {"type": "str", "required": True, "choices": ["stop", "crash", "freeze", "link_down", "heartbeat"]},
    "interface": {"type": "str"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "seconds": {"type": "int", "default": 60},
}
