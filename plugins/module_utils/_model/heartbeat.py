# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The heartbeat: who takes part, and after how long a router counts as dead."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report, join
from ansible_collections.lvs.cluster.plugins.module_utils._model.references import known

# The first router of the definition is active when both are well. The gap leaves room for what lowers a priority.
PRIORITIES = (150, 100)  # of the first and the last router
MOST_ROUTERS = 5
# What a router loses that is not fit to serve, for each of the reasons. More than lies between the first and the last, so that it comes
# after all that are fit; but none leaves the election for it: if nobody is fit, the first one serves.
UNFIT = 60
# keepalived's range of down_timer_adverts, found by `keepalived -t` of 2.2.7; 3 is VRRP's own number.
ADVERTS = (1, 100)
DEFAULT_ADVERTS = 3
# The word for a cluster of one router; in the complete form it is the heartbeat's mode.
NONE = "none"


def priorities(number: int) -> list[int]:
    """Of so many routers, in their order.

    >>> priorities(3)
    [150, 125, 100]
    """
    first, last = PRIORITIES
    return [first - round(position * (first - last) / max(1, number - 1)) for position in range(number)]


def alone(cluster: Mapping[str, Any]) -> bool:
    """Whether the cluster has a single router, without heartbeat and so without keepalived."""
    return bool(cluster["heartbeat"]["mode"] == NONE)


def skew(priority: int) -> float:
    """What a backup of this priority waits beyond the missed adverts, in intervals (RFC 5798, 6.1)."""
    return (256 - priority) / 256


def exact_dead_time(adverts: int, interval: float, priority: int = PRIORITIES[1]) -> float:
    return (adverts + skew(priority)) * interval


def dead_time(adverts: int, interval: float, priority: int = PRIORITIES[1]) -> float:
    """Seconds from the last heartbeat to the takeover, to a millisecond.

    >>> dead_time(3, 1.0)
    3.609
    """
    return round(exact_dead_time(adverts, interval, priority), 3)


def adverts_for(asked: float, interval: float) -> int | None:
    """The fewest missed adverts whose dead time isn't below what is asked; None where there is none."""
    wanted = max(ADVERTS[0], math.ceil(asked / interval - skew(PRIORITIES[1]) - 1e-9))
    if asked < exact_dead_time(ADVERTS[0], interval) - 1e-9 or wanted > ADVERTS[1]:
        return None
    return wanted


def heartbeat(read: Any, networks: Mapping[str, Any], report: Report, derived: dict[str, str]) -> dict[str, Any]:
    """The normalised heartbeat from what the schema read: a mapping, the word none, or None where it was wrong."""
    if read == NONE:
        keys = ("interval", "dead_time", "down_timer_adverts", "effective_dead_time", "fail_back", "fail_back_delay", "startup_delay", "hand_over", "watchdog")
        nothing = {"link_tracking": {"enabled": False, "down_delay": 0, "up_delay": 0}, "ping_targets": []}
        return {**dict.fromkeys(keys), **nothing, "networks": [], "mode": NONE}
    read = read or {}
    interval, asked = read.get("interval"), read.get("dead_time")
    adverts: int | None = DEFAULT_ADVERTS
    if interval and asked:
        adverts = adverts_for(asked, interval)
        if adverts is None:
            _impossible(asked, interval, report)
    if interval and adverts:
        effective = dead_time(adverts, interval)
        if asked is None:
            why = "%d missed heartbeats and the backup's skew" % adverts
        elif effective > asked:
            why = "%g s asked for, rounded up to %s and the backup's skew" % (asked, "1 missed heartbeat" if adverts == 1 else "%d missed heartbeats" % adverts)
        else:
            why = ""
        if why:
            derived["heartbeat.effective_dead_time"] = why
    else:
        effective = None
    if read.get("fail_back") is False and read.get("fail_back_delay"):
        report.add("heartbeat.fail_back_delay", "has no meaning without fail-back", "leave it out, or give fail_back: true")
    if read.get("fail_back") is False and read.get("ping_targets"):
        why = "without fail-back the addresses stay where they are, whatever a router reaches"
        report.add("heartbeat.ping_targets", why, "leave it out, or give fail_back: true")
    links = read.get("link_tracking") or {"enabled": True, "down_delay": 0, "up_delay": 0}
    _delays(links, interval, adverts, report)
    return {
        "interval": interval,
        "dead_time": asked,
        "down_timer_adverts": adverts,
        "effective_dead_time": effective,
        "fail_back": read.get("fail_back"),
        "fail_back_delay": read.get("fail_back_delay"),
        "startup_delay": read.get("startup_delay"),
        "networks": _networks(read.get("networks"), networks, report, derived),
        "mode": read.get("mode"),
        "link_tracking": links,
        "ping_targets": [address for address in read.get("ping_targets") or [] if address],
        "watchdog": read.get("watchdog"),
    }


def _delays(links: Mapping[str, Any], interval: float | None, adverts: int | None, report: Report) -> None:
    """keepalived.conf(5), interface_up_down_delays: a backup without a link must know that before it misses the other's heartbeat."""
    down = links.get("down_delay")
    for key in ("down_delay", "up_delay"):
        if links.get(key) and not links.get("enabled"):
            report.add("heartbeat.link_tracking." + key, "has no meaning where the links do not count", "leave it out, or give enabled: true")
    if not (down and interval and adverts and links.get("enabled")):
        return
    highest = (adverts - 1) * interval
    if down >= highest:
        remedy = "give less than %g, or a longer dead_time" % highest if highest else "leave it out, or give a longer dead_time"
        report.add("heartbeat.link_tracking.down_delay", "%g s is not below the time of the missed heartbeats" % down, remedy)


def _impossible(asked: float, interval: float, report: Report) -> None:
    # Bounds are printed inwards, so that the figures given here are themselves accepted.
    lowest = math.ceil(exact_dead_time(ADVERTS[0], interval) * 100 - 1e-9) / 100
    highest = math.floor(exact_dead_time(ADVERTS[1], interval) * 100 + 1e-9) / 100
    remedy = "give %g to %g" % (lowest, highest)
    if asked < lowest:
        shorter = math.floor(asked / (ADVERTS[0] + skew(PRIORITIES[1])) * 100) / 100
        if shorter >= 0.01:
            remedy += ", or an interval of at most %g" % shorter
        report.add("heartbeat.dead_time", "%g s can't be had with an interval of %g s" % (asked, interval), remedy)
    else:
        report.add("heartbeat.dead_time", "%g s can't be had with an interval of %g s" % (asked, interval), remedy + ", or a longer interval")


def _networks(asked: list[str] | None, networks: Mapping[str, Any], report: Report, derived: dict[str, str]) -> list[str]:
    able = [name for name, network in networks.items() if network.get("heartbeat") is not False]
    if asked is None:
        derived["heartbeat.networks"] = "all networks with heartbeat: true"
        if networks and not able:
            report.add("networks", "none of them carries the heartbeat", "leave heartbeat: true on at least one")
        return able
    result = []
    for position, name in enumerate(asked):
        path = join("heartbeat.networks", position)
        if name is None or not known(name, networks, path, "network", report):
            continue
        if name not in able:
            report.add(path, "%s has heartbeat: false" % name, "take it out here, or give networks.%s.heartbeat: true" % name)
        elif name in result:
            report.add(path, "%s stands here twice" % name, "name it once")
        result.append(name)
    # With a wrong name in the list, what is missing in it only follows from that.
    return result if len(result) == len(asked) else able
