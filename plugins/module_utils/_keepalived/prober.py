# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What lvs-prober and keepalived share: the prober's configuration, and the files of which keepalived takes the verdicts.

keepalived reads a file within milliseconds of its change. The number of a verdict's file has no weight: 0 is well, any other
failed. That of a file of weights has weight 1: it is added to the real server's weight.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ansible_collections.lvs.cluster.plugins.module_utils._checks.probes import FOLDER, asked_port, digest, identity, named, told
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.text import Block, word
from ansible_collections.lvs.cluster.plugins.module_utils._model import feedback as load
from ansible_collections.lvs.cluster.plugins.module_utils._model import vip_check


class Question(NamedTuple):
    """What lvs-prober asks a real server. id: its name in files; check: as `_prober.config` reads it; verdict: whether it takes the server out;
    weights: whether it moves the weight."""

    id: str
    check: Mapping[str, Any]
    port: int
    verdict: bool
    weights: bool


def _of(service: Mapping[str, Any], server: Mapping[str, Any]) -> list[Question]:
    """Those of one member of a virtual server."""
    found, check, feedback = [], service["health_check"], service.get("load_feedback")
    if check["type"] == "send_expect":
        name = identity(check, server["name"], server["address"], server["port"])
        found.append(Question(name, told(check), asked_port(check, server["port"]), True, bool(check["slow_start"])))
    for asked in vip_check.told(service, server):
        found.append(Question(named(asked, server["name"], server["address"], server["port"]), asked, server["port"], True, False))
    if feedback:
        asked = load.told(feedback, server["family"])
        port = feedback["port"] or server["port"]
        found.append(Question(named(asked, server["name"], server["address"], port), asked, port, False, True))
    return found


def _members(cluster: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any], Question]]:
    for service in cluster["virtual_servers"]:
        for server in service["real_servers"]:
            for question in _of(service, server):
                yield service, server, question


def track_files(cluster: Mapping[str, Any]) -> list[Block]:
    """One for each verdict and for each weight that moves. Where the file is missing keepalived makes it, with the number behind init_file."""
    blocks: dict[str, Block] = {}
    for _service, server, question in _members(cluster):
        if question.verdict:
            blocks.setdefault(question.id, _track(question.id, 0, 1 if question.check["start"] == "down" else 0))
        for name in _weights(question, server):
            blocks.setdefault(name, _track(name, 1, 0))
    return list(blocks.values())


def _track(name: str, weight: int, first: int) -> Block:
    return Block("track_file " + word(name), ['file "%s/%s"' % (FOLDER, word(name)), "weight %d" % weight, "init_file %d" % first])


def _weights(question: Question, server: Mapping[str, Any]) -> list[str]:
    """The names of the files whose numbers are added to the weight of this server."""
    return ["%s.w%d" % (question.id, server["weight"])] if question.weights and server["weight"] else []


def carries(service: Mapping[str, Any], server: Mapping[str, Any]) -> list[Block]:
    """What stands in the real_server block beside its health check, where the server is asked for the VIP."""
    return [Block("FILE_CHECK", ["track_file " + word(question.id)]) for question in _of(service, server) if question.check["transport"] == "path"]


def weights_of(service: Mapping[str, Any], server: Mapping[str, Any]) -> list[Block]:
    """What stands in the real_server block for that."""
    return [Block("FILE_CHECK", ["track_file " + word(name)]) for question in _of(service, server) for name in _weights(question, server)]


def _from_here(asked: Mapping[str, Any], server: Mapping[str, Any], router: Mapping[str, Any]) -> Mapping[str, Any]:
    """With this router's address where the definition names a network."""
    if not asked["source"]:
        return asked
    return {**asked, "source": router["networks"][asked["source"]]["address6" if server["family"] == 6 else "address"]}


def configuration(cluster: Mapping[str, Any], host: str) -> str:
    """The text of the prober's configuration (`_prober.config`) on this router; '' where it is not needed."""
    router = next(router for router in cluster["routers"] if router["host"] == host)
    checks: dict[str, Any] = {}
    probes: dict[str, Any] = {}
    for service, server, question in _members(cluster):
        check = _from_here(question.check, server, router)
        checks.setdefault(digest(check), check)
        probe = probes.setdefault(question.id, {
            "id": question.id, "server": server["name"], "services": [], "address": server["address"],
            "port": question.port, "check": digest(check), "weights": [],
        })  # fmt: skip
        probe["services"].append(service["name"])
        if server["weight"] and server["weight"] not in probe["weights"]:
            probe["weights"].append(server["weight"])
    if not probes:
        return ""
    return json.dumps({"version": 1, "checks": checks, "probes": list(probes.values())}, indent=1, sort_keys=True) + "\n"
