# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ipvs_sync_daemon: see ipvs_settings."""

from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._module.ipvs_settings import run_sync_daemon as run_module

__all__ = ["run_module"]
