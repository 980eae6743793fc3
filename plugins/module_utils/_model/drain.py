# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Drained real servers: which files on a router say so, and what stands in them.

A real server has a file for all its virtual servers, and one for each of them: `servers/web1`, `services/www/web1`. Whichever
says so drains it. keepalived follows the files (it reads the number that a file begins with, and nothing behind it) and adds
the number to the server's weight; below 0 is 0. So one file is all there is: that, since when, and why.
A file that is missing, empty or garbage reads as 0: not drained. So files are replaced by a rename only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

FOLDER = "/var/lib/lvs-cluster/drain"
# Added to any weight with any share of a load-following check it gives 0. One less (-65535) would be a failed check to keepalived,
# which takes the server out of the table, and its connections with it.
DRAINED = -65534
NOT_DRAINED = "0\n"
LONGEST_REASON = 500  # characters

Note = Mapping[str, str]


def server_path(server: str) -> str:
    """Below FOLDER, as all paths here."""
    return "servers/" + server


def service_path(service: str, server: str) -> str:
    return "services/%s/%s" % (service, server)


def paths(cluster: Mapping[str, Any]) -> list[str]:
    """Every file that the configuration of a router follows."""
    members = [(service["name"], server["name"]) for service in cluster["virtual_servers"] for server in service["real_servers"]]
    return sorted({server_path(server) for _service, server in members} | {service_path(*member) for member in members})


def text(note: Note) -> str:
    """What stands in the file of a drained server. note: {"since": "2026-11-23T05:40:00Z", "reason": text or ''}."""
    return "%d\nsince %s\nreason %s\n" % (DRAINED, note["since"], one_line(note["reason"]))


def one_line(reason: str) -> str:
    """A reason as it is kept and compared."""
    return " ".join("".join(character if character.isprintable() else " " for character in reason).split())[:LONGEST_REASON]


def damaged(content: str | None) -> bool:
    """Whether a file says neither: keepalived takes it for not drained."""
    return content != NOT_DRAINED and read(content) is None


def read(content: str | None) -> dict[str, str] | None:
    """The note of a drained server; None of one that is not drained, and of what keepalived would take for that."""
    number = re.match(r"\s*(-?\d+)", content or "")
    if not number or int(number.group(1)) == 0:
        return None
    found = dict.fromkeys(("since", "reason"), "")
    for line in (content or "").splitlines()[1:]:
        key, _blank, value = line.partition(" ")
        if key in found:
            found[key] = value
    return found


def of(notes: Mapping[str, Note], service: str, server: str) -> Note | None:
    """Why this server gets no new connections of this service; None: it is not drained. notes: {path: note} of a router."""
    return notes.get(server_path(server)) or notes.get(service_path(service, server))


def notes_of(cluster: Mapping[str, Any], contents: Mapping[str, str | None]) -> dict[str, Note]:
    """The notes of a router from its files: {whole path: text, or None where there is none}."""
    found = {path: read(contents.get("%s/%s" % (FOLDER, path))) for path in paths(cluster)}
    return {path: note for path, note in found.items() if note}


def with_drained(services: Iterable[Mapping[str, Any]], notes: Mapping[str, Note]) -> list[dict[str, Any]]:
    """The virtual servers of a cluster with weight 0 where a real server is drained."""
    return [
        {**service, "real_servers": [{**server, "weight": 0} if of(notes, service["name"], server["name"]) else server for server in service["real_servers"]]}
        for service in services
    ]


def wording(note: Note) -> str:
    """``drained since 2026-11-23 05:40 UTC (kernel update)``"""
    found = re.match(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d)?Z\Z", note["since"])
    since = " since %s %s UTC" % found.groups() if found else ""
    return "drained" + since + (" (%s)" % note["reason"] if note["reason"] else "")


def _declared(cluster: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(path, 'web1' or 'web1 in www') for each file of the cluster."""
    for path in paths(cluster):
        parts = path.split("/")
        yield path, parts[1] if parts[0] == "servers" else "%s in %s" % (parts[2], parts[1])


def lines(cluster: Mapping[str, Any], states: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """What is drained in a cluster, a sentence each. states: {router: what router_info read}."""
    result = []
    for path, who in _declared(cluster):
        found = [state["drained"][path] for state in states.values() if path in state.get("drained", {})]
        if found:
            result.append("%s is %s" % (who, wording(found[0])))
    return result


def one_sided(cluster: Mapping[str, Any], states: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, list[str], list[str]]]:
    """(who, routers where it is drained, routers where it is not) for each that is not the same on all that were read."""
    result = []
    for path, who in _declared(cluster):
        where = [host for host, state in states.items() if path in state.get("drained", {})]
        others = [host for host in states if host not in where]
        if where and others:
            result.append((who, where, others))
    return result
