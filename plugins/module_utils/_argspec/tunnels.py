# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tunnels that end on a real server; for more than one module."""
from __future__ import annotations

FAMILY = {"type": "int", "choices": [4, 6], "default": 4}

TUNNELS = {
    "type": "list", "elements": "dict", "default": [],
    "options": {
        "type": {"type": "str", "choices": ["ipip", "gue", "gre"], "required": True},
        "port": {"type": "int"},
        "outer": FAMILY,
        "inner": FAMILY,
    },
}
