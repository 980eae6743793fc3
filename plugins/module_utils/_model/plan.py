# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the table that is there and the one that is wanted to the operations between them.

target(): what the table shall be. difference(): the operations. apply_to(): what they make of a
table; so check mode knows the end without a kernel. Edits, never removal and addition, wherever
the kernel can edit: of a service all but what names it, of a destination all but address and port.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ansible_collections.lvs.cluster.plugins.module_utils._model.table import (
    complete_destination,
    complete_service,
    destination_key,
    service_key,
    service_name,
)
from ansible_collections.lvs.cluster.plugins.module_utils._model.table_checks import check_destination, check_service

STATES = ("merged", "replaced", "overridden", "deleted")


class Operation(NamedTuple):
    """One change. action: add|edit|delete; destination None: the service itself (without its destinations)."""

    action: str
    service: Any
    destination: Any | None = None


def target(have, given, state, report, path="services"):
    """The complete table wanted.

    have: complete services; given: what table.read_services returned; state:
    merged: services and destinations named are added or changed, what is not given of them stays;
    replaced: services named become as given, with just these destinations; others stay;
    overridden: the table becomes as given; deleted: services named go.
    Problems between keys go into report, with the path of the given service.
    """
    there = {service_key(service): service for service in have}
    wanted = {} if state == "overridden" else dict(there)
    for place, service in enumerate(given):
        key = service_key(service)
        if state == "deleted":
            wanted.pop(key, None)
            continue
        old = there.get(key) if state == "merged" else None
        where = "%s[%d]" % (path, place) if path else ""
        wanted[key] = _service(service, old, where, report)
    return [wanted[key] for key in sorted(wanted)]


def _service(given, old, path, report):
    service = complete_service(given, old)
    check_service(service, path, report)
    destinations = {destination_key(row): row for row in old["destinations"]} if old else {}
    where = path + ".destinations[%d]" if path else "destinations[%d]"
    for place, row in enumerate(given.get("destinations") or ()):
        key = destination_key(row)
        destinations[key] = destination = complete_destination(row, destinations.get(key))
        check_destination(destination, service, where % place, report)
    service["destinations"] = [destinations[key] for key in sorted(destinations)]
    return service


def target_of_destination(have, named, given, present, report):
    """The table wanted where only one destination is told of; `named` has the naming keys of its service."""
    key = service_key(named)
    found = [service for service in have if service_key(service) == key]
    if not found:
        if present:
            report.add("service", "there is no service %s" % service_name(named), "add it first, by lvs.cluster.ipvs_service")
        return have
    service = found[0]
    name = destination_key(given)
    rows = {destination_key(row): row for row in service["destinations"]}
    if present:
        rows[name] = complete_destination(given, rows.get(name))
        check_destination(rows[name], service, "", report)
    else:
        rows.pop(name, None)
    changed = dict(service, destinations=[rows[key] for key in sorted(rows)])
    return [changed if other is service else other for other in have]


def without_destinations(service):
    return {name: value for name, value in service.items() if name != "destinations"}


def difference(have, want, drain=False):
    """[Operation] that make `want` of `have`: first what is added and changed, then what goes.

    drain: destinations that are no longer wanted, of services that stay, get weight 0 instead of going.
    """
    there = {service_key(service): service for service in have}
    operations: list[Operation] = []
    removals: list[Operation] = []
    for service in want:
        old = there.pop(service_key(service), None)
        if old == service:
            continue
        plain = without_destinations(service)
        if old is None:
            operations.append(Operation("add", plain))
            operations += [Operation("add", plain, row) for row in service["destinations"]]
            continue
        if without_destinations(old) != plain:
            operations.append(Operation("edit", plain))
        _destinations(old, service, plain, drain, operations, removals)
    gone = [Operation("delete", without_destinations(there[key])) for key in sorted(there)]
    return operations + removals + gone


def _destinations(old, service, plain, drain, operations, removals):
    there = {destination_key(row): row for row in old["destinations"]}
    for row in service["destinations"]:
        before = there.pop(destination_key(row), None)
        if before is None:
            operations.append(Operation("add", plain, row))
        elif before != row:
            operations.append(Operation("edit", plain, row))
    for key in sorted(there):
        row = there[key]
        if not drain:
            removals.append(Operation("delete", plain, row))
        elif row["weight"] != 0:
            operations.append(Operation("edit", plain, dict(row, weight=0)))


def apply_to(have, operations):
    """The table after the operations."""
    services = {}
    for service in have:
        rows = {destination_key(row): row for row in service["destinations"]}
        services[service_key(service)] = (without_destinations(service), rows)
    for operation in operations:
        key = service_key(operation.service)
        if operation.destination is not None:
            rows = services[key][1]
            if operation.action == "delete":
                del rows[destination_key(operation.destination)]
            else:
                rows[destination_key(operation.destination)] = operation.destination
        elif operation.action == "delete":
            del services[key]
        else:
            services[key] = (operation.service, services[key][1] if key in services else {})
    return [
        dict(services[key][0], destinations=[services[key][1][name] for name in sorted(services[key][1])])
        for key in sorted(services)
    ]


def touched(before, after, operations):
    """The services of both tables that some operation touches, with all their destinations."""
    keys = {service_key(operation.service) for operation in operations}
    return tuple([service for service in table if service_key(service) in keys] for table in (before, after))
