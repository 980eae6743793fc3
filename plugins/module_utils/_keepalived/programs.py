# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The administrator's programs that keepalived starts: they must be on both routers, and nobody brings them there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.layout import Layout, layout_of


def programs(cluster: Mapping[str, Any], layout: Layout | Mapping[str, Any] | None = None) -> list[dict[str, str]]:
    """``{"path": "/usr/local/bin/tell", "user": "keepalived_script", "group": …, "named_by": "notify"}``, each once."""
    user = layout_of(layout).script_user
    found: dict[tuple[str, str, str], str] = {}
    for named_by, wish in _wishes(cluster):
        runs_as = wish.get("user") or user
        found.setdefault((wish["command"][0], runs_as, wish.get("group") or runs_as), named_by)
    return [{"path": path, "user": runs_as, "group": group, "named_by": named_by} for (path, runs_as, group), named_by in found.items()]


def _wishes(cluster: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    wishes = [("notify", cluster["notify"])] if cluster["notify"] else []
    for service in cluster["virtual_servers"]:
        if service["notify"]:
            wishes.append(("notify of " + service["service"], service["notify"]))
        if service["health_check"]["type"] == "external":
            wishes.append(("health_check of " + service["service"], service["health_check"]))
    return wishes
