# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Arguments of the module real_server_gateway."""
from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._argspec.tunnels import TUNNELS

ARGUMENT_SPEC = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "gateway": {"type": "str"},
    "gateway6": {"type": "str"},
    "interface": {"type": "str"},
    "vips": {"type": "list", "elements": "str", "default": []},
    "tunnels": TUNNELS,
    "address": {"type": "str"},
    "address6": {"type": "str"},
    "networks": {"type": "list", "elements": "str", "default": []},
    "reachable": {"type": "list", "elements": "str", "default": []},
    "memory": {"type": "path", "default": "/var/lib/lvs-cluster/real_server.json"},
}
REQUIRED_IF = [("state", "present", ("gateway", "gateway6", "vips"), True)]
