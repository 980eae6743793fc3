# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Arguments of the module vip."""

from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._argspec.ipvs_options import FORCE, PRESENCE
from ansible_collections.lvs.cluster.plugins.module_utils._model.vip import SCOPES

ARGUMENT_SPEC = {
    "address": {"type": "str", "required": True},
    "interface": {"type": "str", "required": True},
    "label": {"type": "str"},
    "scope": {"type": "str", "choices": list(SCOPES), "default": "global"},
    "nodad": {"type": "bool", "default": True},
    "announcements": {"type": "int", "default": 0},
    "persistent": {"type": "bool", "default": False},
    "state": PRESENCE,
    "force": FORCE,
}
