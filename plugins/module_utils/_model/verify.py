# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether what was declared is what runs: (resolved cluster, live states of its routers) -> problems.

A state is what the module router_info returns. Nothing is taken from what a deploy believes to have done.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model import forwarding, plan
from ansible_collections.lvs.cluster.plugins.module_utils._model.heartbeat import alone
from ansible_collections.lvs.cluster.plugins.module_utils._model.ipvsadm_text import command
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Problem, Report
from ansible_collections.lvs.cluster.plugins.module_utils._model.single import kernel_services
from ansible_collections.lvs.cluster.plugins.module_utils._model.table import read_services

DEPLOY = "something took it off: deploy again"
SETTLE_MARGIN = 1.0  # seconds on top of the dead time until an election counts as over


def verify(cluster: Mapping[str, Any], states: Mapping[str, Mapping[str, Any]]) -> list[Problem]:
    """All problems of the cluster as a whole; states = {router: router_info's result}."""
    problems: list[Problem] = []
    for router in cluster["routers"]:
        host = router["host"]
        if host not in states:
            problems.append(Problem(host, "its state could not be read", "see whether the host answers"))
        else:
            problems += verify_router(cluster, host, states[host])
    if all(router["host"] in states for router in cluster["routers"]):
        problems += _one_active(cluster, states)
    return problems


def verify_router(cluster: Mapping[str, Any], host: str, state: Mapping[str, Any]) -> list[Problem]:
    """What this router, seen alone, does not have as declared."""
    if alone(cluster):
        return verify_single(cluster, host, state)
    if not state["keepalived"]["running"]:
        return [Problem(host, "keepalived does not run (its unit is %s)" % state["keepalived"]["state"], "journalctl -u keepalived says why")]
    problems = _instances(cluster, host, state)
    if not problems:
        problems = _addresses(cluster, host, state)
    return problems + _table(cluster, host, state)


def verify_single(cluster: Mapping[str, Any], host: str, state: Mapping[str, Any]) -> list[Problem]:
    """A router without keepalived: addresses, the whole table, and that the table comes back at boot."""
    problems = []
    if state["keepalived"]["running"]:
        problems.append(Problem(host, "keepalived runs, and would take the addresses and the table for its own", "stop and disable it: heartbeat is none"))
    problems += _addresses(cluster, host, state)
    table = _table(cluster, host, state)
    if not table:
        # What has no words of its own above is said as the lines that would put it right.
        report = Report()
        want = plan.target(state["services"], read_services(kernel_services(cluster), "services", report), "overridden", report)
        operations = plan.difference(state["services"], want)
        table = [Problem(host, "the IPVS table is not as declared", "deploy again, which does: " + command(row)) for row in operations]
    problems += table
    if state["restoration"] != "enabled":
        problems.append(Problem(host, "the IPVS table will not be there after the next boot (its unit is %s)" % state["restoration"], "deploy again"))
    return problems


def settled(cluster: Mapping[str, Any], state: Mapping[str, Any]) -> bool:
    """Whether the router's VRRP states are older than an election takes, so that they will stay."""
    if alone(cluster):
        return True
    heartbeat = cluster["heartbeat"]
    enough = heartbeat["effective_dead_time"] + heartbeat["startup_delay"] + SETTLE_MARGIN
    if not state["keepalived"]["running"] or not state["instances"]:
        return False
    started = state["keepalived"]["seconds_since_start"]
    ages = [instance["seconds_in_state"] for instance in state["instances"].values()]
    return all((started if age is None else age) >= enough for age in [*ages, started])


def active_routers(cluster: Mapping[str, Any], states: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The routers that hold the master state of any instance; a single one where keepalived does not run is active by itself."""
    if alone(cluster):
        return [router["host"] for router in cluster["routers"] if not states[router["host"]]["keepalived"]["running"]]
    return [router["host"] for router in cluster["routers"] if "master" in _states(cluster, states[router["host"]]).values()]


def _states(cluster: Mapping[str, Any], state: Mapping[str, Any]) -> dict[str, str]:
    """{instance: its state, or 'missing'} for the instances that the cluster must have."""
    names = ["%s_%s" % (cluster["name"], network) for network in cluster["networks"] if network in cluster["heartbeat"]["networks"]]
    return {name: state["instances"].get(name, {"state": "missing"})["state"] for name in names}


def _one_active(cluster: Mapping[str, Any], states: Mapping[str, Mapping[str, Any]]) -> list[Problem]:
    active = active_routers(cluster, states)
    if len(active) == 1 or alone(cluster):
        return []
    if not active:
        return [Problem(cluster["name"], "no router is active, so no virtual server answers", "see why no VRRP instance is master")]
    return [Problem(cluster["name"], "%s are active at the same time" % " and ".join(active), "see that VRRP (IP protocol 112) passes between them")]


def _instances(cluster: Mapping[str, Any], host: str, state: Mapping[str, Any]) -> list[Problem]:
    found = _states(cluster, state)
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


def _addresses(cluster: Mapping[str, Any], host: str, state: Mapping[str, Any]) -> list[Problem]:
    """The active router has every VIP on its interface, the other one has none."""
    single = alone(cluster)
    active = single or "master" in _states(cluster, state).values()
    networks = next(router["networks"] for router in cluster["routers"] if router["host"] == host)
    held = {entry["address"]: entry["interface"] for entry in state["addresses"]}
    problems = []
    for vip in cluster["vips"]:
        interface = vip["device"] or networks[vip["network"]]["interface"]
        what = "the gateway" if vip["kind"] == "gateway" else "the VIP"
        where = held.get(vip["address"])
        if not active and where:
            problems.append(Problem(host, "it is the backup and has %s %s on %s" % (what, vip["address"], where), "take it off: two routers answer for it"))
        elif active and not where:
            remedy = DEPLOY if single else "keepalived puts it there: see its journal"
            problems.append(Problem(host, "it is active without %s %s" % (what, vip["address"]), remedy))
        elif active and where != interface:
            problems.append(Problem(host, "%s %s is on %s" % (what, vip["address"], where), "it belongs on %s" % interface))
    return problems


def _table(cluster: Mapping[str, Any], host: str, state: Mapping[str, Any]) -> list[Problem]:
    """The IPVS table has each declared virtual server, with each real server, and nothing else on the VIPs."""
    have = {(found["protocol"], found["address"], found["port"]): found for found in state["services"] if found["address"]}
    problems = []
    for service in cluster["virtual_servers"]:
        found = have.pop((service["protocol"], service["address"], service["port"]), None)
        if found is None:
            problems.append(
                Problem(
                    host,
                    "the virtual server %s (%s) is not in the IPVS table" % (service["name"], _name(service)),
                    DEPLOY if alone(cluster) else "see keepalived's journal; with no real server left keepalived may have taken it out",
                )
            )
        else:
            problems += _service(host, service, found)
    vips = {vip["address"] for vip in cluster["vips"]}
    problems += [
        Problem(host, "the IPVS table has %s, which is not declared" % _name(found), "declare it or remove it")
        for found in have.values()
        if found["address"] in vips
    ]
    return problems


def _service(host: str, service: Mapping[str, Any], found: Mapping[str, Any]) -> list[Problem]:
    problems = []
    if found["scheduler"] != service["scheduler"]:
        problems.append(Problem(host, "%s has the scheduler %s" % (service["name"], found["scheduler"]), "declared is %s" % service["scheduler"]))
    want = service["persistence"]["timeout"] if service["persistence"] else None
    if found["persistence_timeout"] != want:
        problems.append(
            Problem(host, "%s has the persistence %s" % (service["name"], _seconds(found["persistence_timeout"])), "declared is %s" % _seconds(want))
        )
    have = {(entry["address"], entry["port"]): entry for entry in found["destinations"]}
    for server in service["real_servers"]:
        entry = have.pop((server["address"], server["port"]), None)
        problems += _destination(host, service, server, entry)
    sorry = service["sorry_server"]
    if sorry:
        have.pop((sorry["address"], sorry["port"]), None)
    problems += [Problem(host, "%s has the real server %s:%d, which is not declared" % (service["name"], *key), "declare it or remove it") for key in have]
    return problems


def _destination(host: str, service: Mapping[str, Any], server: Mapping[str, Any], entry: Any) -> list[Problem]:
    name = "%s (%s:%d)" % (server["name"], server["address"], server["port"])
    check = service["health_check"]["type"]
    if entry is None or (entry["weight"] == 0 and server["weight"] != 0):
        how = "out of" if entry is None else "at weight 0 in"
        if check == "none":
            return [Problem(host, "%s is %s %s" % (name, how, service["name"]), "it has no health check, so something else took it out: deploy again")]
        return [Problem(host, "%s is %s %s: its %s check fails" % (name, how, service["name"], check), "see whether the server answers as the check asks")]
    problems = []
    if entry["weight"] != server["weight"]:
        problems.append(Problem(host, "%s has weight %d in %s" % (name, entry["weight"], service["name"]), "declared is %d" % server["weight"]))
    tunnel = {"type": entry.get("tunnel_type"), "port": entry.get("tunnel_port")} if entry["forward"] == "tunnel" else None
    have = {"forward": entry["forward"], "tunnel": tunnel}
    if (have["forward"], have["tunnel"]) != (server["forward"], server["tunnel"]):
        problems.append(
            Problem(host, "%s is forwarded to by %s in %s" % (name, forwarding.shown(have), service["name"]), "declared is %s" % forwarding.shown(server))
        )
    return problems


def _name(service: Mapping[str, Any]) -> str:
    return "%s %s:%s" % (service["protocol"], service["address"], service["port"])


def _seconds(value: Any) -> str:
    return "none" if not value else "%d s" % value
