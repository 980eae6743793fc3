# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether what was declared is what runs: (resolved cluster, live states of its routers) -> problems.

A state is what the module router_info returns. Nothing is taken from what a deploy believes to have done.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model import drain, hand_over, nftables, plan
from ansible_collections.lvs.cluster.plugins.module_utils._model.heartbeat import alone
from ansible_collections.lvs.cluster.plugins.module_utils._model.host_needs import SYNC_KNOWN_AFTER
from ansible_collections.lvs.cluster.plugins.module_utils._model.ipvsadm_text import command
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Problem, Report, one_of
from ansible_collections.lvs.cluster.plugins.module_utils._model.single import kernel_services
from ansible_collections.lvs.cluster.plugins.module_utils._model.table import read_services
from ansible_collections.lvs.cluster.plugins.module_utils._model.verify_table import DEPLOY, verify_table

State = Mapping[str, Any]
NO_DEPLOY = "deploy refuses to begin without it"
OUT = "or take it out of the definition"
LONGEST_WORDS = 300  # of what Ansible says of a host, for the report
LEARNING = SYNC_KNOWN_AFTER + 4.0  # seconds from keepalived's start until it finds that it knows the connections: it looks every 2 s
SETTLE_MARGIN = 1.0  # seconds on top of the dead time until an election counts as over


def verify(cluster: Mapping[str, Any], states: Mapping[str, State], lost: Mapping[str, State] | None = None) -> list[Problem]:
    """All problems of the cluster's routers, the worst first.

    cluster: resolved, or resolved partly.
    states: {router: router_info's result}.
    lost: {host: the result of a task that was unreachable or failed there}.
    """
    problems = _one_active(cluster, states)
    problems += [Problem(**problem) for problem in cluster.get("unresolved", ())]
    problems += _one_sided_drains(cluster, states)
    for router in cluster["routers"]:
        host = router["host"]
        problems += verify_router(cluster, host, states[host]) if host in states else [_lost(host, (lost or {}).get(host, {}), NO_DEPLOY)]
    return problems


def _one_sided_drains(cluster: Mapping[str, Any], states: Mapping[str, State]) -> list[Problem]:
    return [
        Problem(cluster["name"], "%s is drained on %s and not on %s" % (who, " and ".join(where), " and ".join(others)), "drain it again, or undrain it")
        for who, where, others in drain.one_sided(cluster, states)
    ]


def verify_real_servers(cluster: Mapping[str, Any], carried: Mapping[str, State], lost: Mapping[str, State]) -> list[Problem]:
    """What the real servers say themselves. carried: {host: real_server_vips' result}; lost: as above."""
    problems = []
    for server in cluster["real_servers"]:
        host = server["host"]
        if host in lost:
            problems.append(_lost(host, lost[host], OUT))
        elif host in carried:
            problems += [Problem(host, sentence, "deploy again") for sentence in carried[host].get("problems", ())]
    return problems


def _lost(host: str, result: State, afterwards: str) -> Problem:
    """Of a host from which there is no state."""
    words = " ".join(str(result.get("msg", "")).replace("Task failed: ", "").split())[-LONGEST_WORDS:]
    if result.get("unreachable"):
        words = words.rsplit("ssh: ", 1)[-1]  # what Ansible says before is longer and says less
        remedy = "see its power and its network (ansible %s -m ping tells when it answers); %s" % (host, afterwards)
        return Problem(host, "it is unreachable" + (" (%s)" % words if words else ""), remedy)
    why = " (%s)" % words if words else ""
    return Problem(host, "its state could not be read" + why, "correct that, and verify again" if words else "see whether the host answers")


def verify_router(cluster: Mapping[str, Any], host: str, state: State) -> list[Problem]:
    """What this router, seen alone, does not have as declared."""
    if alone(cluster):
        return verify_single(cluster, host, state)
    drains = _damaged(host, state)
    if not state["keepalived"]["running"]:
        stopped = Problem(host, "keepalived does not run (its unit is %s)" % state["keepalived"]["state"], "journalctl -u keepalived says why")
        return [stopped, *_left_behind(cluster, host, state), *drains]
    problems = _instances(cluster, host, state)
    if not problems:
        problems = _addresses(cluster, host, state)
    return problems + verify_table(cluster, host, state) + _nftables(cluster, host, state) + drains


def _damaged(host: str, state: State) -> list[Problem]:
    return [
        Problem(host, "the drain file %s/%s is damaged: it is taken for not drained" % (drain.FOLDER, path), "deploy again, and drain again where wanted")
        for path in state.get("damaged_drain_files", ())
    ]


def verify_single(cluster: Mapping[str, Any], host: str, state: State) -> list[Problem]:
    """A router without keepalived: addresses, the whole table, and that the table comes back at boot."""
    problems = []
    if state["keepalived"]["running"]:
        problems.append(Problem(host, "keepalived runs, and would take the addresses and the table for its own", "stop and disable it: heartbeat is none"))
    problems += _addresses(cluster, host, state)
    table = verify_table(cluster, host, state)
    if not table and all(server["address"] for service in cluster["virtual_servers"] for server in service["real_servers"]):
        # What has no words of its own above is said as the lines that would put it right.
        report = Report()
        want = plan.target(state["services"], read_services(kernel_services(cluster, state.get("drained")), "services", report), "overridden", report)
        operations = plan.difference(state["services"], want)
        table = [Problem(host, "the IPVS table is not as declared", "deploy again, which does: " + command(row)) for row in operations]
    problems += table + _nftables(cluster, host, state)
    if state["restoration"] != "enabled":
        problems.append(Problem(host, "the IPVS table will not be there after the next boot (its unit is %s)" % state["restoration"], "deploy again"))
    return problems


def _nftables(cluster: Mapping[str, Any], host: str, state: State) -> list[Problem]:
    """Marks and filter: the file is the declared one, and it is what the kernel has loaded."""
    want = nftables.wanted(cluster)
    found = state.get("nftables") or {"content": None, "in_force": True}
    whole = all(router["networks"] for router in cluster["routers"])  # else the other router's addresses are unknown
    if found["content"] is None:
        return [Problem(host, "it lacks the nftables table of firewall marks and filter", "deploy again")] if want else []
    if not want or (whole and found["content"] != nftables.table(cluster, host)):
        return [Problem(host, "its nftables table is not the declared one", "deploy again")]
    if not found["in_force"]:
        remedy = "something flushed or changed it: systemctl reload-or-restart lvs-cluster-nftables; systemctl status tells why it fails"
        return [Problem(host, "the nftables table %s is not loaded as its file says" % nftables.table_name(cluster), remedy)]
    return []


def settled(cluster: Mapping[str, Any], state: State, host: str | None = None) -> bool:
    """Whether the router's VRRP states are older than an election takes, so that they will stay.

    A backup that takes precedence over another router, and has just started, will take over as soon as it knows the connections.
    """
    if alone(cluster):
        return True
    heartbeat = cluster["heartbeat"]
    enough = heartbeat["effective_dead_time"] + heartbeat["startup_delay"] + SETTLE_MARGIN
    if heartbeat["hand_over"]:
        enough += hand_over.LONGEST
    if not state["keepalived"]["running"] or not state["instances"]:
        return False
    started = state["keepalived"]["seconds_since_start"]
    waits = heartbeat["fail_back"] and cluster["connection_sync"]["enabled"] and cluster["routers"][-1]["host"] != host
    if waits and host and "backup" in states_of(cluster, state).values() and started < enough + LEARNING:
        return False
    ages = [instance["seconds_in_state"] for instance in state["instances"].values()]
    return all((started if age is None else age) >= enough for age in [*ages, started])


def active_routers(cluster: Mapping[str, Any], states: Mapping[str, State]) -> list[str]:
    """The routers that hold the master state of any instance; a single one where keepalived does not run is active by itself.

    Of a router without a state nothing is known.
    """
    read = [router["host"] for router in cluster["routers"] if router["host"] in states]
    if alone(cluster):
        return [host for host in read if not states[host]["keepalived"]["running"]]
    return [host for host in read if "master" in states_of(cluster, states[host]).values()]


def states_of(cluster: Mapping[str, Any], state: State) -> dict[str, str]:
    """{instance: its state, or 'missing'} for the instances that the cluster must have."""
    names = ["%s_%s" % (cluster["name"], network) for network in cluster["networks"] if network in cluster["heartbeat"]["networks"]]
    return {name: state["instances"].get(name, {"state": "missing"})["state"] for name in names}


def _one_active(cluster: Mapping[str, Any], states: Mapping[str, State]) -> list[Problem]:
    active = active_routers(cluster, states)
    if len(active) == 1 or alone(cluster):
        return []
    unread = [router["host"] for router in cluster["routers"] if router["host"] not in states]
    if not active and unread:
        remedy = "%s may be: ask a virtual server from a client" % one_of(unread)
        return [Problem(cluster["name"], "no router that answers is active", remedy)]
    if not active:
        return [Problem(cluster["name"], "no router is active, so no virtual server answers", "see why no VRRP instance is master")]
    return [Problem(cluster["name"], "%s are active at the same time" % " and ".join(active), "see that VRRP (IP protocol 112) passes between them")]


def _instances(cluster: Mapping[str, Any], host: str, state: State) -> list[Problem]:
    found = states_of(cluster, state)
    problems = []
    for name, word in found.items():
        if word == "missing":
            problems.append(Problem(host, "keepalived has no VRRP instance %s" % name, "it runs another configuration: deploy again"))
        elif word not in ("master", "backup"):
            interface = state["instances"][name]["interface"]
            problems.append(Problem(host, "the VRRP instance %s is in state %s" % (name, word), "see the link of %s" % interface))
    if not problems and len(set(found.values())) > 1:
        listed = ", ".join("%s is %s" % item for item in found.items())
        problems.append(Problem(host, "its networks are not together: %s" % listed, "all of them must be on one router"))
    return problems


def _left_behind(cluster: Mapping[str, Any], host: str, state: State) -> list[Problem]:
    """The floating addresses on a router without keepalived: whoever is active now answers for them too."""
    held = {entry["address"]: entry for entry in state["addresses"]}
    problems = []
    for vip in cluster["vips"]:
        entry = held.get(vip["address"])
        if entry:
            message = "it has %s %s on %s without keepalived" % (_what(vip), vip["address"], entry["interface"])
            take_off = "ip address del %s/%s dev %s" % (vip["address"], entry["prefix"], entry["interface"])
            problems.append(Problem(host, message, "two routers answer for it; start keepalived, or take it off (%s)" % take_off))
    return problems


def _what(vip: Mapping[str, Any]) -> str:
    return "the gateway" if vip["kind"] == "gateway" else "the VIP"


def _addresses(cluster: Mapping[str, Any], host: str, state: State) -> list[Problem]:
    """The active router has every VIP on its interface, the other one has none."""
    single = alone(cluster)
    active = single or "master" in states_of(cluster, state).values()
    networks = next(router["networks"] for router in cluster["routers"] if router["host"] == host)
    held = {entry["address"]: entry["interface"] for entry in state["addresses"]}
    problems = []
    for vip in cluster["vips"]:
        # Unknown where the host has lost its own address there, and that is told already
        interface = vip["device"] or networks.get(vip["network"], {}).get("interface")
        what = _what(vip)
        where = held.get(vip["address"])
        if not active and where:
            problems.append(Problem(host, "it is the backup and has %s %s on %s" % (what, vip["address"], where), "take it off: two routers answer for it"))
        elif active and not where:
            remedy = DEPLOY if single else "keepalived puts it there: see its journal"
            problems.append(Problem(host, "it is active without %s %s" % (what, vip["address"]), remedy))
        elif active and interface and where != interface:
            problems.append(Problem(host, "%s %s is on %s" % (what, vip["address"], where), "it belongs on %s" % interface))
    return problems
