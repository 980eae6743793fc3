# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How packets reach each real server, and what the real server needs for it: the VIPs it carries, the tunnels it ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report
from ansible_collections.lvs.cluster.plugins.module_utils._model.schema_services import GUE_PORT

SAME_PORT = ("direct", "tunnel")
WORDS = {"nat": "nat", "direct": "direct routing", "tunnel": "a tunnel"}
REMEDY = "leave it out: only nat can change the port"
OTHER_PORT = "give the virtual server's port, or forward: nat"

Chosen = Sequence["tuple[Mapping[str, Any], Mapping[str, Any], str]"]


def tunnel(forward: str | None, own: Mapping[str, Any] | None, common: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """``{"type": "gue", "port": 6080}`` for the forward method tunnel, port None but with gue; None for the others."""
    if forward != "tunnel":
        return None
    read = own or common or {"type": "ipip", "port": None}
    port = (read["port"] or GUE_PORT) if read["type"] == "gue" else None
    return {"type": read["type"], "port": port}


def sorry_server(read: Mapping[str, Any]) -> dict[str, Any] | None:
    """A virtual server's sorry server, with its forward method."""
    sorry = read["sorry_server"]
    return {**sorry, "forward": sorry["forward"] or read["forward"]} if sorry else None


def check(read: Mapping[str, Any], chosen: Chosen, path: str, report: Report) -> None:
    """What the fields of a virtual server can't say one by one.

    chosen: (server of the pool, what the virtual server says of it, where it says so).
    """
    methods = [(item.get("forward") or read["forward"], item, where) for _server, item, where in chosen]
    _ports(read, methods, path, report)
    _tunnel(read["tunnel"], any(forward == "tunnel" for forward, _item, _where in methods) or not methods, path, report)
    for forward, item, where in methods:
        if where != path:
            _tunnel(item.get("tunnel"), forward in ("tunnel", None), where, report)


def _ports(read: Mapping[str, Any], methods: Sequence[tuple[Any, Mapping[str, Any], str]], path: str, report: Report) -> None:
    """The kernel would rewrite the port of direct routing and tunnelling in silence."""
    port = read["port"]
    for forward, item, where in methods:
        if forward not in SAME_PORT:
            continue
        own, common = item.get("port"), read["real_server_port"]
        if own not in (None, port):
            report.add(where + ".port", "%s can't reach port %s for port %s" % (WORDS[forward], own, port), REMEDY)
        elif own is None and common not in (None, port):
            report.add(path + ".real_server_port", "%s can't reach port %s for port %s" % (WORDS[forward], common, port), REMEDY)


def _tunnel(given: Mapping[str, Any] | None, used: bool, path: str, report: Report) -> None:
    if not given:
        return
    if not used:
        report.add(path + ".tunnel", "no packet takes a tunnel here", "leave it out, or give forward: tunnel")
    if given["port"] and given["type"] in ("ipip", "gre"):
        report.add(path + ".tunnel.port", "a tunnel of type %s has no port" % given["type"], "leave it out, or give type: gue")


def carry(real_servers: Sequence[dict[str, Any]], services: Sequence[Mapping[str, Any]]) -> None:
    """Fill in what each real server needs: `vips` it carries, `tunnels` that end on it, and no `gateway` where nothing comes by NAT."""
    by_name = {server["name"]: server for server in real_servers}
    methods: dict[str, set[str]] = {name: set() for name in by_name}
    for service in services:
        for entry in service["real_servers"]:
            server = by_name.get(entry["name"])
            if server is None or not entry["forward"]:
                continue
            methods[entry["name"]].add(entry["forward"])
            if entry["forward"] != "nat" and service["address"] not in server["vips"]:
                server["vips"].append(service["address"])
            if entry["tunnel"] and entry["tunnel"] not in server["tunnels"]:
                server["tunnels"].append(entry["tunnel"])
    for name, found in methods.items():
        if found and "nat" not in found:
            by_name[name]["gateway"] = None


def shown(server: Mapping[str, Any]) -> str:
    """'direct', 'tunnel (gue, port 6080)'."""
    if not server["tunnel"]:
        return str(server["forward"])
    port = ", port %s" % server["tunnel"]["port"] if server["tunnel"]["port"] else ""
    return "%s (%s%s)" % (server["forward"], server["tunnel"]["type"], port)


def by_hand(cluster: Mapping[str, Any]) -> list[str]:
    """What must be done on machines that the inventory doesn't have, a sentence each."""
    lines = []
    for server in cluster["real_servers"]:
        if server["host"]:
            continue
        who = "%s (%s) is not in the inventory" % (server["name"], server["address"])
        if server["gateway"]:
            lines.append("%s: its answers must go back through %s" % (who, server["gateway"]))
        if server["vips"]:
            kinds = [t["type"] + (" on UDP port %d" % t["port"] if t["port"] else "") for t in server["tunnels"]]
            ends = "".join(", ends the tunnel %s from the routers" % kind for kind in kinds)
            lines.append(
                "%s: see that it has net.ipv4.conf.all.arp_ignore=1 and arp_announce=2, and then %s on a dummy device%s, at every boot"
                % (who, ", ".join(vip + "/32" for vip in server["vips"]), ends)
            )
    for service in cluster["virtual_servers"]:
        sorry = service["sorry_server"]
        if sorry and sorry["forward"] != "nat":
            who = "the sorry server %s of %s is reached by %s" % (sorry["address"], service["name"], WORDS[sorry["forward"]])
            lines.append("%s: it needs the VIP %s, as a real server does" % (who, service["address"]))
    return lines
