# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How packets reach each real server, and what the real server needs for it: the VIPs it carries, the tunnels it ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model.endpoints import Ports
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


def check(read: Mapping[str, Any], chosen: Chosen, ports: Ports, path: str, report: Report) -> None:
    """What the fields of a virtual server can't say one by one.

    chosen: (server of the pool, what the virtual server says of it, where it says so).
    """
    methods = [(item.get("forward") or read["forward"], item, where) for _server, item, where in chosen]
    if ports.single:
        _ports(read, methods, ports.single, path, report)
    elif ports.ranges:
        _several_ports(read, methods, path, report)
    _tunnel(read["tunnel"], any(forward == "tunnel" for forward, _item, _where in methods) or not methods, path, report)
    for forward, item, where in methods:
        if where != path:
            _tunnel(item.get("tunnel"), forward in ("tunnel", None), where, report)


def _several_ports(read: Mapping[str, Any], methods: Sequence[tuple[Any, Mapping[str, Any], str]], path: str, report: Report) -> None:
    if read["real_server_port"]:
        report.add(path + ".real_server_port", "would send all ports of the service to one", "leave it out: each keeps its number")
    for _forward, item, where in methods:
        if item.get("port"):
            report.add(where + ".port", "would send all ports of the service to one", "leave it out: each keeps its number")


def _ports(read: Mapping[str, Any], methods: Sequence[tuple[Any, Mapping[str, Any], str]], port: int, path: str, report: Report) -> None:
    """The kernel would rewrite the port of direct routing and tunnelling in silence."""
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
    """Fill in what each real server needs: VIPs it carries, tunnels that end on it, no gateway where nothing comes by NAT.

    `families`: by which addresses it is reached. `tunnels` are those of IPv4 in IPv4, `tunnels6` all with IPv6 in them:
    ``{"type", "port", "outer": 4 or 6, "inner": 4 or 6}``.
    """
    by_name = {server["name"]: server for server in real_servers}
    methods: dict[tuple[str, int], set[str]] = {}
    for service in services:
        for entry in service["real_servers"]:
            server = by_name.get(entry["name"])
            if server is None or not entry["forward"]:
                continue
            methods.setdefault((entry["name"], service["family"]), set()).add(entry["forward"])
            server["families"] = sorted({*server["families"], entry["family"]})
            carried = server["vips6" if service["family"] == 6 else "vips"]
            if entry["forward"] != "nat":
                carried += [address for address in service["addresses"] if address not in carried]
            if entry["tunnel"]:
                _ends(server, entry["tunnel"], entry["family"], service["family"])
    for name, server in by_name.items():
        found4, found6 = methods.get((name, 4), set()), methods.get((name, 6), set())
        if (found4 or found6) and "nat" not in found4:
            server["gateway"] = None
        if "nat" not in found6:
            server["gateway6"] = None


def _ends(server: dict[str, Any], tunnel: Mapping[str, Any], outer: int, inner: int) -> None:
    four = (outer, inner) == (4, 4)
    entry = dict(tunnel) if four else {**tunnel, "outer": outer, "inner": inner}
    ends = server["tunnels" if four else "tunnels6"]
    if entry not in ends:
        ends.append(entry)


def shown(server: Mapping[str, Any]) -> str:
    """'direct', 'tunnel (gue, port 6080)'."""
    if not server["tunnel"]:
        return str(server["forward"])
    port = ", port %s" % server["tunnel"]["port"] if server["tunnel"]["port"] else ""
    return "%s (%s%s)" % (server["forward"], server["tunnel"]["type"], port)


def _ends_in_words(server: Mapping[str, Any]) -> str:
    words = ""
    for tunnel in [*server["tunnels"], *server["tunnels6"]]:
        port = " on UDP port %d" % tunnel["port"] if tunnel["port"] else ""
        families = " (IPv%d in IPv%d)" % (tunnel["inner"], tunnel["outer"]) if "outer" in tunnel else ""
        words += ", ends the tunnel %s%s%s from the routers" % (tunnel["type"], port, families)
    return words


def by_hand(cluster: Mapping[str, Any]) -> list[str]:
    """What must be done on machines that the inventory doesn't have, a sentence each."""
    lines = []
    for server in cluster["real_servers"]:
        if server["host"]:
            continue
        who = "%s (%s) is not in the inventory" % (server["name"], server["address"] or server["address6"])
        lines += ["%s: its answers must go back through %s" % (who, gateway) for gateway in (server["gateway"], server["gateway6"]) if gateway]
        if server["vips"] or server["vips6"]:
            carried = [vip + "/32" for vip in server["vips"]] + [vip + "/128" for vip in server["vips6"]]
            first = "net.ipv4.conf.all.arp_ignore=1 and arp_announce=2, and then " if server["vips"] else ""
            lines.append("%s: see that it has %s%s on a dummy device%s, at every boot" % (who, first, ", ".join(carried), _ends_in_words(server)))
    for service in cluster["virtual_servers"]:
        sorry = service["sorry_server"]
        if sorry and sorry["forward"] != "nat":
            who = "the sorry server %s of %s is reached by %s" % (sorry["address"], service["name"], WORDS[sorry["forward"]])
            lines.append("%s: it needs the VIP %s, as a real server does" % (who, service["address"]))
    return lines
