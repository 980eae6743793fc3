# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stage 1: from `lvs_cluster` as the user wrote it to the complete form, without any fact of a host."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model import (
    data,
    fallback,
    feedback,
    forwarding,
    health,
    host_needs,
    nftables,
    single,
    storage,
    vip_check,
)
from ansible_collections.lvs.cluster.plugins.module_utils._model.fields import read_fields
from ansible_collections.lvs.cluster.plugins.module_utils._model.hand_over import hand_over
from ansible_collections.lvs.cluster.plugins.module_utils._model.heartbeat import NONE, heartbeat
from ansible_collections.lvs.cluster.plugins.module_utils._model.ids import number
from ansible_collections.lvs.cluster.plugins.module_utils._model.members import Members
from ansible_collections.lvs.cluster.plugins.module_utils._model.networks import carrying_network, networks, routers
from ansible_collections.lvs.cluster.plugins.module_utils._model.pools import pools, union
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Problem, Report, join, shown
from ansible_collections.lvs.cluster.plugins.module_utils._model.schema import CLUSTER
from ansible_collections.lvs.cluster.plugins.module_utils._model.services import Services
from ansible_collections.lvs.cluster.plugins.module_utils._model.vips import served, vips


def normalise(definition: Any, inventory: Mapping[str, Any]) -> tuple[dict[str, Any] | None, list[Problem]]:
    """The complete form of a definition, or everything that is wrong with it.

    inventory: ``{"hosts": [name], "groups": {name: [host]}}``, in the inventory's order.
    The complete form is plain JSON in which every key is present; addresses of hosts are None
    until resolve.py has the facts. Its key `derived` says where values came from: path → why.
    """
    report = Report()
    if not isinstance(definition, Mapping):
        report.add("lvs_cluster", "%s stands where a mapping belongs" % shown(definition), "give name, networks, routers, real_servers and virtual_servers")
        return None, list(report)
    read = read_fields(CLUSTER, definition, "", report)
    cluster = _build(definition, read, inventory, report)
    return (None if report else cluster), list(report)


def _build(definition: Mapping[str, Any], read: Mapping[str, Any], inventory: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """Everything that one field alone can't say. What the schema found wrong is None here, and skipped."""
    derived: dict[str, str] = {}
    name = read["name"]
    alone = read["heartbeat"] == NONE
    if alone:
        read = single.without_keepalived(definition, read, report)
    nets = networks(name, read["networks"], definition.get("networks"), report, derived, vrrp=not alone)
    pair = routers(read["routers"], _mapping(definition.get("routers")), inventory, report, alone)
    beat = heartbeat(read["heartbeat"], nets, report, derived)
    beat["hand_over"] = hand_over(name, read["heartbeat"], beat, nets, report, derived)
    all_pools = pools(definition, read, nets, inventory, report, derived)
    real_servers = union(all_pools, nets, pair, report)
    health.check_default(read["health_check"], report)
    members = Members(nets, all_pools, bool((read["connection_sync"] or {}).get("enabled")), report)
    builder = Services(name, nets, members, read["health_check"], report, derived)
    items = [(position, join("virtual_servers", position), item) for position, item in enumerate(read["virtual_servers"] or ()) if item is not None]
    for _position, path, item in items:
        builder.reserve(item, path)
    services = []
    for position, path, item in items:
        services += [(service, item, path) for service in builder.build(item, definition["virtual_servers"][position], path)]
    fallback.check_notify(read["notify"], "notify", report)
    for _position, path, item in items:
        fallback.check_notify(item["notify"], path + ".notify", report)
    feedback.check(read["load_feedback"], True, "load_feedback", report)
    for service, item, path in services:
        service["notify"] = service["notify"] or read["notify"]
        health.check_source(service, nets, path + ".health_check.source_network", report)
        vip_check.check(service, path + ".vip_check", report)
        service["load_feedback"] = service["load_feedback"] or read["load_feedback"]
        if item["load_feedback"] or not service["port"]:
            feedback.check(service["load_feedback"], bool(service["port"]), path + ".load_feedback", report)
    forwarding.carry(real_servers, [service for service, _item, _path in services])
    floating = vips(services, nets, report, derived)
    served(floating, list(nets) if alone else beat["networks"], nets, real_servers, report)
    sync = _connection_sync(name, read["connection_sync"], nets, report, derived)
    if alone:
        single.say_why(definition, derived)
    cluster = {
        "name": name,
        "networks": nets,
        "routers": pair,
        "heartbeat": beat,
        "connection_sync": sync,
        "notify": read["notify"],
        "firewall": read["firewall"] or {"enabled": False},
        "vips": floating,
        "real_servers": real_servers,
        "virtual_servers": [service for service, _item, _path in services],
        "data_sync": data.data_sync(read["data_sync"], nets, real_servers, inventory, report, derived),
        "shared_storage": storage.shared_storage(read["shared_storage"], nets, real_servers, inventory, report, derived),
        "derived": derived,
    }
    cluster["nftables"] = nftables.wanted(cluster)
    for router in pair:
        router["modules"] = host_needs.router_modules(cluster)
    for server in real_servers:
        server["modules"] = host_needs.server_modules(server)
    return cluster


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _connection_sync(cluster: str | None, read: Mapping[str, Any] | None, nets: Mapping[str, Any], report: Report, derived: dict[str, str]) -> dict[str, Any]:
    read = read or {}
    network, number_ = carrying_network(read.get("network"), nets, "connection_sync.network", report, derived), read.get("id")
    if number_ is None:
        number_ = number(cluster or "")
        derived["connection_sync.id"] = "from the name %s" % cluster
    return {"enabled": read.get("enabled"), "network": network, "id": number_}
