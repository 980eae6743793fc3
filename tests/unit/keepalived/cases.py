# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The constructs that have a golden file: name -> (resolved cluster, router). A new one: a function here, then regenerate."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._checks.registry import TYPES
from ansible_collections.lvs.cluster.plugins.module_utils._model.fields import read_fields
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report

SCHEDULERS = ("rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf", "mh")
CASES: dict[str, Callable[[], tuple[dict[str, Any], str]]] = {}


def complete_check(**given: Any) -> dict[str, Any]:
    """A health check as the normalised cluster holds it; a wrong one is an error of the test."""
    report = Report()
    kind = given.pop("type")
    check = TYPES[kind].complete(read_fields(TYPES[kind].fields, given, "health_check", report))
    report.extend(TYPES[kind].problems(check, "health_check"))
    assert not report, [str(problem) for problem in report]
    return {"type": kind, **check}


def service(name: str = "www", **changes: Any) -> dict[str, Any]:
    port = changes.get("port", 80)
    return {
        "name": name, "address": "192.0.2.100", "port": port, "protocol": "tcp", "network": "public", "family": 4,
        "scheduler": "wlc", "scheduler_flags": [], "one_packet": False, "forward": "nat", "tunnel": None, "persistence": None, "persistence_engine": None,
        "sorry_server": None,
        "quorum": {"servers": 1, "hysteresis": 0}, "health_check": complete_check(type="tcp"),
        "real_servers": [
            {"name": f"web{n}", "host": f"web{n}", "address": f"10.0.0.1{n}", "port": port, "weight": 100, "forward": changes.get("forward", "nat"),
             "tunnel": changes.get("tunnel"), "family": 4,
             "upper_threshold": 0, "lower_threshold": 0} for n in (1, 2, 3)
        ],
        "quiesce": False, "alpha": False, "notify": None, "load_feedback": None,
        "service": name, "addresses": [changes.get("address", "192.0.2.100")], "firewall_mark": None, "ftp_helper": False,
        "endpoints": [{"address": changes.get("address", "192.0.2.100"), "protocol": changes.get("protocol", "tcp"), "first": port, "last": port}],
        **changes,
    }  # fmt: skip


def vip(address: str, network: str = "public", label: str | None = "1", kind: str = "service", device: str | None = None) -> dict[str, Any]:
    family = 6 if ":" in address else 4
    place = {"network": network, "label": label, "device": device}
    return {"address": address, "family": family, "prefix": 128 if family == 6 else 32, **place, "virtual_servers": [], "kind": kind}


def cluster(**changes: Any) -> dict[str, Any]:
    """The cluster of the README: two networks, a floating gateway, one virtual server with three real servers."""
    networks = {
        "public": {"name": "public", "cidr": "192.0.2.0/24", "interface": None, "gateway": None, "heartbeat": True, "virtual_router_id": 51},
        "private": {"name": "private", "cidr": "10.0.0.0/24", "interface": None, "gateway": "10.0.0.254", "heartbeat": True, "virtual_router_id": 52},
    }
    routers = [
        {
            "host": f"r{n}",
            "priority": priority,
            "networks": {"public": {"address": f"192.0.2.{n + 1}", "interface": "eth0"}, "private": {"address": f"10.0.0.{n + 1}", "interface": "eth1"}},
        }
        for n, priority in ((1, 150), (2, 100))
    ]
    whole = {
        "name": "web", "networks": networks, "routers": routers,
        "heartbeat": {
            "interval": 1.0, "dead_time": None, "down_timer_adverts": 3, "effective_dead_time": 3.609, "fail_back": True,
            "fail_back_delay": 0, "startup_delay": 0, "networks": ["public", "private"], "mode": "unicast",
            "hand_over": {"network": "private", "virtual_router_id": 53},
            "link_tracking": {"enabled": True, "down_delay": 0, "up_delay": 0}, "ping_targets": [], "watchdog": None,
        },
        "connection_sync": {"enabled": True, "network": "private", "id": 17},
        "vips": [vip("192.0.2.100"), vip("10.0.0.254", "private", "gw", "gateway")],
        "virtual_servers": [service()], "real_servers": [], "derived": {}, "notify": None,
        **changes,
    }  # fmt: skip
    return copy.deepcopy(whole)


def with_heartbeat(**changes: Any) -> dict[str, Any]:
    whole = cluster()
    whole["heartbeat"].update(changes)
    return whole


def case(make: Callable[[], Any]) -> Callable[[], Any]:
    """A function that returns a cluster (for r1) or (cluster, router) is a case of its own name."""

    def both() -> tuple[dict[str, Any], str]:
        made = make()
        return made if isinstance(made, tuple) else (made, "r1")

    CASES[make.__name__] = both
    return make


@case
def minimal():
    return cluster()


@case
def second_router():
    return cluster(), "r2"


@case
def multicast():
    return with_heartbeat(mode="multicast")


@case
def fast_heartbeat():
    return with_heartbeat(interval=0.1, down_timer_adverts=20, effective_dead_time=2.06)


@case
def no_fail_back():
    return with_heartbeat(fail_back=False, hand_over=None)


@case
def fail_back_without_hand_over():
    return with_heartbeat(hand_over=None)


@case
def slow_start():
    return with_heartbeat(startup_delay=30)


@case
def late_fail_back():
    return with_heartbeat(fail_back_delay=30, startup_delay=5)


@case
def slow_links():
    return with_heartbeat(link_tracking={"enabled": True, "down_delay": 0.5, "up_delay": 2})


@case
def untracked_links():
    return with_heartbeat(link_tracking={"enabled": False, "down_delay": 0, "up_delay": 0})


@case
def ping_targets():
    return with_heartbeat(ping_targets=["192.0.2.1", "192.0.2.250"])


@case
def third_router():
    whole = cluster()
    whole["routers"][1]["priority"] = 125
    third = copy.deepcopy(whole["routers"][1])
    third.update(host="r3", priority=100)
    for place, address in (("public", "192.0.2.4"), ("private", "10.0.0.4")):
        third["networks"][place]["address"] = address
    whole["routers"].append(third)
    return whole, "r3"


@case
def no_connection_sync():
    return cluster(connection_sync={"enabled": False, "network": "private", "id": 17})


@case
def one_network():
    """Everything in one network: one instance, so no sync group."""
    whole = with_heartbeat(networks=["public"], hand_over={"network": "public", "virtual_router_id": 53})
    del whole["networks"]["private"]
    for router in whole["routers"]:
        del router["networks"]["private"]
    whole["vips"] = whole["vips"][:1]
    whole["connection_sync"]["network"] = "public"
    return whole


@case
def heartbeat_without_vip():
    """No floating gateway: the private instance has an address of its own to announce."""
    return cluster(vips=[vip("192.0.2.100")])


@case
def vip_without_heartbeat():
    """The VIP of a network without heartbeat goes with the first instance."""
    return with_heartbeat(networks=["public"], hand_over={"network": "public", "virtual_router_id": 53})


@case
def many_vips():
    """Labels, none, and a device of their own; only the first of each network is announced."""
    vips = [vip(f"192.0.2.{100 + n}", label=str(n + 1)) for n in range(25)]
    vips += [vip("192.0.2.150", label=None), vip("192.0.2.151", label="9", device="dummy0"), vip("192.0.2.152", label=None, device="dummy0")]
    vips += [vip("10.0.0.254", "private", "gw", "gateway"), vip("10.0.0.100", "private", "2")]
    return cluster(vips=vips)


@case
def schedulers():
    return cluster(virtual_servers=[service("s-" + name, port=8000 + n, scheduler=name) for n, name in enumerate(SCHEDULERS)])


@case
def scheduler_flags():
    return cluster(
        virtual_servers=[
            service("sh", port=81, scheduler="sh", scheduler_flags=["sh-fallback", "sh-port"]),
            service("mh", port=82, scheduler="mh", scheduler_flags=["mh-fallback", "mh-port"]),
            service("packets", port=83, protocol="udp", one_packet=True, forward="direct"),
        ]
    )


@case
def persistence():
    return cluster(
        virtual_servers=[
            service("one", port=80, persistence={"timeout": 300, "netmask": "255.255.255.255"}),
            service("nets", port=443, persistence={"timeout": 3600, "netmask": "255.255.255.0"}),
            service("sip", port=5060, protocol="udp", persistence={"timeout": 600, "netmask": "255.255.255.255"}, persistence_engine="sip"),
        ]
    )


@case
def sorry_server():
    return cluster(virtual_servers=[service(sorry_server={"address": "10.0.0.99", "port": 8080, "forward": "nat"})])


@case
def forwarding():
    """Each forward method for a whole virtual server, and all of them mixed in one; sorry servers with and without one of their own."""
    gue = {"type": "gue", "port": 6080}
    mixed = service("mixed", port=8080)
    for server, (forward, tunnel) in zip(mixed["real_servers"], (("direct", None), ("tunnel", {"type": "ipip", "port": None}), ("tunnel", gue))):
        server.update(forward=forward, tunnel=tunnel)
    return cluster(
        virtual_servers=[
            service("direct", port=81, forward="direct", sorry_server={"address": "10.0.0.99", "port": 81, "forward": "direct"}),
            service("ipip", port=82, forward="tunnel", tunnel={"type": "ipip", "port": None}),
            service("gue", port=83, forward="tunnel", tunnel=gue, sorry_server={"address": "10.0.0.99", "port": 83, "forward": "tunnel"}),
            service("gre", port=84, forward="tunnel", tunnel={"type": "gre", "port": None}, sorry_server={"address": "10.0.0.99", "port": 8, "forward": "nat"}),
            mixed,
        ]
    )


@case
def failed_servers():
    """What becomes of real servers that fail, are new, or have too many connections."""
    www = service(quiesce=True, alpha=True)
    for server, (upper, lower) in zip(www["real_servers"], ((100, 80), (100, 0), (0, 0))):
        server.update(upper_threshold=upper, lower_threshold=lower)
    return cluster(virtual_servers=[www])


@case
def notifications():
    """The cluster's for routers; a virtual server's own, as another user."""
    common = {"command": ["/usr/local/bin/tell"], "user": None, "group": None}
    own = {"command": ["/usr/local/bin/page", "--team", "two words"], "user": "nobody", "group": "nogroup"}
    return cluster(notify=common, virtual_servers=[service(notify=common), service("shop", port=443, notify=own)])


@case
def notifications_of_one_network():
    whole = CASES["one_network"]()[0]
    whole["notify"] = {"command": ["/usr/local/bin/tell"], "user": None, "group": None}
    return whole


@case
def quorum():
    """Two servers, with different weights: the two lightest make the quorum."""
    www = service(quorum={"servers": 2, "hysteresis": 1}, sorry_server={"address": "10.0.0.99", "port": 80, "forward": "nat"})
    for server, weight in zip(www["real_servers"], (100, 50, 200)):
        server["weight"] = weight
    return cluster(virtual_servers=[www])


@case
def weights_and_ports():
    www = service()
    for server, (port, weight) in zip(www["real_servers"], ((80, 100), (8080, 0), (65535, 65535))):
        server.update(port=port, weight=weight)
    return cluster(virtual_servers=[www])


@case
def udp_service():
    return cluster(virtual_servers=[service("syslog", port=514, protocol="udp", health_check=complete_check(type="udp"))])


def marked(name: str, number: int, ports: list[tuple[str, int, int]], **changes: Any) -> dict[str, Any]:
    """A service by firewall mark; its checks ask the first port."""
    address = changes.get("address", "192.0.2.100")
    asked = {"health_check": complete_check(type="tcp", port=ports[0][1])}
    made = service(name, **{"port": None, "protocol": None, "firewall_mark": number, **asked, **changes})
    made["endpoints"] = [{"address": address, "protocol": protocol, "first": first, "last": last} for protocol, first, last in ports]
    for server in made["real_servers"]:
        server["port"] = 0
    return made


def six(name: str, **changes: Any) -> dict[str, Any]:
    made = service(name, **{"address": "2001:db8:1::100", "family": 6, **changes})
    for number, server in enumerate(made["real_servers"], 11):
        server.update(address=f"2001:db8:2::{number}", family=6)
    return made


@case
def sctp_service():
    return cluster(virtual_servers=[service("signals", port=2905, protocol="sctp", health_check=complete_check(type="ping"))])


@case
def all_ports():
    kept = {"timeout": 60, "netmask": "255.255.255.255"}
    return cluster(
        virtual_servers=[
            service("all", port=0, persistence=kept, health_check=complete_check(type="ping")),
            service("all-direct", port=0, protocol="udp", persistence=kept, forward="direct", health_check=complete_check(type="tcp", port=22)),
        ]
    )


@case
def firewall_marks():
    """Both families of one mark are two services; a mark has no port, so each check names its own."""
    ports = [("tcp", 80, 80), ("tcp", 443, 443)]
    twin = marked("shop.ipv6", 480001, ports, address="2001:db8:1::100", family=6, persistence={"timeout": 300, "netmask": "64"})
    for number, server in enumerate(twin["real_servers"], 11):
        server.update(address=f"2001:db8:2::{number}", family=6)
    return cluster(
        vips=[vip("192.0.2.100"), vip("2001:db8:1::100", label=None), vip("10.0.0.254", "private", "gw", "gateway")],
        virtual_servers=[
            marked("shop", 480001, ports, persistence={"timeout": 300, "netmask": "255.255.255.0"}),
            twin,
            marked("ftp", 7, [("tcp", 20, 21), ("tcp", 40000, 40100)], forward="direct", sorry_server={"address": "10.0.0.99", "port": 0, "forward": "direct"}),
            marked("voice", 8, [("udp", 5060, 5061)], one_packet=True, forward="direct", health_check=complete_check(type="ping")),
        ],
    )


@case
def ipv6():
    """A twin, a service of IPv6 alone, and tunnels that carry one family in the other; the adverts stay IPv4."""
    mixed = six("mixed", port=83, forward="tunnel", tunnel={"type": "ipip", "port": None})
    mixed["real_servers"][0].update(address="10.0.0.11", family=4)
    mixed["real_servers"][1].update(address="10.0.0.12", family=4, tunnel={"type": "gue", "port": 6080})
    return cluster(
        vips=[vip("2001:db8:1::100", label=None), vip("192.0.2.100"), vip("10.0.0.254", "private", "gw", "gateway"),
              vip("2001:db8:2::fe", "private", None, "gateway"), vip("2001:db8:1::200", label=None, device="dummy0")],
        connection_sync={"enabled": False, "network": "private", "id": 17},
        virtual_servers=[
            service(),
            six("www.ipv6", persistence={"timeout": 300, "netmask": "64"}, sorry_server={"address": "2001:db8:2::99", "port": 80, "forward": "nat"}),
            six("web6", address="2001:db8:1::200", port=443, scheduler="sh", scheduler_flags=["sh-port"], forward="direct",
                health_check=complete_check(type="https", host="www.example.com")),
            mixed,
        ],
    )  # fmt: skip


@case
def ipv6_vip_alone():
    """A network whose only VIP is IPv6 has an IPv4 anchor to announce."""
    return cluster(vips=[vip("2001:db8:1::100", label=None), vip("10.0.0.254", "private", "gw", "gateway")], virtual_servers=[six("www")])


def checked(**check: Any) -> dict[str, Any]:
    return cluster(virtual_servers=[service(health_check=complete_check(**check))])


@case
def check_tcp():
    return checked(type="tcp", port=8081, interval=0.5, timeout=0.25, retries=2, retry_delay=0.1, warmup=0)


@case
def check_http():
    return checked(
        type="http", path="/health?full=1&x=a,b;c!", status=[200, "301-302"], host="www.example.com:8080", port=8080,
        body_pattern=r"""^status: "(ok|b\.c)"\s*#!{1,2}'\\ $""",
    )  # fmt: skip


@case
def no_retries():
    kinds = ("tcp", "http", "https", "dns", "smtp", "udp", "ping")
    checks = {kind: complete_check(type=kind, retries=0, **({"path": "/"} if kind.startswith("http") else {})) for kind in kinds}
    return cluster(virtual_servers=[service(kind, port=81 + number, health_check=check) for number, (kind, check) in enumerate(checks.items())])


@case
def check_https():
    return checked(type="https", path="/", status="200-499", host="www.example.com")


@case
def check_dns():
    return checked(type="dns", query_type="A", name="www.example.com")


@case
def check_smtp():
    return checked(type="smtp", helo="r1.example.com", port=2525)


@case
def check_udp():
    return checked(type="udp", payload="70 69 6E 67", require_reply=True, reply="706f6e67")


@case
def check_ping():
    return checked(type="ping")


@case
def check_external():
    command = ["/usr/local/lib/check-shop", "--depth", "two words", "#!{x}@~SEQ", "", "100%"]
    return checked(type="external", command=command, user="nobody", group="nogroup", timeout=4)


@case
def check_external_default():
    return checked(type="external", command=["/bin/true"])


@case
def check_external_expect():
    return checked(type="external", command=["/bin/echo", "all is well"], expect="is well", match="contains")


@case
def check_none():
    return checked(type="none")


@case
def check_send_expect():
    """Asked once for two virtual servers; a second check of the same servers; weights that grow; down until they are well."""
    redis = {"type": "send_expect", "send": "PING\\r\\n", "expect": "+PONG"}
    slow = {**redis, "slow_start": 30, "start": "down"}
    return cluster(
        virtual_servers=[
            service("redis", port=6379, health_check=complete_check(**redis)),
            service("cache", port=6379, address="192.0.2.101", health_check=complete_check(**redis)),
            service("store", port=6379, address="192.0.2.102", health_check=complete_check(**slow)),
        ],
        vips=[vip("192.0.2.100"), vip("192.0.2.101", label="2"), vip("192.0.2.102", label="3"), vip("10.0.0.254", "private", "gw", "gateway")],
    )


@case
def load_feedback():
    """Weights that follow an agent, of which two virtual servers ask once, and a header of an HTTP answer."""
    agent = {"port": 9999, "send": None, "path": None, "header": None, "interval": 5, "timeout": 2}
    web = {**agent, "port": None, "path": "/load%41?x", "header": "X-Load"}
    return cluster(
        virtual_servers=[
            service(load_feedback=agent),
            service("shop", address="192.0.2.101", load_feedback=agent),
            service("api", address="192.0.2.102", load_feedback=web),
        ],
        vips=[vip("192.0.2.100"), vip("192.0.2.101", label="2"), vip("192.0.2.102", label="3"), vip("10.0.0.254", "private", "gw", "gateway")],
    )


@case
def vip_check():
    """Asked for the VIP: directly by its port, through a tunnel, and by an echo request where the service is no port of TCP."""
    asked = {"enabled": True, "interval": 5, "timeout": 2, "fall": 2, "rise": 1}
    return cluster(
        virtual_servers=[
            service(forward="direct", vip_check=asked),
            service("far", address="192.0.2.101", forward="tunnel", tunnel={"type": "gue", "port": 6080}, vip_check=asked),
            service("talk", address="192.0.2.102", protocol="udp", port=7000, forward="direct", vip_check=asked, health_check=complete_check(type="ping")),
        ],
        vips=[vip("192.0.2.100"), vip("192.0.2.101", label="2"), vip("192.0.2.102", label="3"), vip("10.0.0.254", "private", "gw", "gateway")],
    )
