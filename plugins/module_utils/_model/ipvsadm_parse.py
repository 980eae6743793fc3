# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lines of `ipvsadm -Sn` (or what `ipvsadm -R` takes) into services of the plain form."""

from __future__ import annotations

import re
import shlex
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model import table
from ansible_collections.lvs.cluster.plugins.module_utils._model.ipvsadm_text import lines as rendered_lines
from ansible_collections.lvs.cluster.plugins.module_utils._model.plan import target
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report

DEFAULT_PERSISTENCE = "360"  # seconds, of `-p` without a number
# Options with a value: the key that it is for.
_SERVICE_VALUES = {
    "-s": "scheduler",
    "--scheduler": "scheduler",
    "-M": "persistence_netmask",
    "--netmask": "persistence_netmask",
    "--pe": "persistence_engine",
    "--pe-name": "persistence_engine",
}
_DESTINATION_VALUES = {
    "-w": "weight",
    "--weight": "weight",
    "-x": "upper_threshold",
    "--u-threshold": "upper_threshold",
    "-y": "lower_threshold",
    "--l-threshold": "lower_threshold",
    "--tun-type": "tunnel_type",
    "--tun-port": "tunnel_port",
}
_SERVICE_SWITCHES = {
    "-o": ("one_packet", True),
    "--ops": ("one_packet", True),
}
_DESTINATION_SWITCHES = {
    "-m": ("forward", "nat"),
    "--masquerading": ("forward", "nat"),
    "-g": ("forward", "direct"),
    "--gatewaying": ("forward", "direct"),
    "-i": ("forward", "tunnel"),
    "--ipip": ("forward", "tunnel"),
    "--tun-nocsum": ("tunnel_checksum", "nocsum"),
    "--tun-csum": ("tunnel_checksum", "csum"),
    "--tun-remcsum": ("tunnel_checksum", "remcsum"),
}
_PROTOCOLS = {
    "-t": "tcp",
    "--tcp-service": "tcp",
    "-u": "udp",
    "--udp-service": "udp",
    "--sctp-service": "sctp",
}


class Wrong(ValueError):
    """A line that can't be understood."""


def parse(text):
    """(complete services, [Problem]); the paths of the problems are 'line N'."""
    report = Report()
    services: list[dict[str, Any]] = []
    index: dict[Any, dict[str, Any]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        where = "line %d" % number
        try:
            found = _line(line)
            if found is not None:
                _add(found, services, index, where, report)
        except ValueError as error:
            report.add(where, str(error), "give lines as 'ipvsadm -Sn' prints them")
    if report:
        return [], report
    complete = target([], services, "overridden", report)
    return complete, report


def render(services):
    """(text as of `ipvsadm -Sn`, [Problem]) of services as a user gives them."""
    report = Report()
    given = table.read_services(services, "services", report)
    complete = target([], given, "overridden", report)
    return ("" if report else "".join(line + "\n" for line in rendered_lines(complete))), report


def _line(line):
    """(is it a destination?, {key: text}) of a line, or None of an empty one."""
    tokens = shlex.split(line, comments=True)
    if tokens and tokens[0] == "ipvsadm":
        tokens = tokens[1:]
    if not tokens:
        return None
    first = tokens.pop(0)
    if first not in ("-A", "--add-service", "-a", "--add-server"):
        raise Wrong("%r adds neither a service nor a destination" % first)
    is_destination = first in ("-a", "--add-server")
    # ipvsadm forwards directly unless told otherwise, and schedules by wlc.
    service: dict[str, Any] = {}
    destination: dict[str, Any] = {"forward": "direct"} if is_destination else {}
    while tokens:
        _option(tokens, service, destination, is_destination)
    if is_destination and "address" not in destination:
        raise Wrong("a destination without -r")
    return service, destination if is_destination else None


def _option(tokens, service, destination, is_destination):
    option = tokens.pop(0)
    if option in _PROTOCOLS:
        service["protocol"] = _PROTOCOLS[option]
        service["address"], service["port"] = _endpoint(_value(option, tokens))
    elif option in ("-f", "--fwmark-service"):
        service["firewall_mark"] = _mark(_value(option, tokens))
    elif option in ("-p", "--persistent"):
        given = bool(tokens) and not tokens[0].startswith("-")
        service["persistence_timeout"] = tokens.pop(0) if given else DEFAULT_PERSISTENCE
    elif option in ("-r", "--real-server") and is_destination:
        destination["address"], destination["port"] = _endpoint(_value(option, tokens))
    elif option in ("-b", "--sched-flags") and not is_destination:
        # ipvsadm prints flags without a name of their own as nothing.
        given = bool(tokens) and not tokens[0].startswith("-")
        service["scheduler_flags"] = tokens.pop(0) if given else []
    elif option in _SERVICE_VALUES and not is_destination:
        service[_SERVICE_VALUES[option]] = _value(option, tokens)
    elif option in _DESTINATION_VALUES and is_destination:
        destination[_DESTINATION_VALUES[option]] = _value(option, tokens)
    elif option in ("-6", "--ipv6"):
        service["family"] = "ipv6"
    elif option in _SERVICE_SWITCHES and not is_destination:
        service.update((_SERVICE_SWITCHES[option],))
    elif option in _DESTINATION_SWITCHES and is_destination:
        destination.update((_DESTINATION_SWITCHES[option],))
    else:
        raise Wrong("the option %r is not known here" % option)


def _value(option, tokens):
    if not tokens:
        raise Wrong("the option %r needs a value" % option)
    return tokens.pop(0)


def _mark(text):
    """ipvsadm prints marks above 2147483647 as negative numbers."""
    return int(text) + 2**32 if re.match("-[0-9]{1,10}\\Z", text) else text


def _endpoint(text):
    """('192.0.2.1', '80') of '192.0.2.1:80' or '[2001:db8::1]:80'; without a port None."""
    if text.startswith("["):
        address, unused, rest = text[1:].partition("]")
        return address, rest[1:] or None if rest.startswith(":") else None
    address, unused, port = text.partition(":")
    return address, port or None


def _add(found, services, index, where, report):
    raw, destination = found
    if raw.get("port") is None and "address" in raw:
        raw["port"] = 0
    service = table.read_service(raw, where, report, with_destinations=False)
    if service is None:
        return
    key = table.service_key(service)
    if destination is None:
        if key in index:
            report.add(where, "names %s again" % table.service_name(service), "name each service once")
            return
        service["destinations"] = []
        services.append(service)
        index[key] = service
    elif key not in index:
        report.add(where, "the service %s is not added above" % table.service_name(service), "add it first, by -A")
    else:
        row = table.read_destination(destination, service, where, report)
        if row is None:
            return
        rows = index[key]["destinations"]
        if any(table.destination_key(row) == table.destination_key(other) for other in rows):
            report.add(where, "names %s again" % table.endpoint(row["address"], row["port"]), "name each destination once")
        rows.append(row)
