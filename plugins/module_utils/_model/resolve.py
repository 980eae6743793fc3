# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stage 2: addresses and interfaces from the hosts' facts."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model import host_needs
from ansible_collections.lvs.cluster.plugins.module_utils._model.networks import within
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Problem, Report, nearest, one_of
from ansible_collections.lvs.cluster.plugins.module_utils._model.vips import LONGEST_LABEL, too_long

Facts = Mapping[str, Any]


def machines(cluster: Mapping[str, Any]) -> list[dict[str, Any]]:
    """All that has a part in a cluster, some more than once: each has its `host`, or None where it is not in the inventory."""
    return [*cluster["routers"], *cluster["real_servers"], *cluster["data_sync"]["hosts"], *cluster["shared_storage"]["hosts"]]


def resolve(cluster: Mapping[str, Any], facts: Mapping[str, Facts]) -> tuple[dict[str, Any] | None, list[Problem]]:
    """The cluster with every address and interface filled in, or everything that stands in the way.

    facts: ``{host: {"interfaces": {"eth0": {"ipv4": [{"address": text, "prefix": number}], "active": bool}}}}``;
    of an interface's addresses the first is its primary one.
    """
    report = Report()
    result = _filled_in(cluster, facts, report)
    return (None if report else result), list(report)


def resolve_partly(cluster: Mapping[str, Any], facts: Mapping[str, Facts]) -> dict[str, Any]:
    """The cluster with what is known filled in, for a look at one of which a host is lost; nothing to deploy.

    A router without facts has no networks, a real server without them no address but a declared one. What stands in the way
    otherwise is left under `unresolved`: ``[{"path", "message", "remedy"}]``.
    """
    report = Report()
    hosts = {machine["host"] for machine in machines(cluster)}
    result = _filled_in(cluster, {**dict.fromkeys(hosts), **facts}, report)
    result["unresolved"] = [problem._asdict() for problem in report]
    return result


def _filled_in(cluster: Mapping[str, Any], facts: Mapping[str, Facts | None], report: Report) -> dict[str, Any]:
    result: dict[str, Any] = copy.deepcopy(dict(cluster))
    floating = {vip["address"] for vip in result["vips"]}
    for router in result["routers"]:
        _router(router, result["networks"], floating, facts, result["derived"], report)
    for server in result["real_servers"]:
        _real_server(server, result["networks"], floating, facts, result["derived"], report)
    by_name = {server["name"]: server for server in result["real_servers"]}
    for service in result["virtual_servers"]:
        for server in service["real_servers"]:
            server["address"] = by_name[server["name"]]["address6" if server["family"] == 6 else "address"]
    for key in ("data_sync", "shared_storage"):
        _beside(result, key, floating, facts, report)
    _same_address(result, report)
    _same_router_id(result, report)
    _sorry_servers(result, report)
    _places(result, facts, report)
    for router in result["routers"]:
        default6 = (facts.get(router["host"]) or {}).get("default6")
        router["sysctls"] = host_needs.router_sysctls(result, router, default6) if router["networks"] else {}
    for server in result["real_servers"]:
        server["sysctls"] = host_needs.server_sysctls(server)
    return result


def _interfaces(host: str, facts: Mapping[str, Facts | None], path: str, report: Report) -> Mapping[str, Any] | None:
    """The host's interfaces, or None where nothing is known of them; that is no problem of a host whose facts are None."""
    if host in facts and facts[host] is None:
        return None
    if not facts.get(host):
        report.add(
            path, "there are no facts of %s" % host, "see that Ansible reaches it (ansible %s -m ping), and that its facts are gathered before this" % host
        )
        return None
    found = (facts[host] or {}).get("interfaces")
    if not found:
        report.add(path, "the facts of %s name no interfaces" % host, "gather its facts with the subset network; an old fact cache may have to be cleared")
        return None
    return found


def _candidates(interfaces: Mapping[str, Any], cidr: str, floating: set[str]) -> dict[str, list[str]]:
    """interface → its own addresses in the network. Floating addresses are nobody's own.

    Addresses with the network's prefix come before others (a /32 may be a VIP of an older definition).
    """
    length = int(cidr.split("/")[1])
    found: dict[str, list[tuple[bool, str]]] = {}
    for interface, values in interfaces.items():
        for entry in values.get("ipv6" if ":" in cidr else "ipv4") or ():
            address = str(entry["address"])
            if address not in floating and within(address, cidr):
                found.setdefault(str(interface), []).append((int(entry.get("prefix") or 0) == length, address))
    proper = any(right for entries in found.values() for right, _address in entries)
    result = {name: [address for right, address in entries if right or not proper] for name, entries in found.items()}
    return {name: addresses for name, addresses in result.items() if addresses}


def _have(interfaces: Mapping[str, Any], floating: set[str], family: int = 4) -> str:
    """What a host has, for a message: 'eth0 192.0.2.2/24, eth1 without IPv4 address'."""
    parts = []
    for name, values in interfaces.items():
        if name != "lo":
            entries = [e for e in values.get("ipv%d" % family) or () if not str(e["address"]).startswith("fe80:")]
            addresses = ["%s/%s%s" % (e["address"], e.get("prefix"), " (floating in the definition)" if e["address"] in floating else "") for e in entries]
            parts.append("%s %s" % (name, " and ".join(addresses) or "without IPv%d address" % family))
    return ", ".join(parts[:8]) or "no interface but lo"


def _router(
    router: dict[str, Any], networks: Mapping[str, Any], floating: set[str], facts: Mapping[str, Facts | None], derived: dict[str, str], report: Report
) -> None:
    host = router["host"]
    interfaces = _interfaces(host, facts, "routers", report)
    router["networks"] = {}
    if interfaces is None:
        return
    for name, network in networks.items():
        path = "networks." + name
        wanted = network["interface"]
        if wanted and wanted not in interfaces:
            guess = nearest(wanted, interfaces)
            report.add(
                path + ".interface", "%s has no interface %s" % (host, wanted), "did you mean %s?" % guess if guess else "it has " + one_of(sorted(interfaces))
            )
            continue
        found = _candidates({wanted: interfaces[wanted]} if wanted else interfaces, network["cidr"], floating)
        if not found:
            where = " on " + wanted if wanted else ""
            report.add(
                path,
                "%s has no address of its own in %s%s" % (host, network["cidr"], where),
                "give it one there, or correct the cidr; it has " + _have(interfaces, floating),
            )
        elif len(found) > 1:
            report.add(
                path,
                "%s has addresses in %s on %d interfaces (%s)"
                % (host, network["cidr"], len(found), ", ".join("%s %s" % (i, a[0]) for i, a in sorted(found.items()))),
                "give %s.interface" % path,
            )
        else:
            interface, addresses = next(iter(found.items()))
            router["networks"][name] = {"address": addresses[0], "address6": None, "interface": interface}
            if network["cidr6"]:
                own = _candidates({interface: interfaces[interface]}, network["cidr6"], floating).get(interface)
                if not own:
                    message = "%s has no address of its own in %s on %s" % (host, network["cidr6"], interface)
                    report.add(path, message, "give it one there, or correct cidr6; it has " + _have(interfaces, floating, 6))
                else:
                    router["networks"][name]["address6"] = own[0]
            derived["routers.%s.%s" % (host, name)] = "from its facts" if len(addresses) == 1 else "from its facts; the first of %s" % ", ".join(addresses)


def _real_server(
    server: dict[str, Any], networks: Mapping[str, Any], floating: set[str], facts: Mapping[str, Facts | None], derived: dict[str, str], report: Report
) -> None:
    host, network = server["host"], networks[server["network"]]
    if host is None:
        return
    path = "real_servers (%s)" % server["name"]
    interfaces = _interfaces(host, facts, path, report)
    if interfaces is None:
        return
    for family in (4, 6):
        wanted = family in (server["families"] or [4])
        cidr = network["cidr6" if family == 6 else "cidr"]
        if wanted or (cidr and family == 4 and _candidates(interfaces, cidr, floating)):
            _address(server, family, cidr, interfaces, floating, path, derived, report)


def _address(
    server: dict[str, Any], family: int, cidr: str | None, interfaces: Mapping[str, Any], floating: set[str], path: str, derived: dict[str, str], report: Report
) -> None:
    """One family's address of a real server, and its interface."""
    key, host, network = "address6" if family == 6 else "address", server["host"], server["network"]
    have = _have(interfaces, floating, family)
    if server[key]:
        for interface, values in interfaces.items():
            if server[key] in [str(entry["address"]) for entry in values.get("ipv%d" % family) or ()]:
                server["interface"] = str(interface)
                return
        report.add(path, "%s doesn't have the address %s" % (host, server[key]), "correct the address, or leave it out; it has " + have)
        return
    found = _candidates(interfaces, cidr, floating) if cidr else {}
    if not found:
        message = "%s has no address of its own in the network %s (%s)" % (host, network, cidr)
        report.add(path, message, "give it one there, or name the pool's network; it has " + have)
        return
    addresses = [address for entries in found.values() for address in entries]
    if len(found) > 1:
        report.add(
            path,
            "%s has several addresses in the network %s: %s" % (host, network, ", ".join(addresses)),
            "say which: {host: %s, %s: …} in the pool's servers" % (host, key),
        )
        return
    server["interface"], server[key] = next(iter(found)), addresses[0]
    derived["real_servers.%s%s" % (server["name"], ".ipv6" if family == 6 else "")] = (
        "from its facts" if len(addresses) == 1 else "from its facts; the first of %s" % ", ".join(addresses)
    )


def _beside(cluster: Mapping[str, Any], key: str, floating: set[str], facts: Mapping[str, Facts | None], report: Report) -> None:
    """The addresses of hosts that copy or share data, in the network for it; a real server has its own already."""
    part = cluster[key]
    servers = {server["host"]: server for server in cluster["real_servers"] if server["network"] == part["network"]}
    routers = {router["host"]: router for router in cluster["routers"]}
    for entry in part["hosts"]:
        host = entry["host"]
        if host in servers:
            entry["address"] = servers[host]["address"]
            continue
        if host in routers and routers[host]["networks"]:
            entry["address"] = routers[host]["networks"].get(part["network"], {}).get("address")
            continue
        path = "%s (%s)" % (key, host)
        interfaces = _interfaces(host, facts, path, report)
        if interfaces is None:
            continue
        found = _candidates(interfaces, cluster["networks"][part["network"]]["cidr"], floating)
        addresses = [address for entries in found.values() for address in entries]
        if len(addresses) != 1:
            message = "%s has %s in the network %s" % (host, "several addresses" if addresses else "no address of its own", part["network"])
            report.add(path, message, "give it one there; it has " + _have(interfaces, floating))
        else:
            entry["address"] = addresses[0]


def _same_address(cluster: Mapping[str, Any], report: Report) -> None:
    """No two machines, and no machine and a VIP, may have one address."""
    owners: dict[str, str] = {}
    for router in cluster["routers"]:
        for place in router["networks"].values():
            for address in (place["address"], place["address6"]):
                _owns(owners, address, "router " + router["host"], "routers", report)
    for server in cluster["real_servers"]:
        for address in (server["address"], server["address6"]):
            _owns(owners, address, "real server " + server["name"], "real_servers", report)


def _owns(owners: dict[str, str], address: str | None, owner: str, path: str, report: Report) -> None:
    if not address:
        return
    before = owners.setdefault(address, owner)
    if before != owner:
        report.add(path, "%s and %s have the same address %s" % (before, owner, address), "give each its own")


def _same_router_id(cluster: Mapping[str, Any], report: Report) -> None:
    """Two networks on one interface are one segment to VRRP."""
    beat = cluster["heartbeat"]
    numbers = [("networks.%s.virtual_router_id" % name, name, cluster["networks"][name]["virtual_router_id"]) for name in beat["networks"]]
    if beat["hand_over"]:
        numbers.append(("heartbeat.hand_over_virtual_router_id", beat["hand_over"]["network"], beat["hand_over"]["virtual_router_id"]))
    for router in cluster["routers"]:
        seen: dict[tuple[str, int], str] = {}
        for path, name, number in numbers:
            if name in router["networks"]:
                interface = router["networks"][name]["interface"]
                before = seen.setdefault((interface, number), path)
                if before != path:
                    report.add(path, "%d is that of %s too, and both are on %s of %s" % (number, before, interface, router["host"]), "give them different ones")


def _sorry_servers(cluster: Mapping[str, Any], report: Report) -> None:
    names = list(dict.fromkeys(service["service"] for service in cluster["virtual_servers"]))
    for service in cluster["virtual_servers"]:
        sorry = service["sorry_server"]
        for server in service["real_servers"]:
            if sorry and (server["address"], server["port"]) == (sorry["address"], sorry["port"]):
                report.add(
                    "virtual_servers[%d].sorry_server" % names.index(service["service"]),
                    "%s:%s is the real server %s" % (sorry["address"], sorry["port"], server["name"]),
                    "give another machine or port: it is asked when the real servers are gone",
                )


def _places(cluster: Mapping[str, Any], facts: Mapping[str, Facts | None], report: Report) -> None:
    """Devices exist, and labels fit; a label that nobody asked for is left out where it doesn't."""
    for vip in cluster["vips"]:
        path = "virtual_servers (%s)" % vip["virtual_servers"][0] if vip["virtual_servers"] else "networks.%s.gateway" % vip["network"]
        key = "vips.%s.label" % vip["address"]
        for router in cluster["routers"]:
            host = router["host"]
            interfaces = (facts.get(host) or {}).get("interfaces")
            if interfaces and vip["device"] and vip["device"] not in interfaces:
                report.add(path + ".device", "%s has no interface %s" % (host, vip["device"]), "make it before, or name one that both routers have")
            interface = vip["device"] or router["networks"].get(vip["network"], {}).get("interface")
            if not interface or not vip["label"]:
                continue
            if key not in cluster["derived"]:
                too_long(vip, interface, path + ".label", report)
            elif len("%s:%s" % (interface, vip["label"])) > LONGEST_LABEL:
                vip["label"] = None
                cluster["derived"][key] = "none: %s has no room for one" % interface
