# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a router's IPVS table is the declared one. A part of verify.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model import drain, forwarding, verify_scheduling
from ansible_collections.lvs.cluster.plugins.module_utils._model.heartbeat import alone
from ansible_collections.lvs.cluster.plugins.module_utils._model.networks import within
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Problem

FAILS = " check fails"  # how a verdict is told from a difference
DEPLOY = "something took it off: deploy again"


def verify_table(cluster: Mapping[str, Any], host: str, state: Mapping[str, Any]) -> list[Problem]:
    """The IPVS table has each declared virtual server, with each real server, and nothing else on the VIPs."""
    have = {_key(found, 6 if found.get("family") == "ipv6" else 4): found for found in state["services"]}
    problems = []
    for service in cluster["virtual_servers"]:
        found = have.pop(_key(service, service["family"]), None)
        if found is None:
            problems.append(
                Problem(
                    host,
                    "the virtual server %s (%s) is not in the IPVS table" % (service["name"], _name(service)),
                    DEPLOY if alone(cluster) else "see keepalived's journal; with no real server left keepalived may have taken it out",
                )
            )
        else:
            problems += _service(cluster, host, service, found, state.get("drained", {}))
    vips = {vip["address"] for vip in cluster["vips"]}
    problems += [
        Problem(host, "the IPVS table has %s, which is not declared" % _name(found), "declare it or remove it")
        for found in have.values()
        if found["address"] in vips
    ]
    return problems


def _key(service: Mapping[str, Any], family: int) -> tuple[Any, ...]:
    """What the kernel knows a service by; of the declared and of the found alike."""
    if service.get("firewall_mark") is not None:
        return service["firewall_mark"], family
    return service["protocol"], service["address"], service["port"]


def _service(
    cluster: Mapping[str, Any], host: str, service: Mapping[str, Any], found: Mapping[str, Any], notes: Mapping[str, Any]
) -> list[Problem]:
    problems = [
        Problem(host, "%s has %s" % (service["name"], have), "declared is %s" % want) for have, want in verify_scheduling.differences(service, found)
    ]
    have = {(entry["address"], entry["port"]): entry for entry in found["destinations"]}
    for server in service["real_servers"]:
        if server["address"]:
            entry = have.pop((server["address"], server["port"]), None)
            problems += _destination(host, service, server, entry, drain.of(notes, service["name"], server["name"]))
    sorry = service["sorry_server"]
    if sorry:
        have.pop((sorry["address"], sorry["port"]), None)
    problems += _without_address(cluster, host, service, have, notes)
    problems += [Problem(host, "%s has the real server %s:%d, which is not declared" % (service["name"], *key), "declare it or remove it") for key in have]
    return problems


def _without_address(
    cluster: Mapping[str, Any], host: str, service: Mapping[str, Any], have: dict[tuple[str, int], Any], notes: Mapping[str, Any]
) -> list[Problem]:
    """Of real servers that could not be asked for their addresses: rows of their network and port are taken for theirs, and out of `have`."""
    unknown = [server for server in service["real_servers"] if not server["address"]]
    if not unknown:
        return []
    networks = {server["name"]: cluster["networks"][server["network"]] for server in cluster["real_servers"]}
    places = {(server["port"], networks[server["name"]]["cidr6" if server["family"] == 6 else "cidr"] or "") for server in unknown}
    keys = [key for key in have if any(key[1] == port and cidr and within(key[0], cidr) for port, cidr in places)]
    rows = [have.pop(key) for key in keys[: len(unknown)]]
    if len(unknown) == 1:
        found = {**unknown[0], "address": rows[0]["address"] if rows else None}
        return _destination(host, service, found, rows[0] if rows else None, drain.of(notes, service["name"], found["name"]))
    expected = sum(1 for server in unknown if server["weight"] and not drain.of(notes, service["name"], server["name"]))
    working = sum(1 for row in rows if row["weight"])
    if working < expected:
        names = " and ".join(server["name"] for server in unknown)
        message = "of %s, whose addresses are unknown, %s is in %s" % (names, working or "none", service["name"])
        return [Problem(host, message, "see which of them is down: a failing %s check takes it out" % service["health_check"]["type"])]
    return []


def _destination(host: str, service: Mapping[str, Any], server: Mapping[str, Any], entry: Any, drained: drain.Note | None) -> list[Problem]:
    """A drained server is no problem, in whatever state it is, as long as it gets no connections: that is what it was drained for."""
    name = "%s (%s:%d)" % (server["name"], server["address"], server["port"]) if server["address"] else server["name"]
    check = service["health_check"]["type"]
    if drained:
        if entry is None:
            return []
        if entry["weight"]:
            message = "%s is %s, and has weight %d in %s" % (name, drain.wording(drained), entry["weight"], service["name"])
            return [Problem(host, message, "keepalived does not follow its drain file: deploy again")]
        server = {**server, "weight": 0}
    led = bool(service.get("load_feedback"))  # what an agent says moves the weight anywhere, and without quiesce nothing else makes it 0
    if entry is None or (entry["weight"] == 0 and server["weight"] != 0 and not (led and not service.get("quiesce"))):
        how = "out of" if entry is None else "at weight 0 in"
        if check == "none":
            return [Problem(host, "%s is %s %s" % (name, how, service["name"]), "it has no health check, so something else took it out: deploy again")]
        return [Problem(host, "%s is %s %s: its %s" % (name, how, service["name"], check) + FAILS, "see whether the server answers as the check asks")]
    problems = []
    growing = service["health_check"].get("slow_start") and entry["weight"] < server["weight"]  # it has come back a moment ago
    if entry["weight"] != server["weight"] and not growing and not led:
        problems.append(Problem(host, "%s has weight %d in %s" % (name, entry["weight"], service["name"]), "declared is %d" % server["weight"]))
    limits = [tuple(row.get(key) or 0 for key in ("upper_threshold", "lower_threshold")) for row in (entry, server)]
    if limits[0] != limits[1]:
        message = "%s has the thresholds %d and %d in %s" % (name, *limits[0], service["name"])
        problems.append(Problem(host, message, "declared are %d and %d" % limits[1]))
    tunnel = {"type": entry.get("tunnel_type"), "port": entry.get("tunnel_port")} if entry["forward"] == "tunnel" else None
    have = {"forward": entry["forward"], "tunnel": tunnel}
    if (have["forward"], have["tunnel"]) != (server["forward"], server["tunnel"]):
        problems.append(
            Problem(host, "%s is forwarded to by %s in %s" % (name, forwarding.shown(have), service["name"]), "declared is %s" % forwarding.shown(server))
        )
    return problems


def _name(service: Mapping[str, Any]) -> str:
    if service.get("firewall_mark") is not None:
        return "firewall mark %d" % service["firewall_mark"]
    return "%s %s:%s" % (service["protocol"], service["address"], service["port"])
