# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A normalised or resolved cluster as text for a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model import forwarding
from ansible_collections.lvs.cluster.plugins.module_utils._model.endpoints import asked
from ansible_collections.lvs.cluster.plugins.module_utils._model.health import unit
from ansible_collections.lvs.cluster.plugins.module_utils._model.heartbeat import alone
from ansible_collections.lvs.cluster.plugins.module_utils._model.notes import notes

UNKNOWN = "(from facts)"
MARK = " *"


def describe(cluster: Mapping[str, Any]) -> str:
    """Aligned sections; what the definition doesn't say is marked with a star."""
    parts = [
        "Cluster " + cluster["name"],
        _section("Networks", _networks(cluster)),
        _section("Routers", _routers(cluster)),
        _section("Heartbeat", _heartbeat(cluster)),
        _section("Connection sync", _connection_sync(cluster)),
        _section("Floating addresses", _vips(cluster)),
        _section("Real servers", _real_servers(cluster)),
    ]
    parts += [_section("Virtual server " + service["name"], _service(cluster, service)) for service in cluster["virtual_servers"]]
    by_hand = forwarding.by_hand(cluster)
    if by_hand:
        parts.append(_section("Left to you", ([line] for line in by_hand)))
    parts.append(_section("Good to know", ([line] for line in notes(cluster))))
    parts.append("* derived: not in the definition, and the same on every run")
    return "\n\n".join(parts) + "\n"


def _section(title: str, rows: Iterable[Sequence[Any]]) -> str:
    """A title and its rows in aligned columns."""
    cells = [[str(cell) for cell in row] for row in rows]
    columns = max((len(row) for row in cells), default=0)
    widths = [max((len(row[n]) for row in cells if n < len(row)), default=0) for n in range(columns)]
    lines = ["  " + "   ".join(cell.ljust(widths[n]) for n, cell in enumerate(row)).rstrip() for row in cells]
    return "\n".join([title, *lines])


def _mark(cluster: Mapping[str, Any], path: str, value: Any) -> str:
    return str(value) + (MARK if path in cluster["derived"] else "")


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _networks(cluster: Mapping[str, Any]) -> Iterable[Sequence[Any]]:
    six = any(network["cidr6"] for network in cluster["networks"].values())
    yield "name", "network", "interface", "floating gateway", "heartbeat", "virtual router id", *(["IPv6", "floating gateway"] if six else [])
    beats = cluster["heartbeat"]["networks"]
    for name, network in cluster["networks"].items():
        number = _mark(cluster, "networks.%s.virtual_router_id" % name, network["virtual_router_id"])
        found = {(router["networks"] or {}).get(name, {}).get("interface") for router in cluster["routers"]} - {None}
        interface = network["interface"] or (", ".join(sorted(found)) + MARK if found else UNKNOWN)
        more = [network["cidr6"] or "none", network["gateway6"] or "none"] if six else []
        yield name, network["cidr"], interface, network["gateway"] or "none", _yes(name in beats), number if name in beats else "-", *more


def _routers(cluster: Mapping[str, Any]) -> Iterable[Sequence[Any]]:
    yield ("name", "priority", *cluster["networks"], "")
    for position, router in enumerate(cluster["routers"]):
        places = [(router["networks"] or {}).get(name) for name in cluster["networks"]]
        cells = ["%s %s%s" % (place["address"], place["interface"], MARK) if place else UNKNOWN for place in places]
        yield router["host"], router["priority"], *cells, _role(cluster, position)


def _role(cluster: Mapping[str, Any], position: int) -> str:
    if alone(cluster):
        return "the only one"
    if position:
        return "backup"
    return "active when both are well" if len(cluster["routers"]) == 2 else "active when all are well"


def _heartbeat(cluster: Mapping[str, Any]) -> Iterable[Sequence[Any]]:
    beat = cluster["heartbeat"]
    if alone(cluster):
        yield ("none: a single router without keepalived; nobody takes over from it, and nobody checks the real servers",)
        return
    why = cluster["derived"].get("heartbeat.effective_dead_time")
    yield "every", "%g s" % beat["interval"]
    yield "dead after", "%g s%s" % (beat["effective_dead_time"], "%s (%s)" % (MARK, why) if why else "")
    yield "over", _mark(cluster, "heartbeat.networks", ", ".join(beat["networks"])) + ", " + beat["mode"]
    if not beat["fail_back"]:
        yield "fail-back", "no: whoever is active stays"
    else:
        yield "fail-back", "after %d s" % beat["fail_back_delay"] if beat["fail_back_delay"] else "yes, at once"
        signal = beat["hand_over"]
        if signal:
            number = _mark(cluster, "heartbeat.hand_over_virtual_router_id", signal["virtual_router_id"])
            yield "hand-over", "in order, known by virtual router id %s in %s" % (number, signal["network"])
    if beat["startup_delay"]:
        yield "start-up delay", "%d s" % beat["startup_delay"]
    links = beat["link_tracking"]
    if not links["enabled"]:
        yield "links", "do not count"
    elif links["down_delay"] or links["up_delay"]:
        yield "links", "gone after %g s without carrier, back after %g s with it" % (links["down_delay"], links["up_delay"])
    if beat["ping_targets"]:
        yield "must reach", "one of " + ", ".join(beat["ping_targets"])
    if beat["watchdog"]:
        yield "watchdog", "restarts a router that hangs for %d s" % beat["watchdog"]


def _connection_sync(cluster: Mapping[str, Any]) -> Iterable[Sequence[Any]]:
    sync = cluster["connection_sync"]
    if not sync["enabled"]:
        yield ("off: there is no second router" if alone(cluster) else "off: connections end with a failover",)
        return
    yield "over", _mark(cluster, "connection_sync.network", sync["network"])
    yield "id", _mark(cluster, "connection_sync.id", sync["id"])


def _vips(cluster: Mapping[str, Any]) -> Iterable[Sequence[Any]]:
    yield "address", "network", "label", "for"
    for vip in cluster["vips"]:
        found = {(router["networks"] or {}).get(vip["network"], {}).get("interface") for router in cluster["routers"]} - {None}
        interface = vip["device"] or cluster["networks"][vip["network"]]["interface"] or (found.pop() if len(found) == 1 else "")
        label = "%s:%s" % (interface, vip["label"]) if vip["label"] else "none"
        use = ", ".join(vip["virtual_servers"]) if vip["kind"] == "service" else "gateway of the real servers"
        yield vip["address"], vip["network"], _mark(cluster, "vips.%s.label" % vip["address"], label), use


def _real_servers(cluster: Mapping[str, Any]) -> Iterable[Sequence[Any]]:
    yield "name", "address", "network", "way back"
    for server in cluster["real_servers"]:
        name = server["name"] if server["host"] == server["name"] else "%s (%s)" % (server["name"], server["host"] or "not in the inventory")
        both = [("real_servers." + server["name"], server["address"], 4), ("real_servers.%s.ipv6" % server["name"], server["address6"], 6)]
        address = ", ".join(_mark(cluster, path, found or UNKNOWN) for path, found, family in both if found or family in (server["families"] or [4]))
        yield name, address, server["network"], _way_back(server)


def _way_back(server: Mapping[str, Any]) -> str:
    gateways = ", ".join(gateway for gateway in (server["gateway"], server["gateway6"]) if gateway)
    carried = server["vips"] + server["vips6"]
    if carried:
        return "its own, for %s" % ", ".join(carried) + ("; else " + gateways if gateways else "")
    return gateways or "left to you: the network has no gateway"


def _service(cluster: Mapping[str, Any], service: Mapping[str, Any]) -> Iterable[Sequence[Any]]:
    path = "virtual_servers.%s." % service["name"]
    yield "address", asked(service)
    if service["firewall_mark"] is not None:
        yield "firewall mark", _mark(cluster, "virtual_servers.%s.firewall_mark" % service["service"], service["firewall_mark"])
    yield "network", _mark(cluster, path + "network", service["network"])
    flags = service["scheduler_flags"] + (["one packet"] if service["one_packet"] else [])
    yield "scheduler", "%s%s, %s" % (service["scheduler"], " (%s)" % ", ".join(flags) if flags else "", forwarding.shown(service))
    kept = service["persistence"]
    if kept:
        engine = ", by %s" % service["persistence_engine"] if service["persistence_engine"] else ""
        yield "persistence", _mark(cluster, path + "persistence", "%d s, netmask %s%s" % (kept["timeout"], kept["netmask"], engine))
    check = service["health_check"]
    own = ["%s %s%s" % (key, _short(value), unit(check["type"], key)) for key, value in check.items() if key != "type" and value not in (None, [], "")]
    yield "health check", _mark(cluster, path + "health_check", check["type"]) + (": " + ", ".join(own) if own else "")
    if not alone(cluster):
        yield from _fallback(service)
    for position, server in enumerate(service["real_servers"]):
        port = ":%s" % server["port"] if server["port"] else ""
        line = "%s, %s%s, weight %s%s" % (server["name"], server["address"] or UNKNOWN, port, server["weight"], _limits(server))
        differs = "" if (server["forward"], server["tunnel"]) == (service["forward"], service["tunnel"]) else ", " + forwarding.shown(server)
        yield "" if position else "real servers", line + differs


def _limits(server: Mapping[str, Any]) -> str:
    upper, lower = server["upper_threshold"], server["lower_threshold"]
    return ", at most %d connections%s" % (upper, ", again below %d" % lower if lower else "") if upper else ""


def _fallback(service: Mapping[str, Any]) -> Iterable[Sequence[Any]]:
    quorum = service["quorum"]
    yield "quorum", "%d of %d%s" % (quorum["servers"], len(service["real_servers"]), ", hysteresis %d" % quorum["hysteresis"] if quorum["hysteresis"] else "")
    if service["quiesce"] or service["alpha"]:
        words = (("quiesce", "stay with weight 0 when they fail"), ("alpha", "are out until their first good check"))
        yield "", "real servers " + " and ".join(text for key, text in words if service[key])
    sorry = service["sorry_server"]
    yield "sorry server", "%s:%s" % (sorry["address"], sorry["port"]) if sorry else "none: clients are refused when no real server is left"


def _short(value: Any) -> str:
    if isinstance(value, bool):
        return _yes(value)
    if isinstance(value, list):
        return " ".join(str(item) for item in value)
    return "%g" % value if isinstance(value, float) else str(value)
