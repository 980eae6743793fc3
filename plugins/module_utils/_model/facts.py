# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts as Ansible's setup module returns them, in the short form that resolve.py reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def interfaces(facts: Mapping[str, Any]) -> dict[str, Any] | None:
    """``{"interfaces": {name: {"ipv4": [{"address", "prefix"}], "ipv6": [...], "active": bool}}, "default6": name or None}``, or None.

    default6: the interface of the default route of IPv6.

    facts: `ansible_facts` of one host. Labels such as eth0:1, which setup takes for interfaces (and
    writes as eth0_1), are counted to their interface; the first address is the primary one.
    """
    if not facts.get("interfaces"):
        return None
    # setup writes - as _ in the keys of facts. Only a real interface has the fact `device`.
    found = {str(name): facts.get(name) or facts.get(str(name).replace("-", "_")) or {} for name in facts["interfaces"]}
    devices = {name: "".join(raw["device"]) for name, raw in found.items() if raw.get("device")}
    result: dict[str, Any] = {}
    for name, raw in sorted(found.items(), key=lambda item: item[0] not in devices):
        device = devices.get(name) or _device_of(name, devices.values())
        entry = result.setdefault(device, {"ipv4": [], "ipv6": [], "active": bool(raw.get("active", False))})
        for address in [raw.get("ipv4") or {}, *(raw.get("ipv4_secondaries") or [])]:
            _add(entry["ipv4"], address, _length(address))
        for address in raw.get("ipv6") or []:
            _add(entry["ipv6"], address, int(address.get("prefix") or 128))
    default6 = (facts.get("default_ipv6") or {}).get("interface")
    return {"interfaces": result, "default6": str(default6) if default6 else None}


def _device_of(label: str, devices: Iterable[str]) -> str:
    """The interface of a label: the longest name with which it begins."""
    owners = [device for device in devices if label.startswith((device + "_", device + ":"))]
    return max(owners, key=len, default=label)


def _add(addresses: list[dict[str, Any]], address: Mapping[str, Any], prefix: int) -> None:
    if address.get("address") and all(known["address"] != address["address"] for known in addresses):
        addresses.append({"address": "".join(address["address"]), "prefix": prefix})


def _length(address: Mapping[str, Any]) -> int:
    if address.get("prefix"):
        return int(address["prefix"])
    mask = str(address.get("netmask") or "255.255.255.255")
    return sum(bin(int(part)).count("1") for part in mask.split("."))
