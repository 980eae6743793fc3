# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Arguments of the module ipvs_timeouts."""

from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._argspec.ipvs_options import FORCE
from ansible_collections.lvs.cluster.plugins.module_utils._model.ipvs_settings import TIMEOUTS

ARGUMENT_SPEC = dict({name: {"type": "int"} for name in TIMEOUTS}, force=FORCE)
