# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Health checks in the definition: the type decides which fields there are.

A virtual server's check is put together from its own mapping, the cluster's, and the defaults of the
type; the types and their fields are declared in `_checks`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._checks import registry
from ansible_collections.lvs.cluster.plugins.module_utils._model.endpoints import Ports
from ansible_collections.lvs.cluster.plugins.module_utils._model.fields import Field, read_fields
from ansible_collections.lvs.cluster.plugins.module_utils._model.kinds import Choice, Kind, Seconds
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report, join, nearest, one_of, shown

# How a definition names a program of the user's, which runs as an external check does: its fields' kinds.
PROGRAM = {field.name: field.type for field in registry.TYPES["external"].own}

# What is said to a server: a path of an HTTP request, text on the wire.
URL_PATH = next(field.type for field in registry.TYPES["http"].own if field.name == "path")
SENT = next(field.type for field in registry.TYPES["send_expect"].own if field.name == "send")


@cache
def _fields(kind: str) -> dict[str, Field]:
    return {field.name: field for field in registry.TYPES[kind].fields}


def unit(kind: str, name: str) -> str:
    """The unit of a check's field, as it stands behind the value: ' s' or ''."""
    field = _fields(kind).get(name)
    return " s" if field and isinstance(field.type, Seconds) else ""


def _common() -> dict[str, Field]:
    """The fields that every check has which keepalived times."""
    tables = [_fields(kind) for kind, check_type in registry.TYPES.items() if check_type.timed]
    return {name: field for name, field in tables[0].items() if all(name in table for table in tables)}


def _read(fields: Mapping[str, Field], given: Mapping[str, Any], whose: str, path: str, report: Report) -> dict[str, Any]:
    """The given fields alone. A field of another type is told from one that no type has."""
    known = {}
    for key, value in given.items():
        owners = [kind for kind in registry.TYPES if key in _fields(kind)]
        if key not in fields and owners:
            report.add(join(path, key), "is no field of %s" % whose, "give type: " + one_of(owners))
        else:
            known[key] = value
    return read_fields(fields.values(), known, path, report, partial=True)


def needs_prober(cluster: Mapping[str, Any]) -> bool:
    """Whether lvs-prober has anything to ask for this cluster."""
    return any(
        service["health_check"]["type"] == "send_expect" or service.get("load_feedback") or service.get("vip_check")
        for service in cluster["virtual_servers"]
    )


def check_source(service: Mapping[str, Any], nets: Mapping[str, Any], path: str, report: Report) -> None:
    """That the routers have an address there, of the family of those who are asked. service, nets: as normalised."""
    name = (service["health_check"] or {}).get("source_network")
    if not name:
        return
    if name not in nets:
        guess = nearest(name, nets)
        report.add(path, "there is no network %s" % name, "did you mean %s?" % guess if guess else "give " + one_of(nets))
    elif any(server["family"] == 6 for server in service["real_servers"]) and not nets[name].get("cidr6"):
        report.add(path, "the network %s has no cidr6, so the routers have no IPv6 address there" % name, "give it one, or another network")


class HealthCheck(Kind):
    """Read here as ``{"type": word | None, "given": the mapping without type, "path": path}``; see `complete`."""

    words = "a type, or a mapping with type and its fields"

    def read(self, value: Any, path: str, report: Report) -> dict[str, Any] | None:
        if isinstance(value, str):
            value = {"type": value}
        if not isinstance(value, Mapping):
            report.add(path, "%s stands where a mapping belongs" % shown(value), "give " + self.words)
            return None
        given = {str(key): item for key, item in value.items() if item is not None}
        kind = given.pop("type", None)
        if kind is not None:
            kind = Choice(registry.TYPES, registry.LATER).read(kind, join(path, "type"), report)
            if kind is None:
                return None
            _read(_fields(kind), given, "the check " + kind, path, report)
        return {"type": kind, "given": given, "path": path}


def check_default(check: Mapping[str, Any] | None, report: Report) -> None:
    """The cluster's default without a type may hold what all types have."""
    if check and check["type"] is None:
        _read(_common(), check["given"], "every check", check["path"], report)


def for_service(own: Mapping[str, Any] | None, default: Mapping[str, Any] | None, ports: Ports, path: str, report: Report) -> tuple[dict[str, Any], str]:
    """The complete check of a virtual server; where its real servers have no port of their own, the check says which it asks."""
    protocol, first = ports.ranges[0][0], ports.health_port(ports.ranges[0][0]) or 0
    check, why = complete(own, default, protocol, first, path, report)
    asked = registry.TYPES[check["type"]].asks
    if "port" not in check or check["port"] is not None or not asked:
        return check, why
    if ports.kernel_port and protocol == "sctp":
        report.add(
            path, "keepalived has no check of type %s over sctp" % check["type"], "give ping, external or none; or the check's port, of a service beside it"
        )
    elif not ports.kernel_port:
        check["port"] = ports.health_port(asked)
        if check["port"] is None:
            report.add(path + ".port", "is missing: the virtual server has no %s port that could be asked" % asked, "give it, or type: ping")
    return check, why


def complete(
    own: Mapping[str, Any] | None, default: Mapping[str, Any] | None, protocol: str, port: int, path: str, report: Report
) -> tuple[dict[str, Any], str]:
    """The complete check of a virtual server, and why it has its type ('' where it was asked for).

    own, default: what HealthCheck read, of the virtual server and of the cluster.
    """
    fallback = registry.default_for(protocol, port)
    why = ""
    kind = (own or {}).get("type") or (default or {}).get("type")
    values: dict[str, Any] = {}
    if kind is None:
        kind = fallback["type"]
        values.update({key: value for key, value in fallback.items() if key != "type"})
        why = "from protocol %s and %s" % (protocol, "port %d" % port if port else "all ports")
    fields = _fields(kind)
    given: dict[str, Any] = {}
    if default:
        alike = fields if default["type"] == kind else _common()
        given.update(read_fields(alike.values(), {k: v for k, v in default["given"].items() if k in alike}, path, Report(), partial=True))
    if own:
        whose = "the check " + kind + (" (%s)" % why if why else "")
        given.update(_read(fields, own["given"], whose, path, report))
    given = {key: value for key, value in given.items() if key in fields}
    if own is None and default is not None:
        path = default["path"]
    wrong = Report()
    values = read_fields(fields.values(), {**values, **given}, path, wrong)
    if "timeout" in values and "timeout" not in given and None not in (values["timeout"], values["interval"]):
        # A default timeout gives way to a short interval; one that was asked for doesn't.
        values["timeout"] = min(values["timeout"], values["interval"])
    check = {"type": kind, **values}
    bad = any(given[key] is None for key in given)
    for problem in wrong or ([] if bad else registry.TYPES[kind].problems(check, path)):
        report.add(*problem)
    return (check if wrong or bad else registry.TYPES[kind].complete(check)), why
