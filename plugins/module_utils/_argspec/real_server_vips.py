# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Arguments of the module real_server_vips."""
from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._argspec.tunnels import TUNNELS

ARGUMENT_SPEC = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "vips": {"type": "list", "elements": "str", "default": []},
    "tunnels": TUNNELS,
    "address": {"type": "str"},
    "address6": {"type": "str"},
}
REQUIRED_IF = [("state", "present", ("vips",))]
