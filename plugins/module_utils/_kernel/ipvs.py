# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the kernel's IPVS table, sync daemons, timeouts and version.

This is the interface for all other parts of the collection; it stays as it is. All functions
read in the network namespace of the process, need root, and raise errors.KernelError, whose
text is a sentence and whose `kind` tells a missing module ('no_ipvs') or library ('no_library').
`connection` may be given to read several things over one connection.

The plain form of the table is what ipvs_services takes as `services`: a list of services,

    {"protocol": "tcp"|"udp"|"sctp"|None, "address": "192.0.2.1"|None, "port": 80|None,
     "firewall_mark": None|1, "family": "ipv4"|"ipv6", "scheduler": "wlc", "scheduler_flags": [],
     "persistence_timeout": None|300 (seconds), "persistence_netmask": None|"255.255.255.255"|"128",
     "persistence_engine": None|"sip", "one_packet": False, "destinations": [
        {"address": "10.0.0.1", "port": 80, "forward": "nat"|"direct"|"tunnel", "weight": 100,
         "upper_threshold": 0, "lower_threshold": 0, "tunnel_type": None|"ipip"|"gue"|"gre",
         "tunnel_port": None|6080, "tunnel_checksum": None|"nocsum"|"csum"|"remcsum"}]}

every key always there; a service has protocol, address and port, or firewall_mark. Both lists
are sorted (services: marks first, then family, protocol, address, port).
"""

from __future__ import annotations

import contextlib
import socket

from ansible_collections.lvs.cluster.plugins.module_utils._kernel import connection as connections
from ansible_collections.lvs.cluster.plugins.module_utils._kernel import dumps, errors, layout, messages
from ansible_collections.lvs.cluster.plugins.module_utils._model.table import destination_key, service_key

ATTEMPTS = 5  # a table that changes during each of so many readings is an error


@contextlib.contextmanager
def _connected(given, load=None):
    if given is not None:
        yield given
    else:
        with connections.Connection(load) as opened:
            yield opened


def read_table(connection=None, load=None):
    """The table as a list of services in the plain form (see the module's text)."""
    return read_table_and_statistics(connection, load, statistics=False)[0]


def read_table_and_statistics(connection=None, load=None, statistics=True):
    """(services, statistics): the plain form, and counters apart.

    statistics: per service, in the same order, {protocol, address, port, firewall_mark, family,
    "statistics": {connections, packets_in, packets_out, bytes_in, bytes_out and the same as ..._per_second},
    "destinations": [{address, port, active_connections, inactive_connections, persistent_connections, "statistics"}]}.
    """
    with _connected(connection, load) as opened:
        for _attempt in range(ATTEMPTS):
            try:
                return _read(opened, statistics)
            except connections.DumpInterrupted:
                continue
    raise errors.KernelError("the IPVS table changed during each of %d attempts to read it; try again" % ATTEMPTS)


def _read(opened, statistics):
    rows = []
    for message in list(opened.dump(layout.GET_SERVICE)):
        plain, counted, name, family = dumps.service(message)
        rows.append((service_key(plain), plain, counted, name, family))
    rows.sort(key=lambda row: row[0])
    services, statistics_list = [], []
    for _key, plain, counted, name, family in rows:
        destinations = [dumps.destination(message, family) for message in opened.dump(layout.GET_DEST, name)]
        destinations.sort(key=lambda row: destination_key(row[0]))
        plain["destinations"] = [row[0] for row in destinations]
        services.append(plain)
        if statistics:
            statistics_list.append(_statistics(plain, counted, destinations))
    return services, statistics_list


def _statistics(plain, counted, destinations):
    result = {key: plain[key] for key in ("protocol", "address", "port", "firewall_mark", "family")}
    result["statistics"] = dumps.statistics(counted)
    result["destinations"] = [
        dict(
            {"address": row[0]["address"], "port": row[0]["port"], "statistics": dumps.statistics(row[2])},
            **row[1],
        )
        for row in destinations
    ]
    return result


def _asked(opened, what, *arguments, **options):
    """ask(), with pyroute2's error as ours."""
    from pyroute2.netlink.exceptions import NetlinkError

    try:
        return opened.ask(*arguments, **options)
    except NetlinkError as error:
        raise errors.refused(error.code, what) from None


def read_information(connection=None, load=None):
    """{"version": "1.2.1", "connection_table_size": 4096}."""
    with _connected(connection, load) as opened:
        answer = _asked(
            opened, "read the version of IPVS", layout.GET_INFO, message_class=messages.IpvsInfoMessage
        )[0]
    version = answer.get_attr("IPVS_INFO_ATTR_VERSION")
    return {
        "version": "%d.%d.%d" % (version >> 16 & 0xFF, version >> 8 & 0xFF, version & 0xFF),
        "connection_table_size": answer.get_attr("IPVS_INFO_ATTR_CONN_TAB_SIZE"),
    }


def read_timeouts(connection=None, load=None):
    """{"tcp": 900, "tcp_fin": 120, "udp": 300}, seconds."""
    with _connected(connection, load) as opened:
        answer = _asked(opened, "read the timeouts of IPVS", layout.GET_CONFIG)[0]
    return {
        word: answer.get_attr("IPVS_CMD_ATTR_TIMEOUT_" + word.upper()) for word in ("tcp", "tcp_fin", "udp")
    }


def read_daemons(connection=None, load=None):
    """The running connection sync daemons: at most a master and a backup, in this order.

    {"state": "master"|"backup", "interface": "eth1", "sync_id": 17, "max_length": 1472 (bytes),
     "group": "224.0.0.81", "port": 8848, "ttl": 1}
    """
    with _connected(connection, load) as opened:
        answers = _asked(opened, "read the sync daemons of IPVS", layout.GET_DAEMON, dump=True)
    words = {number: word for word, number in layout.DAEMON_STATES.items()}
    found = []
    for answer in answers:
        daemon = answer.get_attr("IPVS_CMD_ATTR_DAEMON")
        if daemon is None:
            continue

        def value(name, daemon=daemon):
            return daemon.get_attr("IPVS_DAEMON_ATTR_" + name)

        group6 = value("MCAST_GROUP6")
        group = value("MCAST_GROUP")
        found.append(
            {
                "state": words[value("STATE")],
                "interface": value("MCAST_IFN"),
                "sync_id": value("SYNC_ID"),
                "max_length": value("SYNC_MAXLEN"),
                "group": _group(group, group6),
                "port": value("MCAST_PORT"),
                "ttl": value("MCAST_TTL"),
            }
        )
    return sorted(found, key=lambda daemon: daemon["state"], reverse=True)


def _group(group, group6):
    if group6 is not None:
        return dumps.address(socket.AF_INET6, group6)
    return dumps.address(socket.AF_INET, group) if group is not None else None
