# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Arguments of the module ipvs_sync_daemon."""

from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._argspec.ipvs_options import FORCE, PRESENCE
from ansible_collections.lvs.cluster.plugins.module_utils._model.ipvs_settings import ROLES

ARGUMENT_SPEC = {
    "role": {"type": "str", "choices": list(ROLES), "required": True},
    "interface": {"type": "str"},
    "sync_id": {"type": "int"},
    "max_length": {"type": "int"},
    "group": {"type": "str"},
    "port": {"type": "int"},
    "ttl": {"type": "int"},
    "state": PRESENCE,
    "force": FORCE,
}
