# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Arguments of the module health_check."""
from __future__ import annotations

ARGUMENT_SPEC = {
    "name": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["valid", "present", "absent"], "default": "valid"},
    "check": {"type": "dict"},
    "address": {"type": "str"},
    "port": {"type": "int"},
    "try": {"type": "bool", "default": False},
    "script_user": {"type": "str", "default": "keepalived_script"},
    "folder": {"type": "path", "default": "/etc/lvs-cluster/checks"},
}
REQUIRED_IF = [("state", "valid", ("check",)), ("state", "present", ("check",)), ("try", True, ("check", "address"))]
