# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Alarms of one router: (resolved cluster, what cluster_state_info read there) -> a list of words with severity.

critical: clients are not served, or two routers answer. warning: it works, but the next fault would be one too many.
notice: worth knowing. With a warning or worse the pair is not whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ansible_collections.lvs.cluster.plugins.module_utils._model import verify
from ansible_collections.lvs.cluster.plugins.module_utils._model.health import needs_prober
from ansible_collections.lvs.cluster.plugins.module_utils._model.heartbeat import alone
from ansible_collections.lvs.cluster.plugins.module_utils._model.verify_table import FAILS, verify_table

CRITICAL, WARNING, NOTICE = SEVERITIES = ("critical", "warning", "notice")
RECENT = 3600.0  # seconds for which a restart is a warning
PROBER_SILENCE = 60.0  # seconds without a word of the prober
STARTING = 15.0  # seconds for which keepalived is not yet expected to hear anybody

State = Mapping[str, Any]


class Alarm(NamedTuple):
    """alarm: a word for programs; where: a host, or the cluster; what and remedy: for a person."""

    severity: str
    alarm: str
    where: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return "%s %s: %s: %s: %s" % (self.severity, self.alarm, self.where, self.what, self.remedy)


def of_router(cluster: Mapping[str, Any], host: str, state: State) -> list[Alarm]:
    """All alarms of this router, seen alone."""
    if alone(cluster):
        return [Alarm(WARNING, "not_as_declared", host, found.message, found.remedy) for found in verify.verify_single(cluster, host, state)]
    if not state["keepalived"]["running"]:
        found = verify.verify_router(cluster, host, state)
        words = ["keepalived_down", *["address_left_behind"] * (len(found) - 1)]
        return [Alarm(WARNING if number == 0 else CRITICAL, words[number], host, one.message, one.remedy) for number, one in enumerate(found)]
    if not state["instances"]:
        return [Alarm(CRITICAL, "keepalived_silent", host, "keepalived runs and answers nothing", "systemctl kill -s KILL keepalived ends a frozen one")]
    return _vrrp(cluster, host, state) + _heartbeats(host, state) + _sync(cluster, host, state) + _table(cluster, host, state) + _units(cluster, host, state)


def _vrrp(cluster: Mapping[str, Any], host: str, state: State) -> list[Alarm]:
    differences = verify_table(cluster, host, state)
    problems = [one for one in verify.verify_router(cluster, host, state) if one not in differences]
    # An address that is on the backup, or is not on the active router
    wrong = ("it is the backup and has", "it is active without")
    return [Alarm(CRITICAL if one.message.startswith(wrong) else WARNING, "vrrp_fault", host, one.message, one.remedy) for one in problems]


def _heartbeats(host: str, state: State) -> list[Alarm]:
    found = []
    fresh = (state["keepalived"]["seconds_since_start"] or 0.0) < STARTING
    for network, path in state["heartbeats"].items():
        active = path["state"] == "master"
        if not path["carrier"]:
            what = "%s, its link in the network %s, is down" % (path["interface"], network)
            found.append(Alarm(WARNING, "link_down", host, what, "see the cable and the switch"))
            continue
        if active and path["hears"]:
            found.append(Alarm(CRITICAL, "two_active", host, "another router says on the network %s that it is active" % network,
                               "see that both hear one another on every network"))
        if path["hears"] is False and not active and not fresh:
            found.append(Alarm(WARNING, "heartbeat_lost", host, "it hears no heartbeat on the network %s" % network,
                               "see whether VRRP (IP protocol 112) passes there: cable, switch, firewall"))
        for peer, there in path["peers"].items():
            if not there:
                found.append(Alarm(WARNING, "peer_silent", host, "%s does not answer on the network %s" % (peer, network),
                                   "see its power, its cable there, and the switch"))
    return found


def _sync(cluster: Mapping[str, Any], host: str, state: State) -> list[Alarm]:
    wanted = cluster["connection_sync"]
    if not wanted["enabled"]:
        return []
    role = "master" if "master" in verify.states_of(cluster, state).values() else "backup"
    running = {daemon["state"] for daemon in state["sync_daemons"] if daemon["sync_id"] == wanted["id"]}
    if role in running:
        return []
    effect = "connections would not survive a failover" if role == "master" else "it would not know the connections that it takes over"
    what = "connection synchronisation does not run as %s: %s" % (role, effect)
    return [Alarm(WARNING, "sync_stopped", host, what, "see keepalived's journal; deploy again")]


def _table(cluster: Mapping[str, Any], host: str, state: State) -> list[Alarm]:
    return [Alarm(NOTICE, "server_out", host, one.message, one.remedy) if one.message.endswith(FAILS) else
            Alarm(WARNING, "table_differs", host, one.message, one.remedy) for one in verify_table(cluster, host, state)]


def _units(cluster: Mapping[str, Any], host: str, state: State) -> list[Alarm]:
    found = []
    # lvs-prober is installed on every router, and runs where there are dialogues to hold.
    asks = needs_prober(cluster)
    for name, unit in state["units"].items():
        if name == "lvs-prober" and not asks:
            continue
        if unit["state"] not in ("active", "reloading"):
            word = name.replace("lvs-", "") + "_down"
            found.append(Alarm(WARNING, word, host, "%s does not run (its unit is %s)" % (name, unit["state"]), "journalctl -u %s says why" % name))
        elif unit["restarts"]:
            ago = unit["seconds_since_start"]
            what = "%s was restarted %s, the last time %s ago" % (name, times(unit["restarts"]), span(ago))
            remedy = "journalctl -u %s says why; systemctl reset-failed %s takes note of it" % (name, name)
            found.append(Alarm(WARNING if ago < RECENT else NOTICE, "restarted", host, what, remedy))
    prober = state.get("prober")
    if asks and prober and "lvs-prober" in state["units"] and prober["age"] > PROBER_SILENCE:
        found.append(Alarm(WARNING, "prober_silent", host, "lvs-prober has not said anything for %s" % span(prober["age"]), "journalctl -u lvs-prober"))
    return found


def times(number: int) -> str:
    return "once" if number == 1 else "%d times" % number


def span(seconds: float) -> str:
    """'42 s', '3 min', '5 h', '12 days'."""
    for size, word in ((86400, "days"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return "%d %s" % (seconds // size, word)
    return "%d s" % seconds
