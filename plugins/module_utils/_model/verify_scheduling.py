# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a service in the kernel chooses among its real servers as declared. A part of verify_table.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def differences(service: Mapping[str, Any], found: Mapping[str, Any]) -> list[tuple[str, str]]:
    """``("the scheduler rr", "wlc")`` for each difference: what the kernel has, what is declared. `found` is of the shape of _kernel/ipvs.py."""
    pairs = [
        ("the scheduler %s", found["scheduler"], service["scheduler"]),
        ("the scheduler flags %s", _list(found["scheduler_flags"]), _list(service["scheduler_flags"])),
        ("one-packet scheduling %s", *("on" if one["one_packet"] else "off" for one in (found, service))),
        ("the persistence %s", *_persistences(service, found)),
        ("the persistence engine %s", found["persistence_engine"] or "none", service["persistence_engine"] or "none"),
    ]
    return [(words % have, want) for words, have, want in pairs if have != want]


def _list(words: Any) -> str:
    return ", ".join(sorted(words)) or "none"


def _persistences(service: Mapping[str, Any], found: Mapping[str, Any]) -> tuple[str, str]:
    """The masks are named where they differ."""
    want = service["persistence"] or {"timeout": None, "netmask": None}
    have = {"timeout": found["persistence_timeout"], "netmask": found["persistence_netmask"]}
    masks = have["netmask"] != want["netmask"] and have["timeout"] and want["timeout"]
    return _persistence(have, masks), _persistence(want, masks)


def _persistence(kept: Mapping[str, Any], with_mask: Any) -> str:
    if not kept["timeout"]:
        return "none"
    return "%d s" % kept["timeout"] + (" by %s" % kept["netmask"] if with_mask else "")
