# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state of a whole cluster, from the states of its routers: who is active, which alarms there are, who could take over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model import alarms, verify
from ansible_collections.lvs.cluster.plugins.module_utils._model.alarms import CRITICAL, NOTICE, SEVERITIES, WARNING, Alarm, span, times

State = Mapping[str, Any]
# No obstacle to a switch-over: what has restarted runs, and a server is out on both routers alike.
HARMLESS = ("restarted", "server_out")


def judge(cluster: Mapping[str, Any], states: Mapping[str, State], lost: Mapping[str, State]) -> dict[str, Any]:
    """{"cluster", "active": host or None, "whole", "alarms": [as mappings], "fit": {host: [why it could not take over]}}.

    states: {router: what cluster_state_info returned}; lost: {router: the result of a task that failed there or did not reach it}.
    """
    active = verify.active_routers(cluster, states)
    found = _of_all(cluster, active, states, lost)
    found += [alarm for host, state in states.items() for alarm in alarms.of_router(cluster, host, state)]
    found.sort(key=lambda alarm: SEVERITIES.index(alarm.severity))
    hosts = [router["host"] for router in cluster["routers"]]
    return {
        "cluster": cluster["name"],
        "active": active[0] if len(active) == 1 else None,
        "whole": all(alarm.severity == NOTICE for alarm in found),
        "alarms": [alarm._asdict() for alarm in found],
        "fit": {host: unfit(cluster, host, active, states, found) for host in hosts},
    }


def _of_all(cluster: Mapping[str, Any], active: list[str], states: Mapping[str, State], lost: Mapping[str, State]) -> list[Alarm]:
    found = []
    for router in cluster["routers"]:
        host = router["host"]
        if host not in states:
            words = " ".join(str(lost.get(host, {}).get("msg", "")).split())[-200:]
            found.append(Alarm(WARNING, "router_lost", host, "it could not be read" + (" (%s)" % words if words else ""),
                               "see its power and its network; it may still serve"))
    if not active:
        serious = WARNING if len(states) < len(cluster["routers"]) else CRITICAL
        remedy = "ask a virtual server from a client; see why none is master"
        found.append(Alarm(serious, "none_active", cluster["name"], "no router that answers is active", remedy))
    if len(active) > 1:
        found.append(Alarm(CRITICAL, "two_active", cluster["name"], "%s are active at the same time" % " and ".join(active),
                           "see that VRRP (IP protocol 112) passes between them"))
    return found


def unfit(cluster: Mapping[str, Any], host: str, active: list[str], states: Mapping[str, State], found: list[Alarm]) -> list[str]:
    """Why this router could not become active without harm now; empty when it could, or is."""
    if host not in states:
        return ["%s: it could not be read" % host]
    if len(active) != 1:
        return ["%s routers are active: one must be, so that it can hand over" % (len(active) or "no")]
    reasons = [str(alarm) for alarm in found if alarm.where == host and alarm.severity != NOTICE and alarm.alarm not in HARMLESS]
    # What the active router sees of this one
    reasons += [str(alarm) for alarm in found if alarm.alarm == "peer_silent" and alarm.where == active[0] and alarm.what.startswith(host + " ")]
    if not verify.alone(cluster) and host != active[0]:
        reasons += ["%s: %s" % (host, difference) for difference in table_differences(states[active[0]], states[host])]
    return reasons


def table_differences(active: State, other: State) -> list[str]:
    """In what the IPVS table of a router differs from that of the active one: what its clients would see change."""
    have, want = _rows(other), _rows(active)
    found = ["its table lacks %s, which the active router's has" % _said(key) for key in want if key not in have]
    found += ["its table has %s, which the active router's has not" % _said(key) for key in have if key not in want]
    return found + ["its table has %s with weight %s, the active router's with %s" % (_said(key), have[key], want[key])
                    for key in have if key in want and have[key] != want[key]]


def _rows(state: State) -> dict[tuple[Any, ...], Any]:
    rows: dict[tuple[Any, ...], Any] = {}
    for service in state["services"]:
        key = (service.get("firewall_mark") or service["protocol"], service["address"], service["port"])
        rows[key] = service["scheduler"]
        for server in service["destinations"]:
            rows[(*key, server["address"], server["port"])] = server["weight"]
    return rows


def _said(key: tuple[Any, ...]) -> str:
    service = "firewall mark %s" % key[0] if key[1] is None else "%s %s:%s" % key[:3]
    return "%s:%s of %s" % (key[3], key[4], service) if len(key) > 3 else service


def text(cluster: Mapping[str, Any], states: Mapping[str, State], judged: Mapping[str, Any]) -> str:
    """For a person: a line for the cluster, one for each router, one for each alarm."""
    count = len(judged["alarms"])
    says = "whole" if judged["whole"] else "NOT whole"
    lines = ["the cluster %s is %s: %s" % (cluster["name"], says, "%s is active" % judged["active"] if judged["active"] else "it is not clear who is active")]
    lines += ["  %s: %s" % (router["host"], _router(cluster, states.get(router["host"]))) for router in cluster["routers"]]
    lines += ["%d alarm%s" % (count, "" if count == 1 else "s") if count else "no alarm"]
    return "\n".join([*lines, *("  " + str(Alarm(**alarm)) for alarm in judged["alarms"])])


def _router(cluster: Mapping[str, Any], state: State | None) -> str:
    if state is None:
        return "not read"
    if verify.alone(cluster):
        return "the only router, with %d virtual servers in its table" % len(state["services"])
    if not state["keepalived"]["running"]:
        return "keepalived does not run"
    words = sorted(set(verify.states_of(cluster, state).values()))
    ages = [one["seconds_in_state"] for one in state["instances"].values() if one["seconds_in_state"] is not None]
    role = {"master": "active"}.get("/".join(words), "/".join(words))
    parts = [role + (" for %s" % span(min(ages)) if ages else "") + (", preferred" if state["preferred"] else "")]
    for network, path in state["heartbeats"].items():
        peers = " ".join("%s %s" % (peer, "is there" if there else "is SILENT") for peer, there in path["peers"].items())
        heard = {True: "hears", False: "HEARS NOTHING", None: ""}[path["hears"] if role == "backup" else None]
        parts.append("%s (%s): %s" % (network, path["interface"], ", ".join(filter(None, ["link up" if path["carrier"] else "link DOWN", heard, peers]))))
    parts.append("sync: %s" % (", ".join(daemon["state"] for daemon in state["sync_daemons"]) or "none"))
    restarts = sum(unit["restarts"] for unit in state["units"].values())
    return "; ".join([*parts, *(["restarted %s" % times(restarts)] if restarts else [])])
