# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table as the lines of `ipvsadm -Sn`, and operations as the lines that a person would type."""

from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._model.table import endpoint

_SERVICE_ACTIONS = {"add": "-A", "edit": "-E", "delete": "-D"}
_DESTINATION_ACTIONS = {"add": "-a", "edit": "-e", "delete": "-d"}
_PROTOCOLS = {"tcp": "-t", "udp": "-u", "sctp": "--sctp-service"}
_FORWARDS = {"nat": "-m", "direct": "-g", "tunnel": "-i"}


def service_words(service):
    """The words that name a service: '-t 192.0.2.1:80' or '-f 7 -6'."""
    if service["firewall_mark"] is not None:
        return "-f %d%s" % (service["firewall_mark"], " -6" if service["family"] == "ipv6" else "")
    protocol = _PROTOCOLS.get(service["protocol"], "--%s-service" % service["protocol"])
    return "%s %s" % (protocol, endpoint(service["address"], service["port"]))


def service_options(service):
    """' -s wlc -p 300 …' in ipvsadm's own order."""
    text = " -s " + service["scheduler"]
    if service["persistence_timeout"] is not None:
        text += " -p %d" % service["persistence_timeout"]
        if service["persistence_netmask"] not in ("255.255.255.255", "128"):
            text += " -M " + service["persistence_netmask"]
    if service["persistence_engine"]:
        text += " --pe " + service["persistence_engine"]
    if service["one_packet"]:
        text += " -o"
    if service["scheduler_flags"]:
        text += " -b " + ",".join(service["scheduler_flags"])
    return text


def destination_options(destination):
    """' -m -w 100 …'; thresholds, which ipvsadm -S leaves out, only where there are any."""
    text = " %s -w %d" % (_FORWARDS.get(destination["forward"], "-m"), destination["weight"])
    if destination["upper_threshold"]:
        text += " -x %d" % destination["upper_threshold"]
    if destination["lower_threshold"]:
        text += " -y %d" % destination["lower_threshold"]
    if destination["tunnel_type"] is not None:
        text += " --tun-type " + destination["tunnel_type"]
        if destination["tunnel_port"] is not None:
            text += " --tun-port %d" % destination["tunnel_port"]
        if destination["tunnel_checksum"] is not None:
            text += " --tun-" + destination["tunnel_checksum"]
    return text


def lines(services):
    """The lines of `ipvsadm -Sn` for complete services."""
    result = []
    for service in services:
        name = service_words(service)
        result.append("-A " + name + service_options(service))
        start = "-a " + name + " -r "
        result += [
            start + endpoint(row["address"], row["port"]) + destination_options(row) for row in service["destinations"]
        ]
    return result


def command(operation):
    """The ipvsadm line of an operation of plan.py."""
    name = service_words(operation.service)
    row = operation.destination
    if row is None:
        text = "ipvsadm %s %s" % (_SERVICE_ACTIONS[operation.action], name)
        return text if operation.action == "delete" else text + service_options(operation.service)
    text = "ipvsadm %s %s -r %s" % (_DESTINATION_ACTIONS[operation.action], name, endpoint(row["address"], row["port"]))
    return text if operation.action == "delete" else text + destination_options(row)
