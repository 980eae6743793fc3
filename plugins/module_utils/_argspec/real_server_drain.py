# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Arguments of the modules real_server_drain and real_server_info."""
from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._model import drain

NAMES = {"type": "list", "elements": "str", "default": []}
# What both name: the action plugins of both turn cluster into virtual_servers.
WHO = {
    "cluster": {"type": "dict"},
    "servers": {"type": "list", "elements": "str", "required": True},
    "services": NAMES,
    "virtual_servers": {"type": "list", "elements": "dict"},
    "folder": {"type": "path", "default": drain.FOLDER},
}
DRAIN = {
    **WHO,
    "state": {"type": "str", "choices": ["drained", "undrained"], "default": "drained"},
    "reason": {"type": "str", "default": ""},
    "force": {"type": "bool", "default": False},
    "timeout": {"type": "float", "default": 5.0},
    "saved_table": {"type": "path", "default": "/etc/lvs-cluster/table"},
}
INFO = {
    **WHO,
    "wait_for": {"type": "str", "choices": ["nothing", "no_connections", "healthy", "weight"], "default": "nothing"},
    "persistent": {"type": "bool", "default": False},
    "steady": {"type": "float", "default": 0.0},
    "timeout": {"type": "float", "default": 0.0},
    "vips": {"type": "list", "elements": "str", "default": []},
}
