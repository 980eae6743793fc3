# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The virtual_server blocks with their real servers and health checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._checks.base import Check, Target, real_server_lines, virtual_server_lines
from ansible_collections.lvs.cluster.plugins.module_utils._checks.registry import TYPES
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived import drain, notify, prober
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.layout import Layout
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.text import Block, RenderError, comment, word

FORWARDS = {"nat": "NAT", "direct": "DR", "tunnel": "TUN"}
WHOLE_MASKS = ("255.255.255.255", "128")


def quorum(virtual_server: Mapping[str, Any]) -> list[str]:
    """keepalived counts a quorum in weights, the definition in servers.

    One server is enough: 1, whatever its weight is at the time.
    N servers: the weights of the N lightest, so that any N make the quorum.  With equal weights that is exact.
    Servers of weight 0 can't make a quorum and are left out of the count.
    """
    servers, hysteresis = virtual_server["quorum"]["servers"], virtual_server["quorum"]["hysteresis"]
    weights = sorted(server["weight"] for server in virtual_server["real_servers"] if server["weight"])
    if servers + hysteresis > len(weights):
        message = "the virtual server %s needs %d real servers with a weight for its quorum, and has %d"
        raise RenderError(message % (virtual_server["name"], servers + hysteresis, len(weights)))
    if hysteresis >= servers and hysteresis:
        raise RenderError("the hysteresis of the virtual server %s must be below its quorum" % virtual_server["name"])
    if servers == 1:
        return ["quorum 1"]
    lines = ["quorum %d" % sum(weights[:servers])]
    if hysteresis:
        lines.append("hysteresis %d" % sum(weights[:hysteresis]))
    return lines


def virtual_server(service: Mapping[str, Any], layout: Layout) -> Block:
    """One virtual_server block."""
    if not service["real_servers"]:
        raise RenderError("the virtual server %s has no real servers: keepalived would leave it out in silence" % service["name"])
    check_type = TYPES.get(service["health_check"]["type"])
    if check_type is None:
        raise RenderError("the virtual server %s has a health check of an unknown type: %s" % (service["name"], service["health_check"]["type"]))
    check = check_type.complete(service["health_check"])
    # A mark has no family of its own; and a mark's protocol is nothing to keepalived.
    first = "ip_family " + ("inet6" if service["family"] == 6 else "inet") if service["firewall_mark"] else "protocol " + word(service["protocol"].upper())
    body: list[str | Block] = [
        first,
        "lb_algo " + word(service["scheduler"]),
        # After lb_algo: keepalived takes a flag for one of the scheduler that it knows by then.
        *(word(flag) for flag in service["scheduler_flags"]),
        *(["ops"] if service["one_packet"] else []),
        "lb_kind " + FORWARDS[service["forward"]],  # of real servers that say nothing else
    ]
    if service["persistence"]:
        body.append("persistence_timeout %d" % service["persistence"]["timeout"])
        if service["persistence"]["netmask"] not in WHOLE_MASKS:
            body.append("persistence_granularity " + word(service["persistence"]["netmask"]))
        if service["persistence_engine"]:
            body.append("persistence_engine " + word(service["persistence_engine"]))
    # 0 instead of a removal; and a real server counts as failed until its first good check.
    body += [word for key, word in (("quiesce", "inhibit_on_failure"), ("alpha", "alpha")) if service[key]]
    body += quorum(service)
    body += notify.of_virtual_server(service, layout)
    body += virtual_server_lines(check)
    if service["sorry_server"]:
        sorry = service["sorry_server"]
        body.append("sorry_server %s %d" % (word(sorry["address"]), sorry["port"]))
        body += _method("sorry_server_lvs_method", service, {"forward": sorry["forward"], "tunnel": service["tunnel"]})
    for server in service["real_servers"]:
        body += ["", comment(server["name"]), _real_server(service, server, check, layout)]
    return Block("virtual_server " + _name(service), body)


def _name(service: Mapping[str, Any]) -> str:
    if service["firewall_mark"]:
        return "fwmark %d" % service["firewall_mark"]
    return "%s %d" % (word(service["address"]), service["port"])


def _real_server(service: Mapping[str, Any], server: Mapping[str, Any], check: Check, layout: Layout) -> Block:
    if not server["address"]:
        raise RenderError("the real server %s of %s has no address yet" % (server["name"], service["name"]))
    target = Target(
        virtual_server=service["name"],
        protocol=service["protocol"] or service["endpoints"][0]["protocol"],
        virtual_address=service["address"],
        virtual_port=service["port"] or 0,
        real_server=server["name"],
        real_address=server["address"],
        real_port=server["port"],
        script_user=layout.script_user,
    )
    _same_port(service, server)
    body: list[str | Block] = ["weight %d" % server["weight"], *_method("lvs_method", service, server)]
    body += ["%s %d" % (short, server[key]) for key, short in (("upper_threshold", "uthreshold"), ("lower_threshold", "lthreshold")) if server[key]]
    body += notify.of_real_server(service, server, layout)
    block = Block("real_server %s %d" % (word(server["address"]), server["port"]), body)
    inner = TYPES[service["health_check"]["type"]].block(check, target)
    if inner is not None:
        inner.add(*real_server_lines(check))
        block.add(inner)
    block.add(*prober.carries(service, server), *prober.weights_of(service, server), *drain.checks(service, server))
    return block


def _method(keyword: str, service: Mapping[str, Any], server: Mapping[str, Any]) -> list[str]:
    """The line of a server that is reached in another way than lb_kind says; lb_kind knows no types of tunnels."""
    tunnel = server["tunnel"] if server["forward"] == "tunnel" else None
    if tunnel and tunnel["type"] != "ipip":
        port = " port %d" % tunnel["port"] if tunnel["type"] == "gue" else ""
        return ["%s TUN type %s%s" % (keyword, word(tunnel["type"]), port)]
    return [] if server["forward"] == service["forward"] else ["%s %s" % (keyword, FORWARDS[server["forward"]])]


def _same_port(service: Mapping[str, Any], server: Mapping[str, Any]) -> None:
    if server["forward"] != "nat" and server["port"] != (service["port"] or 0):
        message = "the kernel would send port %d of %s by %s to port %d in silence"
        raise RenderError(message % (service["port"] or 0, service["name"], server["forward"], server["port"]))


def virtual_servers(cluster: Mapping[str, Any], layout: Layout) -> list[str | Block]:
    """All of them, in the order of the definition. keepalived takes a second one of the same address and port in silence."""
    seen: dict[tuple[Any, ...], str] = {}
    result: list[str | Block] = []
    for service in cluster["virtual_servers"]:
        key = (service["firewall_mark"], service["family"]) if service["firewall_mark"] else (service["address"], service["port"], service["protocol"])
        if key in seen:
            raise RenderError("the virtual servers %s and %s have the same address, port and protocol" % (seen[key], service["name"]))
        seen[key] = service["name"]
        result += ["", comment("virtual server " + service["name"]), virtual_server(service, layout)]
    return result
