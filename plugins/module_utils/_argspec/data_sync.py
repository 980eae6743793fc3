# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Arguments of the modules data_sync, data_sync_info and data_sync_keys."""
from __future__ import annotations

RUN_SPEC = {
    "name": {"type": "str", "required": True},
    "action": {"type": "str", "choices": ["sync", "rollback"], "default": "sync"},
    "release": {"type": "str", "default": "previous"},
}

INFO_SPEC = {
    "names": {"type": "list", "elements": "str"},
    "files_behind": {"type": "bool", "default": False},
}

KEYS_SPEC = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "names": {"type": "list", "elements": "str", "default": []},
}
