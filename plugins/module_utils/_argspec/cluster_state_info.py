# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Arguments of the module cluster_state_info."""
from __future__ import annotations

ARGUMENT_SPEC = {
    "path": {"type": "path", "default": "/etc/keepalived/keepalived.conf"},
    "paths": {
        "type": "list", "elements": "dict", "default": [],
        "options": {
            "network": {"type": "str", "required": True},
            "interface": {"type": "str", "required": True},
            "instance": {"type": "str", "required": True},
            "address": {"type": "str", "required": True},
            "peers": {"type": "dict", "default": {}},
        },
    },
    "interval": {"type": "float", "default": 1.0},
    "cluster": {"type": "dict"},  # for the action plugin
}
