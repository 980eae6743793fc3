# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What must hold between the keys of a service, its destinations, and the sync daemon."""

from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._model import ipvs_words as words
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import one_of
from ansible_collections.lvs.cluster.plugins.module_utils._model.table import endpoint, family_of, service_name


def check_service(service, path, report):
    """A complete service, without its destinations."""
    scheduler = service["scheduler"]
    known = words.flag_words(scheduler)
    for word in service["scheduler_flags"]:
        if word not in known:
            report.add(
                _at(path, "scheduler_flags"), "the scheduler %s has no flag %s" % (scheduler, word), "it has %s" % one_of(known)
            )
    if service["persistence_timeout"] is None:
        if service["port"] == 0:
            report.add(_at(path, "port"), "port 0, all ports, works only with persistence", "give persistence_timeout")
        for name in ("persistence_netmask", "persistence_engine"):
            if service[name]:
                report.add(_at(path, name), "means nothing without persistence", "give persistence_timeout")
    if service["one_packet"] and service["protocol"] in ("tcp", "sctp"):
        report.add(_at(path, "one_packet"), "works only for udp and firewall marks", "leave it out")


def check_destination(destination, service, path, report):
    """A complete destination of a complete service."""
    forward = destination["forward"]
    if forward != "tunnel":
        for name in ("tunnel_type", "tunnel_port", "tunnel_checksum"):
            if destination[name] is not None:
                report.add(_at(path, name), "means nothing with forward %s" % forward, "leave it out, or give forward: tunnel")
        if family_of(destination["address"]) != service["family"]:
            report.add(
                _at(path, "address"),
                "%s and the service %s are of different families" % (destination["address"], service_name(service)),
                "use forward: tunnel, the only way that carries one in the other",
            )
    else:
        _check_tunnel(destination, path, report)
    if forward != "nat" and service["port"] is not None and destination["port"] != service["port"]:
        report.add(
            _at(path, "port"),
            "forward %s can't change the port %d to %d" % (forward, service["port"], destination["port"]),
            "use the service's port, or forward: nat",
        )
    if destination["lower_threshold"] > destination["upper_threshold"]:
        report.add(
            _at(path, "lower_threshold"),
            "%d is above the upper threshold %d" % (destination["lower_threshold"], destination["upper_threshold"]),
            "raise upper_threshold or lower this one",
        )


def _check_tunnel(destination, path, report):
    kind, checksum = destination["tunnel_type"], destination["tunnel_checksum"]
    if kind == "gue" and destination["tunnel_port"] is None:
        report.add(_at(path, "tunnel_port"), "is missing", "a gue tunnel needs the UDP port on which the real server listens")
    if kind != "gue" and destination["tunnel_port"] is not None:
        report.add(_at(path, "tunnel_port"), "a tunnel of type %s has no port" % kind, "leave it out")
    allowed = words.TUNNEL_CHECKSUMS.get(kind, (checksum,))
    if checksum is not None and checksum not in allowed:
        remedy = "give %s" % one_of(allowed) if allowed else "leave it out"
        report.add(_at(path, "tunnel_checksum"), "a tunnel of type %s has no %s" % (kind, checksum), remedy)


def mixed_destinations(services):
    """[(service, destination)] whose address families differ: the kernel refuses them beside a sync daemon."""
    return [
        (service, destination)
        for service in services
        for destination in service["destinations"]
        if (":" in destination["address"]) != (service["family"] == "ipv6")
    ]


def check_sync(services, report):
    """Problems of a table that is to stand beside a running sync daemon."""
    for service, destination in mixed_destinations(services):
        report.add(
            service_name(service),
            "the destination %s is of the other family, which the kernel refuses while a sync daemon runs"
            % endpoint(destination["address"], destination["port"]),
            "stop the daemon (lvs.cluster.ipvs_sync_daemon) or use a destination of the service's family",
        )


def _at(path, name):
    return "%s.%s" % (path, name) if path else name
