# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Arguments of the module client_watch."""
from __future__ import annotations

ARGUMENT_SPEC = {
    "folder": {"type": "path", "required": True},
    "address": {"type": "str", "required": True},
    "port": {"type": "int", "required": True},
    "path": {"type": "str"},
    "name": {"type": "str"},
    "interval": {"type": "float", "default": 0.05},
    "timeout": {"type": "float", "default": 2.0},
    "connections": {"type": "int", "default": 4},
    "seconds": {"type": "float", "default": 60.0},
}
