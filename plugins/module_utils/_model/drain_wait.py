# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is waited for of real servers that come and go, and the words for a person. `found`: what real_server_info returns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model import drain

KINDS = ("active_connections", "inactive_connections", "persistent_connections")
Found = Mapping[str, Any]


def waiting_for(what: str, persistent: bool, found: Found) -> list[str]:
    """What is still missing, a sentence for each real server of each virtual server; empty when it is so.

    no_connections: of the active router alone; what the other one was told of them may outlive them.
    healthy: they are in the table, as keepalived takes out those that fail. weight: they get connections, unless they are drained.
    """
    rows = found["real_servers"]
    if what == "no_connections":
        return [connections(row) for row in rows if found["active"] and (row["active_connections"] or (persistent and row["persistent_connections"]))]
    if what == "healthy":
        return ["%s is out of %s: its health check fails" % _names(row) for row in rows if row["weight"] is None]
    if what == "weight":
        return [_weightless(row) for row in rows if not row["weight"] and row["declared_weight"] and not row["drained"]]
    return []


def _names(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["real_server"], row["virtual_server"]


def _weightless(row: Mapping[str, Any]) -> str:
    return ("%s is out of %s" if row["weight"] is None else "%s has weight 0 in %s") % _names(row) + ": its health check fails"


def connections(row: Mapping[str, Any]) -> str:
    """``web1 in www: 3 active, 12 inactive, 5 persistent connections``"""
    return "%s in %s: %d active, %d inactive, %d persistent connections" % (*_names(row), *(row[kind] for kind in KINDS))


def state(row: Mapping[str, Any]) -> str:
    """A row for a person."""
    where = "out of the table" if row["weight"] is None else "weight %d" % row["weight"]
    return "%s, %s%s" % (connections(row), where, ", " + drain.wording(row["drained"]) if row["drained"] else "")
