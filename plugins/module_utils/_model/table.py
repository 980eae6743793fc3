# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The IPVS table in its plain form: read what a user gave, complete it, check it.

The plain form is described in _kernel/ipvs.py. What a user gives is the same with keys left out
or None; `read_services` returns it with only the keys that were given, `complete_…` adds what
is missing from what is there already or from the defaults, `check_…` looks at keys together.
"""

from __future__ import annotations

import socket
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model import ipvs_words as words
from ansible_collections.lvs.cluster.plugins.module_utils._model.ipvs_values import (
    Address,
    Boolean,
    Engine,
    FlagWords,
    Integer,
    Netmask,
    Word,
)
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report, nearest, one_of, shown

NAMING = ("protocol", "address", "port", "firewall_mark", "family")
SERVICE_DEFAULTS: dict[str, Any] = {
    "scheduler": "wlc",
    "scheduler_flags": [],
    "persistence_timeout": None,
    "persistence_netmask": None,
    "persistence_engine": None,
    "one_packet": False,
}
DESTINATION_DEFAULTS: dict[str, Any] = {
    "forward": "nat",
    "weight": 1,
    "upper_threshold": 0,
    "lower_threshold": 0,
    "tunnel_type": None,
    "tunnel_port": None,
    "tunnel_checksum": None,
}
NETMASK = Netmask()
SERVICE_FIELDS = {
    "protocol": Word(words.PROTOCOLS),
    "address": Address(),
    "port": Integer(0, 65535),
    "firewall_mark": Integer(1, words.LARGEST_MARK),
    "family": Word(words.FAMILIES),
    "scheduler": Word(tuple(words.SCHEDULERS)),
    "scheduler_flags": FlagWords(words.all_flag_words()),
    "persistence_timeout": Integer(0, words.LONGEST_PERSISTENCE),
    "persistence_netmask": NETMASK,
    "persistence_engine": Engine(),
    "one_packet": Boolean(),
}
DESTINATION_FIELDS = {
    "address": Address(),
    "port": Integer(0, 65535),
    "forward": Word(words.FORWARDS),
    "weight": Integer(0, words.LARGEST_WEIGHT),
    "upper_threshold": Integer(0, words.LARGEST_THRESHOLD),
    "lower_threshold": Integer(0, words.LARGEST_THRESHOLD),
    "tunnel_type": Word(words.TUNNEL_TYPES),
    "tunnel_port": Integer(1, 65535),
    "tunnel_checksum": Word(words.CHECKSUMS),
}


def address_key(text):
    """Sort key of an address: IPv4 before IPv6, then by number."""
    if ":" in text:
        return (6, socket.inet_pton(socket.AF_INET6, text))
    return (4, socket.inet_pton(socket.AF_INET, text))


def service_key(service):
    """Sort key of a service; two services have the same only if the kernel takes them for one."""
    if service["firewall_mark"] is not None:
        return (0, service["firewall_mark"], service["family"])
    return (1, service["protocol"], address_key(service["address"]), service["port"])


def destination_key(destination):
    """Sort key of a destination within its service, and what the kernel knows it by."""
    address = destination["address"]
    if ":" in address:
        return (6, socket.inet_pton(socket.AF_INET6, address), destination["port"])
    return (4, socket.inet_pton(socket.AF_INET, address), destination["port"])


def family_of(address):
    return "ipv6" if ":" in address else "ipv4"


def service_name(service):
    """'tcp 192.0.2.1:80', 'tcp [2001:db8::1]:80' or 'firewall mark 7 (ipv6)', for messages."""
    if service["firewall_mark"] is not None:
        return "firewall mark %d (%s)" % (service["firewall_mark"], service["family"])
    return "%s %s" % (service["protocol"], endpoint(service["address"], service["port"]))


def endpoint(address, port):
    return ("[%s]:%d" if ":" in address else "%s:%d") % (address, port)


def read_services(raw, path, report):
    """The given services with only the keys that were given, destinations alike. Problems go into report."""
    if not isinstance(raw, (list, tuple)):
        report.add(path, "%s is not a list" % shown(raw), "give a list of services")
        return []
    services: list[dict[str, Any]] = []
    seen: dict[Any, str] = {}
    for index, item in enumerate(raw):
        where = "%s[%d]" % (path, index)
        service = read_service(item, where, report)
        if service is None:
            continue
        key = service_key(service)
        if key in seen:
            report.add(where, "names %s again, after %s" % (service_name(service), seen[key]), "name each service once")
        seen.setdefault(key, where)
        services.append(service)
    return services


def _given(raw, fields, path, report, extra=()):
    """{name: value} of the keys of a mapping that are given, or None if it is no mapping."""
    if not isinstance(raw, dict):
        report.add(path, "%s is not a mapping" % shown(raw), "give keys such as address and port")
        return None
    found = {}
    for name, value in raw.items():
        if value is None:
            continue
        kind = fields.get(name)
        if kind is not None:
            read = kind.read(value, path, name, report)
            if read is not None:
                found[name] = read
        elif name not in extra:
            near = nearest(name, list(fields) + list(extra))
            remedy = "did you mean %s?" % near if near else "there are %s" % one_of(list(fields) + list(extra))
            report.add("%s.%s" % (path, name) if path else str(name), "there is no such key", remedy)
    return found


def _path(path, name):
    return "%s.%s" % (path, name) if path else name


def read_service(raw, path, report, with_destinations=True):
    """One given service with all NAMING keys, or None if it can't be told which service is meant."""
    found = _given(raw, SERVICE_FIELDS, path, report, ("destinations",) if with_destinations else ())
    if found is None or not _name(raw, found, path, report):
        return None
    if "persistence_netmask" in found:
        found["persistence_netmask"] = NETMASK.fit(
            found["persistence_netmask"], found["family"], _path(path, "persistence_netmask"), report
        )
    if with_destinations and raw.get("destinations") is not None:
        found["destinations"] = _read_destinations(raw["destinations"], found, _path(path, "destinations"), report)
    return found


def _name(raw, found, path, report):
    """Complete the naming keys in place; False if a wrong or missing one leaves the service unnamed."""
    if raw.get("firewall_mark") is not None:
        for name in ("protocol", "address", "port"):
            if raw.get(name) is not None:
                report.add(_path(path, name), "a service of a firewall mark has no %s" % name, "leave out one of the two")
        found.setdefault("family", "ipv4")
        found.update(protocol=None, address=None, port=None)
        return "firewall_mark" in found
    for name in ("address", "port"):
        if raw.get(name) is None:
            report.add(_path(path, name), "is missing", "give address and port, or firewall_mark")
    if "address" not in found or "port" not in found or ("protocol" not in found and raw.get("protocol") is not None):
        return False
    family = family_of(found["address"])
    if found.setdefault("family", family) != family:
        report.add(_path(path, "family"), "%s is an %s address" % (found["address"], family), "leave family out")
    found.setdefault("protocol", "tcp")
    found["firewall_mark"] = None
    return True


def _read_destinations(raw, service, path, report):
    if not isinstance(raw, (list, tuple)):
        report.add(path, "%s is not a list" % shown(raw), "give a list of destinations")
        return []
    destinations: list[dict[str, Any]] = []
    seen: dict[Any, str] = {}
    for index, item in enumerate(raw):
        where = "%s[%d]" % (path, index)
        destination = read_destination(item, service, where, report)
        if destination is None:
            continue
        key = destination_key(destination)
        if key in seen:
            name = endpoint(destination["address"], destination["port"])
            report.add(where, "names %s again, after %s" % (name, seen[key]), "name each destination once")
        seen.setdefault(key, where)
        destinations.append(destination)
    return destinations


def read_destination(raw, service, path, report):
    """One given destination with address and port, or None. The port is the service's if it is left out."""
    found = _given(raw, DESTINATION_FIELDS, path, report)
    if found is None:
        return None
    if raw.get("address") is None:
        report.add(_path(path, "address"), "is missing", "give the address of the real server")
    if raw.get("port") is None:
        found["port"] = service["port"] or 0
    return found if "address" in found and "port" in found else None


def complete_service(given, have=None):
    """A complete service without destinations: what is given, over what is there, over the defaults."""
    service = {name: given[name] for name in NAMING}
    service.update(SERVICE_DEFAULTS)
    if have is not None:
        service.update((name, have[name]) for name in SERVICE_DEFAULTS)
        # The flags of one scheduler mean nothing to another.
        if given.get("scheduler", have["scheduler"]) != have["scheduler"]:
            service["scheduler_flags"] = []
    service.update((name, value) for name, value in given.items() if name in SERVICE_DEFAULTS)
    service["scheduler_flags"] = _ordered_flags(service)
    if not service["persistence_timeout"]:
        service["persistence_timeout"] = None
        for name in ("persistence_netmask", "persistence_engine"):
            service[name] = given.get(name) or None
    elif service["persistence_netmask"] is None:
        service["persistence_netmask"] = "128" if service["family"] == "ipv6" else "255.255.255.255"
    service["persistence_engine"] = service["persistence_engine"] or None
    return service


def _ordered_flags(service):
    """The flags in the order of the bits, by the names that the scheduler has for them."""
    flags = service["scheduler_flags"]
    if not flags:
        return []
    known = words.flag_words(service["scheduler"])
    bits = {word: place for place, word in enumerate(known)}
    bits.update(("flag-%d" % (place + 1), place) for place in range(words.FLAG_BITS))
    unknown = [word for word in flags if word not in bits]
    return [known[place] for place in sorted({bits[word] for word in flags if word in bits})] + unknown


def complete_destination(given, have=None):
    """A complete destination: what is given, over what is there, over the defaults."""
    destination = {"address": given["address"], "port": given["port"]}
    destination.update(DESTINATION_DEFAULTS)
    if have is not None:
        destination.update(have)
    destination.update(given)
    if destination["forward"] != "tunnel":
        for name in ("tunnel_type", "tunnel_port", "tunnel_checksum"):
            destination[name] = given.get(name)
        return destination
    kind = destination["tunnel_type"] = destination["tunnel_type"] or "ipip"
    if kind != "gue":
        destination["tunnel_port"] = given.get("tunnel_port")
    checksums = words.TUNNEL_CHECKSUMS.get(kind, ())
    if destination["tunnel_checksum"] not in checksums:
        destination["tunnel_checksum"] = given.get("tunnel_checksum") or (checksums[0] if checksums else None)
    return destination


def problems_of(raw, path="services"):
    """All problems of given services that show without a kernel: for tests and for filters."""
    report = Report()
    read_services(raw, path, report)
    return report
