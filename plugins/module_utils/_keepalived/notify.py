# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Notification hooks: the user's program is told of changes of routers, virtual servers and real servers.

It runs as health checks do: by setpriv, as a user who can do nothing, without a shell (see _checks/external.py for why). Its arguments
are a kind, a name and a state: `VIRTUAL_SERVER www DOWN`, `REAL_SERVER www/web1 UP`. Of routers keepalived itself adds them:
`GROUP web MASTER 0` (of one network: INSTANCE, and its priority for 0), with the states MASTER, BACKUP, FAULT and STOP.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._checks.external import ENV_PROGRAM, SETPRIV
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.layout import Layout
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.text import quoted_command

Notify = Mapping[str, Any]


def _line(keyword: str, notify: Notify, layout: Layout, environment: Mapping[str, Any], arguments: list[str]) -> str:
    user = notify["user"] or layout.script_user
    argv = [SETPRIV, "--reuid=" + user, "--regid=" + (notify["group"] or user), "--clear-groups", ENV_PROGRAM]
    argv += ["%s=%s" % item for item in environment.items()] + list(notify["command"]) + arguments
    return "%s %s root" % (keyword, quoted_command(argv))


def of_router(cluster: Mapping[str, Any], router: Mapping[str, Any], layout: Layout) -> list[str]:
    """In the sync group, or in the only instance. `notify` stands beside the hand-over's own notify_master and notify_fault."""
    if not cluster["notify"]:
        return []
    environment = {"LVS_EVENT": "router", "LVS_CLUSTER": cluster["name"], "LVS_ROUTER": router["host"]}
    return [_line("notify", cluster["notify"], layout, environment, [])]


def of_virtual_server(service: Mapping[str, Any], layout: Layout) -> list[str]:
    """UP when a quorum of real servers is there, DOWN when it is lost."""
    return _both(service, layout, ("quorum_up", "quorum_down"), {"LVS_EVENT": "virtual_server"}, ["VIRTUAL_SERVER", service["name"]])


def of_real_server(service: Mapping[str, Any], server: Mapping[str, Any], layout: Layout) -> list[str]:
    environment = {"LVS_EVENT": "real_server", "LVS_REAL_SERVER": server["name"], "LVS_REAL_ADDRESS": server["address"], "LVS_REAL_PORT": server["port"]}
    return _both(service, layout, ("notify_up", "notify_down"), environment, ["REAL_SERVER", "%s/%s" % (service["name"], server["name"])])


def _both(service: Mapping[str, Any], layout: Layout, keywords: tuple[str, str], environment: Mapping[str, Any], arguments: list[str]) -> list[str]:
    if not service["notify"]:
        return []
    whole = {**environment, "LVS_VIRTUAL_SERVER": service["name"], "LVS_VIRTUAL_ADDRESS": service["address"]}
    return [_line(word, service["notify"], layout, {**whole, "LVS_STATE": state}, [*arguments, state]) for word, state in zip(keywords, ("UP", "DOWN"))]
