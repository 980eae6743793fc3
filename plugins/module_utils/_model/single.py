# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A cluster of one router, `heartbeat: none`: what has no meaning there, and what its kernel shall hold.

keepalived is not installed there. Its work at run time (health checks, sorry servers, quorums) is done by
nobody, so whoever asks for it is told; the addresses and the IPVS table are put there by the deploy itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model import drain
from ansible_collections.lvs.cluster.plugins.module_utils._model.fields import defaults
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report, join
from ansible_collections.lvs.cluster.plugins.module_utils._model.schema_services import QUORUM

NO_CHECK = {"type": "none", "given": {}, "path": ""}
NOTICED = tuple((key, "nobody notices that a real server fails") for key in ("quiesce", "alpha", "notify"))
CARRIED = ("vip_check", "nobody asks the real servers for the virtual address")
ASKED = ("load_feedback", "nobody asks the real servers for their load")
TWO_ROUTERS = "; or use two routers and leave heartbeat out"


def without_keepalived(definition: Mapping[str, Any], read: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """What the schema read, less what needs keepalived; what of that was given is reported."""
    for name, network in _items(definition.get("networks")):
        path = "networks." + name
        if network.get("virtual_router_id") is not None:
            report.add(path + ".virtual_router_id", "there is no VRRP without a heartbeat", "leave it out" + TWO_ROUTERS)
        if network.get("heartbeat") is not None and (((read["networks"] or {}).get(name)) or {}).get("heartbeat"):
            report.add(path + ".heartbeat", "heartbeat is none for the whole cluster", "leave it out" + TWO_ROUTERS)
    sync = read["connection_sync"] or {}
    if definition.get("connection_sync") is not None and sync.get("enabled"):
        report.add("connection_sync", "there is no second router that could learn the connections", "leave it out, or give false" + TWO_ROUTERS)
    _no_check(read["health_check"], "health_check", report)
    if definition.get("notify") is not None:
        report.add("notify", "nothing changes by itself on a single router", "leave it out" + TWO_ROUTERS)
    if definition.get("load_feedback") is not None:
        report.add("load_feedback", ASKED[1] + " on a single router", "leave it out" + TWO_ROUTERS)
    services = [_service(given, item, join("virtual_servers", position), report) for position, (given, item) in enumerate(_services(definition, read))]
    return {**read, "connection_sync": {**sync, "enabled": False}, "health_check": NO_CHECK, "virtual_servers": services, "notify": None, "load_feedback": None}


def _service(given: Any, item: Any, path: str, report: Report) -> Any:
    """One virtual server, as the schema read it."""
    if item is None:
        return None
    _no_check(item["health_check"], path + ".health_check", report)
    counted = (("sorry_server", "nobody notices that no real server is left"), ("quorum", "nobody counts the healthy real servers"))
    for key, what in (*counted, *NOTICED, ASKED, CARRIED):
        if given.get(key) is not None and item[key] is not False:
            report.add(join(path, key), "%s: a router without heartbeat runs no health checks" % what, "leave it out" + TWO_ROUTERS)
    off = {"sorry_server": None, "quorum": defaults(QUORUM), "quiesce": False, "alpha": False, "notify": None, "load_feedback": None, "vip_check": None}
    return {**item, "health_check": NO_CHECK, **off}


def _no_check(check: Mapping[str, Any] | None, path: str, report: Report) -> None:
    """Refused rather than left out in silence: whoever asks for a check relies on it."""
    if check and check["type"] != "none":
        report.add(path, "a router without heartbeat runs no health checks: a dead real server would go on getting its share", "leave it out" + TWO_ROUTERS)


def _items(value: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            if isinstance(item, Mapping):
                yield str(name), item


def _services(definition: Mapping[str, Any], read: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    return zip(definition["virtual_servers"] if read["virtual_servers"] else (), read["virtual_servers"] or ())


def say_why(definition: Mapping[str, Any], derived: dict[str, str]) -> None:
    """Mark what is off because there is no keepalived, and unmark what then means nothing."""
    derived.pop("connection_sync.network", None)
    derived.pop("connection_sync.id", None)
    if definition.get("connection_sync") is None:
        derived["connection_sync.enabled"] = "off: there is no second router"
    for item in definition.get("virtual_servers") or ():
        if isinstance(item, Mapping) and item.get("health_check") is None and definition.get("health_check") is None:
            derived["virtual_servers.%s.health_check" % item.get("name")] = "there is no keepalived that could run one"


def kernel_services(cluster: Mapping[str, Any], drained: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """The IPVS table of a resolved cluster, in the form that the module ipvs_services takes.

    drained: what router_info says of it; such real servers have weight 0.
    """
    return [
        {
            **_naming(service),
            "scheduler": service["scheduler"],
            **{key: service[key] for key in ("scheduler_flags", "one_packet", "persistence_engine") if service[key]},
            "persistence_timeout": service["persistence"]["timeout"] if service["persistence"] else 0,
            **({"persistence_netmask": service["persistence"]["netmask"]} if service["persistence"] else {}),
            "destinations": [
                {
                    "address": server["address"],
                    "port": server["port"],
                    "forward": server["forward"],
                    "weight": server["weight"],
                    **_tunnel(server["tunnel"]),
                    **_thresholds(server),
                }
                for server in service["real_servers"]
            ],
        }
        for service in drain.with_drained(cluster["virtual_servers"], drained or {})
    ]


def _naming(service: Mapping[str, Any]) -> dict[str, Any]:
    if service["firewall_mark"] is not None:
        return {"firewall_mark": service["firewall_mark"], "family": "ipv%d" % service["family"]}
    return {key: service[key] for key in ("protocol", "address", "port")}


def _thresholds(server: Mapping[str, Any]) -> dict[str, Any]:
    return {key: server[key] for key in ("upper_threshold", "lower_threshold") if server[key]}


def _tunnel(tunnel: Mapping[str, Any] | None) -> dict[str, Any]:
    if not tunnel:
        return {}
    return {"tunnel_type": tunnel["type"], **({"tunnel_port": tunnel["port"]} if tunnel["port"] else {})}


def held_addresses(cluster: Mapping[str, Any], host: str) -> list[dict[str, Any]]:
    """The floating addresses on the router `host`: ``{"address": "192.0.2.100/32", "interface": "eth0", "label": "100" or None}``."""
    networks = next(router["networks"] for router in cluster["routers"] if router["host"] == host)
    return [
        {
            "address": "%s/%d" % (vip["address"], vip["prefix"]),
            "interface": vip["device"] or networks[vip["network"]]["interface"],
            "label": vip["label"],
        }
        for vip in cluster["vips"]
    ]
