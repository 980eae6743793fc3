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
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._checks.probes import FOLDER, asked_port, digest, identity, told
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.text import Block, word

Pair = tuple[Mapping[str, Any], Mapping[str, Any]]


def _asked(cluster: Mapping[str, Any]) -> Iterator[Pair]:
    for service in cluster["virtual_servers"]:
        if service["health_check"]["type"] == "send_expect":
            for server in service["real_servers"]:
                yield service, server


def needed(cluster: Mapping[str, Any]) -> bool:
    """Whether the routers of this cluster need lvs-prober."""
    return next(_asked(cluster), None) is not None


def _identity(service: Mapping[str, Any], server: Mapping[str, Any]) -> str:
    return identity(service["health_check"], server["name"], server["address"], server["port"])


def track_files(cluster: Mapping[str, Any]) -> list[Block]:
    """One for each verdict and for each weight that grows. Where the file is missing keepalived makes it, with the number behind init_file."""
    blocks: dict[str, Block] = {}
    for service, server in _asked(cluster):
        name = _identity(service, server)
        down = service["health_check"]["start"] == "down"
        blocks.setdefault(name, _track(name, 0, 1 if down else 0))
        for weight in _weights(service, server):
            blocks.setdefault(weight, _track(weight, 1, 0))
    return list(blocks.values())


def _track(name: str, weight: int, first: int) -> Block:
    return Block("track_file " + word(name), ['file "%s/%s"' % (FOLDER, word(name)), "weight %d" % weight, "init_file %d" % first])


def _weights(service: Mapping[str, Any], server: Mapping[str, Any]) -> list[str]:
    """The names of the files whose numbers are added to the weight of this server."""
    if service["health_check"]["type"] == "send_expect" and service["health_check"]["slow_start"] and server["weight"]:
        return ["%s.w%d" % (_identity(service, server), server["weight"])]
    return []


def weights_of(service: Mapping[str, Any], server: Mapping[str, Any]) -> list[Block]:
    """What stands in the real_server block for that."""
    return [Block("FILE_CHECK", ["track_file " + word(name)]) for name in _weights(service, server)]


def configuration(cluster: Mapping[str, Any]) -> str:
    """The text of the prober's configuration (`_prober.config`); '' where it is not needed. The same for all routers."""
    checks: dict[str, Any] = {}
    probes: dict[str, Any] = {}
    for service, server in _asked(cluster):
        check = told(service["health_check"])
        name = _identity(service, server)
        checks.setdefault(digest(check), check)
        probe = probes.setdefault(name, {
            "id": name, "server": server["name"], "services": [], "address": server["address"],
            "port": asked_port(service["health_check"], server["port"]), "check": digest(check), "weights": [],
        })  # fmt: skip
        probe["services"].append(service["name"])
        if server["weight"] and server["weight"] not in probe["weights"]:
            probe["weights"].append(server["weight"])
    if not probes:
        return ""
    return json.dumps({"version": 1, "checks": checks, "probes": list(probes.values())}, indent=1, sort_keys=True) + "\n"
