# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a virtual server chooses, and how long its choice holds: scheduler, flags, persistence, one-packet scheduling."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model.ipvs_words import SCHEDULERS
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report, one_of


def check(read: Mapping[str, Any], path: str, protocols: set[str], report: Report) -> None:
    """What the fields can't say one by one. protocols: of all ports of the virtual server; empty where one was wrong."""
    _flags(read, path, report)
    if read["persistence_engine"]:
        if not read["persistence"]:
            report.add(path + ".persistence_engine", "means nothing without persistence", "give persistence too: seconds")
        if protocols - {"udp"}:
            report.add(path + ".persistence_engine", "%s reads UDP alone" % read["persistence_engine"], "give protocol: udp, or leave it out")
    if read["one_packet"]:
        if protocols - {"udp"}:
            report.add(
                path + ".one_packet",
                "%s can't be scheduled packet by packet" % " and ".join(sorted(protocols - {"udp"})),
                "leave it out, or give protocol: udp",
            )
        if read["persistence"]:
            report.add(path + ".one_packet", "with persistence, the packets of a client go to one real server", "leave out one of the two")


def check_masks(given: Mapping[str, Any], families: list[int], path: str, report: Report) -> None:
    """A mask of a family that the virtual server doesn't have."""
    kept = given.get("persistence")
    for family, key, other in ((4, "netmask", "netmask6"), (6, "netmask6", "netmask")):
        if isinstance(kept, Mapping) and kept.get(key) is not None and families and family not in families:
            report.add("%s.persistence.%s" % (path, key), "the virtual server has no IPv%d address" % family, "give %s" % other)


def _flags(read: Mapping[str, Any], path: str, report: Report) -> None:
    scheduler = read["scheduler"]
    if scheduler is None:
        return
    known = SCHEDULERS[scheduler]
    for flag in read["scheduler_flags"] or ():
        if flag not in known:
            message = "the scheduler %s has no flag %s" % (scheduler, flag)
            owner = next(name for name, flags in SCHEDULERS.items() if flag in flags)
            report.add(path + ".scheduler_flags", message, ("give " + one_of(known) if known else "leave it out") + ", or scheduler: " + owner)


def persistence(read: Mapping[str, Any], family: int) -> dict[str, Any] | None:
    """``{"timeout": 300, "netmask": "255.255.255.0"}`` of a virtual server; an IPv6 mask is its prefix length, "64"."""
    kept = read["persistence"]
    if not kept:
        return None
    return {"timeout": kept["timeout"], "netmask": kept["netmask"] if family == 4 else str(kept["netmask6"])}
