# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wrong definitions: what is changed in the minimal one, where the problem is said to be, and words of what would be right."""

from __future__ import annotations

from typing import Any, NamedTuple

from .samples import GONE


class Wrong(NamedTuple):
    what: str
    changes: dict[str, Any]
    path: str
    message: str
    remedy: str


VS = "virtual_servers[0]"
SECOND = {"name": "second", "address": "192.0.2.101", "port": 80}
SERVERS = {"servers": [{"name": "a", "address": "10.0.0.11"}, {"name": "b", "address": "10.0.0.12"}]}

WRONG = [
    # Shapes and names
    Wrong("unknown top-level key", {"virtual_server": []}, "virtual_server", "unknown key", "did you mean virtual_servers?"),
    Wrong("unknown key of a virtual server", {f"{VS}.adress": "192.0.2.7"}, f"{VS}.adress", "unknown key", "did you mean address?"),
    Wrong("unknown key like no other", {f"{VS}.zzz": 1}, f"{VS}.zzz", "unknown key", "known here: name, address"),
    Wrong("field of a later issue", {"firewall": {"enabled": True}}, "firewall", "is not implemented yet", "leave it out"),
    Wrong("field of a later issue, deep", {f"{VS}.firewall_mark": 3}, f"{VS}.firewall_mark", "is not implemented yet", "leave it out"),
    Wrong("heartbeat none with two routers", {"heartbeat": "none"}, "routers.group", "has 2 routers (r1, r2), but heartbeat is none", "name one of them"),
    Wrong("list where a mapping belongs", {"networks": ["public"]}, "networks", "a list stands where a mapping", "names to networks"),
    Wrong("mapping where a list belongs", {"virtual_servers": {"www": {}}}, "virtual_servers", "a mapping stands where a list", "begin each item with '- '"),
    Wrong("text where a mapping belongs", {"routers": "lvs_routers"}, "routers", "lvs_routers stands where a mapping", "group or hosts"),
    Wrong("empty item", {f"{VS}": None}, VS, "null stands where a mapping belongs", "name, address and port"),
    Wrong("network without content", {"networks.dmz": None}, "networks.dmz", "is empty", "cidr"),
    Wrong("no virtual servers", {"virtual_servers": []}, "virtual_servers", "is empty", "at least 1"),
    Wrong("virtual servers missing", {"virtual_servers": GONE}, "virtual_servers", "is missing", "a list of virtual servers"),
    Wrong("name missing", {"name": GONE}, "name", "is missing", "a name of a-z"),
    Wrong("name in capitals", {"name": "Web"}, "name", "Web does not fit", "a-z, 0-9"),
    Wrong("name is a number", {"name": 8080}, "name", "8080 is not text", "put it in quotes"),
    Wrong("name is a YAML boolean", {"name": True}, "name", "true is not text", "YAML reads yes, no, on and off"),
    Wrong("newline in a text", {"routers.group": "a\nb"}, "routers.group", "contains a newline", "leave it out"),
    Wrong("tab in a text", {f"{VS}.label": "a\tb"}, f"{VS}.label", "contains a tab", "leave it out"),
    Wrong("brace in a text", {f"{VS}.device": "eth0}"}, f"{VS}.device", "contains }, which would break keepalived.conf", "leave it out"),
    Wrong("quote in a text", {"networks.public.interface": 'eth"0'}, "networks.public.interface", "contains a double quote", "leave it out"),
    # Networks
    Wrong("no cidr", {"networks.public": {}}, "networks.public.cidr", "is missing", "192.0.2.0/24"),
    Wrong("address without prefix", {"networks.public.cidr": "192.0.2.0"}, "networks.public.cidr", "is not a network", "192.0.2.0/24"),
    Wrong("host bits", {"networks.public.cidr": "192.0.2.1/24"}, "networks.public.cidr", "has host bits set", "did you mean 192.0.2.0/24?"),
    Wrong("loopback", {"networks.public.cidr": "127.0.0.0/8"}, "networks.public.cidr", "is for loopback", "the network of the hosts"),
    Wrong("IPv6 network", {"networks.public.cidr": "2001:db8::/64"}, "networks.public.cidr", "is an IPv6 network", "not implemented yet"),
    Wrong(
        "gateway outside",
        {"networks.private.gateway": "10.0.1.254"},
        "networks.private.gateway",
        "outside the network 10.0.0.0/24",
        "an address of 10.0.0.0/24",
    ),
    Wrong("gateway is broadcast", {"networks.private.gateway": "10.0.0.255"}, "networks.private.gateway", "is the broadcast address", "10.0.0.1 to 10.0.0.254"),
    Wrong(
        "overlapping networks",
        {"networks.private.cidr": "192.0.2.128/25"},
        "networks.private.cidr",
        "overlaps 192.0.2.0/24 of networks.public",
        "share no address",
    ),
    Wrong(
        "virtual router id 256", {"networks.public.virtual_router_id": 256}, "networks.public.virtual_router_id", "256 is not a virtual router id", "1 to 255"
    ),
    Wrong("VIP on a network without heartbeat", {"networks.public.heartbeat": False}, "networks.public.heartbeat", "but no heartbeat", "heartbeat: true"),
    Wrong(
        "no heartbeat at all",
        {"networks.public.heartbeat": False, "networks.private.heartbeat": False},
        "networks",
        "none of them carries the heartbeat",
        "at least one",
    ),
    # Routers
    Wrong("unknown group", {"routers.group": "lvs_router"}, "routers.group", "there is no inventory group lvs_router", "did you mean lvs_routers?"),
    Wrong("router not in the inventory", {"routers": {"hosts": ["r1", "r9"]}}, "routers.hosts[1]", "no host in the inventory named r9", "give r1, r2"),
    Wrong("one router", {"routers.group": "one"}, "routers.group", "has one router (r1)", "name a second one; or give heartbeat: none"),
    Wrong("three routers", {"routers.group": "three"}, "routers.group", "has 3 routers (r1, r2, r3)", "name two of them in routers.hosts"),
    Wrong("no router", {"routers.group": "nobody"}, "routers.group", "has no hosts", "put the two routers in"),
    Wrong("a router twice", {"routers": {"hosts": ["r1", "r1"]}}, "routers.hosts[1]", "r1 stands here twice", "once"),
    Wrong("group and hosts", {"routers.hosts": ["r1", "r2"]}, "routers", "has both group and hosts", "give one of them"),
    Wrong("neither group nor hosts", {"routers": {}}, "routers", "has neither group nor hosts", "give one of them"),
    # Heartbeat and connection sync
    Wrong("interval too short", {"heartbeat": {"interval": 0.001}}, "heartbeat.interval", "0.001 is not a time", "0.01 to 40.95 seconds"),
    Wrong("interval too fine", {"heartbeat": {"interval": 0.125}}, "heartbeat.interval", "finer than can be expressed", "in steps of 0.01"),
    Wrong(
        "dead time too short",
        {"heartbeat": {"dead_time": 1}},
        "heartbeat.dead_time",
        "can't be had with an interval of 1 s",
        "give 1.61 to 100.6, or an interval of at most 0.62",
    ),
    Wrong("dead time too long", {"heartbeat": {"dead_time": 101}}, "heartbeat.dead_time", "can't be had", "or a longer interval"),
    Wrong("heartbeat over an unknown network", {"heartbeat": {"networks": ["publik"]}}, "heartbeat.networks[0]", "no network publik", "did you mean public?"),
    Wrong(
        "heartbeat left out where a VIP is",
        {"heartbeat": {"networks": ["private"]}},
        "heartbeat.networks",
        "public has the floating address",
        "name public too",
    ),
    Wrong("delay without fail-back", {"heartbeat": {"fail_back": False, "fail_back_delay": 3}}, "heartbeat.fail_back_delay", "no meaning", "fail_back: true"),
    Wrong(
        "hand-over without fail-back",
        {"heartbeat": {"fail_back": False, "hand_over_virtual_router_id": 3}},
        "heartbeat.hand_over_virtual_router_id",
        "no meaning",
        "leave it out",
    ),
    Wrong(
        "virtual router id of the hand-over is that of a network",
        {"heartbeat": {"hand_over_virtual_router_id": 9}, "networks.public.virtual_router_id": 9},
        "heartbeat.hand_over_virtual_router_id",
        "9 is that of networks.public",
        "a number of its own",
    ),
    Wrong("mode", {"heartbeat": {"mode": "broadcast"}}, "heartbeat.mode", "broadcast is not known", "unicast or multicast"),
    Wrong(
        "sync over an unknown network", {"connection_sync": {"network": "dmz"}}, "connection_sync.network", "there is no network dmz", "give public or private"
    ),
    Wrong("sync id 0", {"connection_sync": {"id": 0}}, "connection_sync.id", "0 is not a sync id", "1 to 255"),
    # Virtual servers
    Wrong("bad address", {f"{VS}.address": "192.0.2.256"}, f"{VS}.address", "192.0.2.256 is not an address", "such as 192.0.2.10"),
    Wrong("address with prefix", {f"{VS}.address": "192.0.2.100/32"}, f"{VS}.address", "has a prefix", "the address alone"),
    Wrong("VIP in no network", {f"{VS}.address": "198.51.100.1"}, f"{VS}.address", "is in no network", "public (192.0.2.0/24) or private"),
    Wrong("VIP outside its network", {f"{VS}.network": "private"}, f"{VS}.address", "outside the network private (10.0.0.0/24)", "inside it"),
    Wrong("VIP is the network address", {f"{VS}.address": "192.0.2.0"}, f"{VS}.address", "is the network address", "192.0.2.1 to 192.0.2.254"),
    Wrong("VIP is the broadcast address", {f"{VS}.address": "192.0.2.255"}, f"{VS}.address", "is the broadcast address", "192.0.2.1 to 192.0.2.254"),
    Wrong("VIP is the gateway", {f"{VS}.address": "10.0.0.254"}, "networks.private.gateway", "is the VIP of", "address of its own"),
    Wrong("unknown network", {f"{VS}.network": "publc"}, f"{VS}.network", "there is no network publc", "did you mean public?"),
    Wrong("port 0", {f"{VS}.port": 0}, f"{VS}.port", "0 is not a port", "give 1 to 65535"),
    Wrong("port 70000", {f"{VS}.port": 70000}, f"{VS}.port", "70000 is not a port", "give 1 to 65535"),
    Wrong("port as a word", {f"{VS}.port": "http"}, f"{VS}.port", "http is not a port", "give 1 to 65535"),
    Wrong("port as a fraction", {f"{VS}.port": 80.5}, f"{VS}.port", "80.5 is not a port", "give 1 to 65535"),
    Wrong("protocol of a later issue", {f"{VS}.protocol": "sctp"}, f"{VS}.protocol", "sctp is not implemented yet", "tcp or udp"),
    Wrong(
        "duplicate service",
        {"virtual_servers[1]": {**SECOND, "address": "192.0.2.100"}},
        "virtual_servers[1]",
        f"is the service of {VS} (www) too",
        "another address, port",
    ),
    Wrong("duplicate name", {"virtual_servers[1]": {**SECOND, "name": "www"}}, "virtual_servers[1].name", f"is the name of {VS} too", "its own name"),
    Wrong("unknown scheduler", {f"{VS}.scheduler": "wlcc"}, f"{VS}.scheduler", "wlcc is not known", "did you mean wlc?"),
    Wrong(
        "flag of another scheduler", {f"{VS}.scheduler": "sh", f"{VS}.scheduler_flags": ["mh-port"]}, f"{VS}.scheduler_flags", "sh has no flag mh-port", "mh"
    ),
    Wrong("flag of a scheduler without", {f"{VS}.scheduler_flags": "sh-port"}, f"{VS}.scheduler_flags", "wlc has no flag sh-port", "or scheduler: sh"),
    Wrong("unknown flag", {f"{VS}.scheduler": "sh", f"{VS}.scheduler_flags": ["sh-prt"]}, f"{VS}.scheduler_flags[0]", "not known", "did you mean sh-port?"),
    Wrong("flags as a number", {f"{VS}.scheduler_flags": 1}, f"{VS}.scheduler_flags", "1 stands where a list belongs", "sh-fallback, sh-port"),
    Wrong("one packet of TCP", {f"{VS}.one_packet": True}, f"{VS}.one_packet", "tcp can't be scheduled packet by packet", "protocol: udp"),
    Wrong(
        "one packet with persistence",
        {f"{VS}.one_packet": True, f"{VS}.protocol": "udp", f"{VS}.persistence": 5},
        f"{VS}.one_packet",
        "go to one real server",
        "one of the two",
    ),
    Wrong("engine without persistence", {f"{VS}.protocol": "udp", f"{VS}.persistence_engine": "sip"}, f"{VS}.persistence_engine", "without", "seconds"),
    Wrong("engine over TCP", {f"{VS}.persistence": 9, f"{VS}.persistence_engine": "sip"}, f"{VS}.persistence_engine", "reads UDP alone", "protocol: udp"),
    Wrong("unknown engine", {f"{VS}.persistence": 9, f"{VS}.persistence_engine": "http"}, f"{VS}.persistence_engine", "http is not known", "give sip"),
    Wrong("unknown forward method", {f"{VS}.forward": "drect"}, f"{VS}.forward", "drect is not known", "did you mean direct?"),
    Wrong(
        "tunnel with another port",
        {f"{VS}.forward": "tunnel", f"{VS}.real_server_port": 8080},
        f"{VS}.real_server_port",
        "a tunnel can't reach port 8080 for port 80",
        "only nat",
    ),
    Wrong(
        "one server direct, with another port",
        {f"{VS}.real_servers": [{"host": "web1", "port": 81, "forward": "direct"}, {"host": "web2", "port": 81}]},
        f"{VS}.real_servers[0].port",
        "direct routing can't reach port 81 for port 80",
        "only nat",
    ),
    Wrong("unknown tunnel", {f"{VS}.forward": "tunnel", f"{VS}.tunnel": "vxlan"}, f"{VS}.tunnel", "vxlan is not known", "ipip, gue or gre"),
    Wrong("tunnel without the forward method", {f"{VS}.tunnel": "gue"}, f"{VS}.tunnel", "no packet takes a tunnel here", "forward: tunnel"),
    Wrong(
        "tunnel of a server that is reached directly",
        {f"{VS}.forward": "tunnel", f"{VS}.real_servers": [{"host": "web1", "forward": "direct", "tunnel": "gre"}, {"host": "web2"}]},
        f"{VS}.real_servers[0].tunnel",
        "no packet takes a tunnel here",
        "leave it out",
    ),
    Wrong(
        "port of a tunnel that has none",
        {f"{VS}.forward": "tunnel", f"{VS}.tunnel": {"type": "gre", "port": 6080}},
        f"{VS}.tunnel.port",
        "a tunnel of type gre has no port",
        "type: gue",
    ),
    Wrong(
        "sorry server at another port, directly",
        {f"{VS}.forward": "direct", f"{VS}.sorry_server": {"address": "10.0.0.99", "port": 8080}},
        f"{VS}.sorry_server.port",
        "direct routing can't reach port 8080 for port 80",
        "forward: nat",
    ),
    Wrong(
        "direct with another port", {f"{VS}.forward": "direct", f"{VS}.real_server_port": 8080}, f"{VS}.real_server_port", "can't reach port 8080", "only nat"
    ),
    Wrong(
        "direct with another port of one",
        {f"{VS}.forward": "direct", f"{VS}.real_servers": [{"host": "web1", "port": 81}]},
        f"{VS}.real_servers[0].port",
        "can't reach port 81",
        "only nat",
    ),
    Wrong("persistence 0", {f"{VS}.persistence": 0}, f"{VS}.persistence", "0 is not a time", "1 to 2678400 seconds"),
    Wrong("netmask", {f"{VS}.persistence": {"timeout": 5, "netmask": "255.0.255.0"}}, f"{VS}.persistence.netmask", "is not a netmask", "255.255.255.0"),
    Wrong("weight out of range", {f"{VS}.weight": 65536}, f"{VS}.weight", "65536 is not a weight", "0 to 65535"),
    Wrong("all weights 0", {f"{VS}.weight": 0}, VS, "weight 0", "1 to 65535"),
    Wrong("label with a character", {f"{VS}.label": "a:b"}, f"{VS}.label", "a:b does not fit", "at most 13 characters"),
    Wrong("label too long", {"networks.public.interface": "enp129s0f1np1", f"{VS}.label": "web"}, f"{VS}.label", "has 17 characters", "a label of at most 1"),
    Wrong(
        "two labels for one VIP",
        {f"{VS}.label": 1, "virtual_servers[1]": {"name": "tls", "address": "192.0.2.100", "port": 443, "label": 2}},
        "virtual_servers[1].label",
        "has 1 for the same address",
        "the same in both",
    ),
    Wrong(
        "one label for two VIPs",
        {f"{VS}.label": 1, "virtual_servers[1]": {**SECOND, "label": 1}},
        "virtual_servers[1].label",
        "is the label of 192.0.2.100 too",
        "its own label",
    ),
    Wrong("quorum larger than the pool", {f"{VS}.quorum": 4}, f"{VS}.quorum.servers", "4 is more than the 3 real servers", "at most 3"),
    Wrong(
        "hysteresis as large as the quorum",
        {f"{VS}.quorum": {"servers": 2, "hysteresis": 2}},
        f"{VS}.quorum.hysteresis",
        "is not below the quorum",
        "at most 1",
    ),
    Wrong(
        "sorry server is the VIP",
        {f"{VS}.sorry_server": {"address": "192.0.2.100", "port": 81}},
        f"{VS}.sorry_server.address",
        "is the VIP itself",
        "a machine of its own",
    ),
    Wrong("sorry server without port", {f"{VS}.sorry_server": {"address": "10.0.0.9"}}, f"{VS}.sorry_server.port", "is missing", "1 to 65535"),
    Wrong(
        "sorry server is a real server",
        {"real_servers": SERVERS, f"{VS}.sorry_server": {"address": "10.0.0.11", "port": 80}},
        f"{VS}.sorry_server",
        "is a real server of www",
        "another machine",
    ),
    # Real servers
    Wrong("no pool", {"real_servers": GONE}, "real_servers", "is missing", "group or servers"),
    Wrong("unknown pool", {f"{VS}.pool": "static"}, f"{VS}.pool", "there is no pool static", "give real_servers"),
    Wrong("empty group", {"real_servers.group": "nobody"}, "real_servers.group", "is an empty pool", "at least one real server"),
    Wrong("empty list", {"real_servers": {"servers": []}}, "real_servers.servers", "is an empty pool", "at least one real server"),
    Wrong(
        "unknown group of real servers", {"real_servers.group": "lvs_real_server"}, "real_servers.group", "no inventory group", "did you mean lvs_real_servers?"
    ),
    Wrong("real server not in the inventory", {"real_servers": {"servers": [{"host": "web9"}]}}, "real_servers.servers[0].host", "named web9", "did you mean"),
    Wrong("real server without address", {"real_servers": {"servers": [{"name": "ext"}]}}, "real_servers.servers[0].address", "is missing", "address of ext"),
    Wrong(
        "real server without name",
        {"real_servers": {"servers": [{"address": "10.0.0.11"}]}},
        "real_servers.servers[0]",
        "neither host nor name",
        "a name and an address",
    ),
    Wrong(
        "mixed families",
        {"real_servers": {"servers": [{"name": "v6", "address": "2001:db8::1"}]}},
        "real_servers.servers[0].address",
        "of the other family",
        "an IPv4 address",
    ),
    Wrong(
        "real server in no network",
        {"real_servers": {"servers": [{"name": "a", "address": "10.7.0.1"}]}},
        "real_servers.servers[0].address",
        "is in no network",
        "add its network",
    ),
    Wrong("real server twice", {"real_servers": {"servers": [{"host": "web1"}, {"host": "web1"}]}}, "real_servers.servers", "web1 stands here twice", "once"),
    Wrong(
        "one address twice",
        {"real_servers": {"servers": [*SERVERS["servers"], {"name": "c", "address": "10.0.0.11"}]}},
        "real_servers.servers",
        "a and c have the same address",
        "each its own",
    ),
    Wrong(
        "real server with the VIP",
        {"real_servers": {"servers": [{"name": "a", "address": "10.0.0.254"}]}},
        "real_servers",
        "is the gateway of private",
        "own address",
    ),
    Wrong("a router as real server", {"real_servers": {"servers": [{"host": "r1"}]}}, "real_servers", "r1 is a router of this cluster", "take it out"),
    Wrong(
        "real servers beside the clients",
        {"networks": {"public": {"cidr": "192.0.2.0/24"}}},
        VS,
        "answers of web1, web2, web3 go past the router",
        "a network of their own with a gateway",
    ),
    Wrong("not of the pool", {f"{VS}.real_servers": [{"host": "r3"}]}, f"{VS}.real_servers[0].host", "in the pool real_servers named r3", "web1, web2 or web3"),
    Wrong("twice in a service", {f"{VS}.real_servers": [{"host": "web1"}, {"host": "web1"}]}, f"{VS}.real_servers[1]", "twice with port 80", "another port"),
    Wrong("a pool named real_servers", {"pools": {"real_servers": {"group": "one"}}}, "pools.real_servers", "the first pool", "another name"),
    # Health checks
    Wrong("bad check type", {f"{VS}.health_check": "htp"}, f"{VS}.health_check.type", "htp is not known", "did you mean http?"),
    Wrong("check type of a later issue", {f"{VS}.health_check": "send_expect"}, f"{VS}.health_check.type", "is not implemented yet", "tcp"),
    Wrong(
        "field of another type", {f"{VS}.health_check": {"type": "tcp", "path": "/"}}, f"{VS}.health_check.path", "is no field of the check tcp", "type: http"
    ),
    Wrong("field that no type has", {f"{VS}.health_check": {"type": "http", "pth": "/"}}, f"{VS}.health_check.pth", "unknown key", "did you mean path?"),
    Wrong(
        "field of another type, by default",
        {f"{VS}.port": 3306, f"{VS}.health_check": {"status": 200}},
        f"{VS}.health_check.status",
        "check tcp (from protocol tcp and port 3306)",
        "type: http",
    ),
    Wrong("bad field", {f"{VS}.health_check": {"type": "http", "status": 42}}, f"{VS}.health_check.status", "42 is not an HTTP status", "100 to 599"),
    Wrong(
        "bad regular expression",
        {f"{VS}.health_check": {"type": "http", "body_pattern": "(ok"}},
        f"{VS}.health_check.body_pattern",
        "is not a regular expression",
        "correct it",
    ),
    Wrong(
        "timeout longer than the interval",
        {f"{VS}.health_check": {"type": "tcp", "interval": 2, "timeout": 3}},
        f"{VS}.health_check.timeout",
        "longer than the interval of 2 s",
        "a longer interval",
    ),
    Wrong(
        "the same in the cluster's default",
        {"health_check": {"interval": 2, "timeout": 3}},
        "health_check.timeout",
        "longer than the interval of 2 s",
        "a longer interval",
    ),
    Wrong("a default that needs a type", {"health_check": {"path": "/"}}, "health_check.path", "is no field of every check", "type: http"),
    Wrong("external without command", {f"{VS}.health_check": "external"}, f"{VS}.health_check.command", "is missing", "a list"),
    Wrong(
        "external with a shell line",
        {f"{VS}.health_check": {"type": "external", "command": "/bin/check web"}},
        f"{VS}.health_check.command",
        "is not a list",
        "the program by its full path",
    ),
]
