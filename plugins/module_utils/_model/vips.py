# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The floating addresses: VIPs of the virtual servers, and gateways of the real servers."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model.networks import family_of, network_of, parsed
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report, join

# IFNAMSIZ less the closing zero: the kernel keeps an address's label in as many bytes as a name of an interface.
LONGEST_LABEL = 15
GATEWAY_LABEL = "gw"


def vips(
    services: list[tuple[dict[str, Any], Mapping[str, Any], str]], networks: Mapping[str, Any], report: Report, derived: dict[str, str]
) -> list[dict[str, Any]]:
    """The floating addresses in the order of the definition, gateways last.

    services: (normalised virtual server, what the schema read of it, its path).
    """
    result: dict[str, dict[str, Any]] = {}
    origin: dict[str, str] = {}
    for service, read, path in services:
        if read["label"] is not None and service["name"] == service["service"] and service["family"] == 6:
            report.add(join(path, "label"), "IPv6 addresses have no labels", "leave it out")
        for address in service["addresses"]:
            # All addresses of a network that holds one are in it; those of a mark may be in several.
            vip = result.setdefault(address, _vip(address, network_of(address, networks) or service["network"], "service"))
            origin.setdefault(address, path)
            vip["virtual_servers"].append(service["name"])
            _say(vip, read, address == service["address"], path, origin[address], report)
    for name, network in networks.items():
        for key in ("gateway", "gateway6"):
            gateway = network[key]
            if not gateway:
                continue
            if gateway in result:
                report.add("networks.%s.%s" % (name, key), "%s is the VIP of %s too" % (gateway, origin[gateway]), "give the gateway an address of its own")
                continue
            result[gateway] = _vip(gateway, name, "gateway")
            origin[gateway] = "networks." + name
    everything = list(result.values())
    _labels(everything, networks, origin, report, derived)
    return everything


def _say(vip: dict[str, Any], read: Mapping[str, Any], first: bool, path: str, origin: str, report: Report) -> None:
    """Where the virtual server wants its VIP; the label is that of its first one."""
    for key in ("label", "device"):
        if read[key] is None or (key == "label" and (vip["family"] == 6 or not first)):
            continue
        if vip[key] not in (None, read[key]):
            report.add(
                join(path, key),
                "%s, but %s has %s for the same address %s" % (read[key], origin, vip[key], vip["address"]),
                "say it once, or the same in both",
            )
        else:
            vip[key] = read[key]


def _vip(address: str, network: str | None, kind: str) -> dict[str, Any]:
    family = family_of(address)
    return {
        "address": address,
        "prefix": 128 if family == 6 else 32,
        "family": family,
        "network": network,
        "label": None,
        "device": None,
        "virtual_servers": [],
        "kind": kind,
    }


def _place(vip: Mapping[str, Any]) -> tuple[str, str]:
    """What two VIPs must share for their labels to clash."""
    return ("device", vip["device"]) if vip["device"] else ("network", vip["network"] or "")


def _labels(everything: list[dict[str, Any]], networks: Mapping[str, Any], origin: Mapping[str, str], report: Report, derived: dict[str, str]) -> None:
    used: dict[tuple[Any, ...], str] = {}
    for vip in everything:
        if vip["label"] is None:
            continue
        key = (_place(vip), vip["label"])
        if key in used:
            where = origin[vip["address"]]
            report.add(where + ".label", "%s is the label of %s too" % (vip["label"], used[key]), "give each VIP its own label, or none")
        used.setdefault(key, vip["address"])
        too_long(vip, vip["device"] or networks.get(vip["network"], {}).get("interface"), origin[vip["address"]] + ".label", report)
    for vip in everything:
        cidr = networks[vip["network"]]["cidr"] if vip["network"] else None
        if vip["label"] is not None or cidr is None or vip["family"] == 6:
            continue
        # Never its rank: keepalived takes an address whose label changes away and adds it again, so a VIP
        # that is put in before others must not touch theirs.
        gateway = vip["kind"] == "gateway"
        label = GATEWAY_LABEL if gateway else str(int(ipaddress.IPv4Address(vip["address"])) - int(parsed(cidr).network_address))
        path = "vips.%s.label" % vip["address"]
        if (_place(vip), label) in used:
            derived[path] = "none: %s is the label of %s" % (label, used[_place(vip), label])
        else:
            vip["label"] = label
            derived[path] = "every gateway has it" if gateway else "the VIP's number in its network"


def too_long(vip: Mapping[str, Any], interface: str | None, path: str, report: Report) -> None:
    """Report a label that doesn't fit its interface."""
    if interface and vip["label"] and len("%s:%s" % (interface, vip["label"])) > LONGEST_LABEL:
        room = LONGEST_LABEL - len(interface) - 1
        report.add(
            path,
            "%s:%s has %d characters, the kernel takes %d" % (interface, vip["label"], len("%s:%s" % (interface, vip["label"])), LONGEST_LABEL),
            "give a label of at most %d" % room if room > 0 else "leave it out: %s has no room for one" % interface,
        )


def served(everything: list[dict[str, Any]], heartbeats: list[str], networks: Mapping[str, Any], real_servers: list[dict[str, Any]], report: Report) -> None:
    """VIPs need a heartbeat in their network, and must not be a machine's own address."""
    missing: dict[str, str] = {}
    for vip in everything:
        if vip["network"] and vip["network"] not in heartbeats:
            missing.setdefault(vip["network"], vip["address"])
    for network, address in missing.items():
        off = networks[network]["heartbeat"] is False
        report.add(
            "networks.%s.heartbeat" % network if off else "heartbeat.networks",
            "%s has the floating address %s, but no heartbeat" % (network, address),
            "give heartbeat: true" if off else "name %s too" % network,
        )
    floating = {vip["address"]: vip for vip in everything}
    for server in real_servers:
        for address in (server["address"], server["address6"]):
            if address in floating:
                vip = floating[address]
                what = "VIP of " + ", ".join(str(name) for name in vip["virtual_servers"]) if vip["kind"] == "service" else "gateway of " + str(vip["network"])
                report.add("real_servers", "%s has the address %s, which is the %s" % (server["name"], address, what), "give the real server's own address")
