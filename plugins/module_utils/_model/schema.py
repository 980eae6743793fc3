# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The whole of `lvs_cluster`, declared: names, kinds, defaults, documentation, old terms.

Validation, the normalised form and docs/definition.md are all made from these tables. What one
field can't say (references, derived values, whole-cluster rules) is in definition.py and its parts.
Limits are those of keepalived 2.2.7 and the kernel, found by giving them to `keepalived -t`.
"""

from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._model.containers import ListOf, MappingOf, Record, WordOrRecord
from ansible_collections.lvs.cluster.plugins.module_utils._model.fields import Field, defaults
from ansible_collections.lvs.cluster.plugins.module_utils._model.health import HealthCheck
from ansible_collections.lvs.cluster.plugins.module_utils._model.heartbeat import NONE
from ansible_collections.lvs.cluster.plugins.module_utils._model.kinds import (
    Address,
    Anything,
    Choice,
    Integer,
    Label,
    Netmask,
    Port,
    Seconds,
    Text,
)
from ansible_collections.lvs.cluster.plugins.module_utils._model.schema_routers import (
    CONNECTION_SYNC,
    GROUP,
    HEARTBEAT,
    HOST,
    INTERFACE,
    NETWORK,
    NETWORK_NAME,
    ROUTERS,
)

SCHEDULERS = ("rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf", "mh")
FORWARD = Choice(("nat", "direct", "tunnel"))
TUNNEL_TYPES = ("ipip", "gue", "gre")
GUE_PORT = 6080  # the port that IANA gave to GUE

CLUSTER_NAME = Text("a name of a-z, 0-9 and -, beginning with a letter, at most 31 characters", "[a-z][a-z0-9-]{0,30}")
SERVICE_NAME = Text("a name of a-z, 0-9, _ and -, beginning with a letter, at most 31 characters", "[a-z][a-z0-9_-]{0,30}")
SERVER_NAME = Text("a name of letters, digits, . _ and -, at most 63 characters", "[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
WEIGHT = Integer(0, 65535, "a weight")

POOL_SERVER = (
    Field("host", HOST, "A host of the inventory; its address comes from its facts unless given."),
    Field(
        "name",
        SERVER_NAME,
        "A name for a machine that is not in the inventory (needs `address`), or another name for the host.",
        derived="the host",
        lvs_cf="server",
    ),
    Field(
        "address",
        Address(),
        "Its address.",
        derived="the host's address in the pool's network, from its facts",
        lvs_cf="address (in server)",
        ipvsadm="--real-server",
    ),
    Field("weight", WEIGHT, "Its share; 0 takes no new connections.", derived="the virtual server's `weight`", lvs_cf="weight", ipvsadm="--weight"),
)

POOL = (
    Field("group", GROUP, "The inventory group of the real servers."),
    Field(
        "servers",
        ListOf(Record(POOL_SERVER, "a mapping with host, or name and address"), words="a list of real servers"),
        "The real servers one by one, instead of a group.",
    ),
    Field(
        "network",
        NETWORK_NAME,
        "The network of these real servers.",
        derived="the network of the address where one is given, else the first network with a gateway, else the last network",
    ),
)
POOL_RECORD = Record(POOL, "a mapping with group or servers")

TUNNEL = (
    Field("type", Choice(TUNNEL_TYPES), "What the packets are wrapped in: IP in IP, GUE (over UDP) or GRE.", default="ipip", ipvsadm="--tun-type"),
    Field("port", Port(), "The UDP port of `gue`.", derived="%d with `gue`, none with the others" % GUE_PORT, ipvsadm="--tun-port"),
)
TUNNEL_RECORD = Record(TUNNEL, "ipip, gue or gre, or a mapping with type and port", "type")

SERVICE_SERVER = (
    Field("host", HOST, "A real server of the pool, by host."),
    Field("name", SERVER_NAME, "A real server of the pool, by name."),
    Field("port", Port(), "Its port for this virtual server.", derived="`real_server_port`", lvs_cf="port (in server)", ipvsadm="--real-server"),
    Field("weight", WEIGHT, "Its weight for this virtual server.", derived="the pool's, else the virtual server's", lvs_cf="weight", ipvsadm="--weight"),
    Field(
        "forward",
        FORWARD,
        "How packets reach this real server; see forwarding.md.",
        derived="the virtual server's `forward`",
        ipvsadm="--masquerading, --gatewaying, --ipip",
    ),
    Field("tunnel", TUNNEL_RECORD, "The tunnel to this real server.", derived="the virtual server's `tunnel`", ipvsadm="--tun-type, --tun-port"),
    Field("upper_threshold", Anything(), "No new connections from so many on.", implemented=False, ipvsadm="--u-threshold"),
    Field("lower_threshold", Anything(), "New connections again from so few on.", implemented=False, ipvsadm="--l-threshold"),
)

PERSISTENCE = (
    Field(
        "timeout",
        Seconds(1, 2678400, 1),
        "How long a client stays with its real server after its last connection.",
        required=True,
        lvs_cf="persistent",
        ipvsadm="--persistent",
    ),
    Field("netmask", Netmask(), "Clients that are equal under this mask count as one.", default="255.255.255.255", lvs_cf="pmask", ipvsadm="--netmask"),
)

QUORUM = (
    Field("servers", Integer(1, 100000, "a number of servers"), "With fewer healthy real servers the sorry server takes over.", default=1),
    Field("hysteresis", Integer(0, 99999, "a number of servers"), "So many more, and so many fewer, before the state changes.", default=0),
)

SORRY_SERVER = (
    Field("address", Address(), "Answers when no quorum of real servers is left.", required=True),
    Field("port", Port(), "Its port.", required=True),
    Field("forward", FORWARD, "How packets reach it; other than with `nat` it needs the VIP too.", derived="the virtual server's `forward`"),
)


def _later(name: str, doc: str, lvs_cf: str = "", ipvsadm: str = "") -> Field:
    return Field(name, Anything(), doc, implemented=False, lvs_cf=lvs_cf, ipvsadm=ipvsadm)


VIRTUAL_SERVER = (
    Field("name", SERVICE_NAME, "The name; unique in the cluster.", required=True, lvs_cf="virtual NAME"),
    Field("address", Address(), "The virtual IP address (VIP).", required=True, lvs_cf="address", ipvsadm="--tcp-service, --udp-service"),
    Field("port", Port(), "The port.", required=True, lvs_cf="port", ipvsadm="--tcp-service, --udp-service"),
    Field("protocol", Choice(("tcp", "udp"), ("sctp",)), "The transport.", default="tcp", lvs_cf="protocol", ipvsadm="--tcp-service, --udp-service"),
    Field("network", NETWORK_NAME, "The network of the VIP.", derived="the network that holds the address"),
    Field(
        "label",
        Label(),
        "The alias of the VIP: `1` makes `eth0:1`. Interface and label have at most 15 characters together.",
        derived="the VIP's number in its network: 192.0.2.100 in 192.0.2.0/24 gets `eth0:100`",
        lvs_cf="device eth0:1",
    ),
    Field("device", INTERFACE, "Puts the VIP on this interface of the routers instead of the network's.", derived="the network's interface", lvs_cf="device"),
    Field("scheduler", Choice(SCHEDULERS), "How a real server is chosen.", default="wlc", lvs_cf="scheduler", ipvsadm="--scheduler"),
    _later("scheduler_flags", "Flags of the scheduler.", ipvsadm="--sched-flags"),
    Field(
        "forward",
        FORWARD,
        "How packets reach the real servers; see forwarding.md.",
        default="nat",
        lvs_cf="service, lvs nat|direct|tunnel",
        ipvsadm="--masquerading, --gatewaying, --ipip",
    ),
    Field("tunnel", TUNNEL_RECORD, "The tunnel, for `forward: tunnel`.", derived="`ipip`", ipvsadm="--tun-type, --tun-port"),
    Field(
        "persistence",
        Record(PERSISTENCE, "seconds, or a mapping with timeout and netmask", "timeout"),
        "Keeps a client with its real server.",
        derived="off",
        lvs_cf="persistent, pmask",
        ipvsadm="--persistent",
    ),
    Field("weight", WEIGHT, "The weight of real servers that name none.", default=100, lvs_cf="weight", ipvsadm="--weight"),
    Field("pool", NETWORK_NAME, "Which real servers: `real_servers`, or a name of `pools`.", default="real_servers"),
    Field("real_server_port", Port(), "The port of the real servers.", derived="the virtual server's port", lvs_cf="port (in server)", ipvsadm="--real-server"),
    Field(
        "real_servers",
        ListOf(Record(SERVICE_SERVER, "a mapping with host or name"), 1, "a list of real servers of the pool"),
        "Only these of the pool, with a port, weight or forward method of their own.",
        derived="the whole pool",
        lvs_cf="server",
    ),
    Field("sorry_server", Record(SORRY_SERVER, "a mapping with address and port"), "Where clients go when no quorum is left.", derived="none"),
    Field(
        "quorum",
        Record(QUORUM, "a number of servers, or a mapping with servers and hysteresis", "servers"),
        "How many healthy real servers are enough.",
        default=defaults(QUORUM),
    ),
    Field(
        "health_check",
        HealthCheck(),
        "How a real server's health is found out; see health_checks.md.",
        derived="the cluster's `health_check`, else from the protocol and port",
        lvs_cf="send, expect, send_program",
    ),
    _later("address6", "The IPv6 twin of the VIP."),
    _later("firewall_mark", "A service by mark instead of address and port.", "fwmark", "--fwmark-service"),
    _later("ports", "Several ports as one service."),
    _later("one_packet", "One-packet scheduling.", ipvsadm="--ops"),
    _later("persistence_engine", "Persistence by content (SIP).", ipvsadm="--pe"),
    _later("quiesce", "Weight 0 for a failed real server instead of its removal.", "quiesce_server"),
    _later("alpha", "Real servers count as failed until the first good check."),
    _later("upper_threshold", "Connections from which a real server gets no new ones.", ipvsadm="--u-threshold"),
    _later("lower_threshold", "Connections under which it gets new ones again.", ipvsadm="--l-threshold"),
    _later("slow_start", "The weight grows over this time after a recovery."),
    _later("reentry_delay", "How long a recovered server waits.", "reentry"),
    _later("load_feedback", "Weights that follow the real servers' load.", "load_monitor"),
    _later("notify", "Scripts that are told of changes."),
)

CLUSTER = (
    Field("name", CLUSTER_NAME, "The name of the cluster; unique in the inventory.", required=True),
    Field(
        "networks",
        MappingOf(NETWORK_NAME, Record(NETWORK, "a mapping with cidr"), 1, "a mapping of names to networks"),
        "The networks of the routers.",
        required=True,
    ),
    Field("routers", Record(ROUTERS, "a mapping with group or hosts"), "The two routers, or the only one.", required=True, lvs_cf="primary, backup"),
    Field(
        "heartbeat",
        WordOrRecord(HEARTBEAT, (NONE,)),
        "How the routers watch each other; `none` for a single router without keepalived, see single_router.md.",
        default=defaults(HEARTBEAT),
        lvs_cf="heartbeat, keepalive, deadtime",
    ),
    Field(
        "connection_sync",
        Record(CONNECTION_SYNC, "true, false, or a mapping", "enabled"),
        "Connections are known to both routers.",
        default=defaults(CONNECTION_SYNC),
        lvs_cf="syncdaemon",
    ),
    Field("health_check", HealthCheck(), "Default for all virtual servers.", derived="each virtual server's, from its protocol and port"),
    Field("real_servers", POOL_RECORD, "The real servers.", lvs_cf="server"),
    Field("pools", MappingOf(NETWORK_NAME, POOL_RECORD, 0, "a mapping of names to pools"), "Further pools of real servers.", default={}),
    Field(
        "virtual_servers",
        ListOf(Record(VIRTUAL_SERVER, "a mapping with name, address and port"), 1, "a list of virtual servers"),
        "What the cluster serves.",
        required=True,
        lvs_cf="virtual",
    ),
    _later("notify", "Scripts that are told of changes of the routers."),
    _later("firewall", "Packet filter rules on the routers."),
    _later("data_sync", "Files that are the same on all real servers."),
    _later("shared_storage", "The third layer: storage that the real servers share."),
    _later("load_feedback", "Weights that follow the real servers' load.", "load_monitor"),
    _later("connection_table", "The size of the kernel's connection table."),
    _later("metrics", "Figures for Prometheus."),
    _later("bgp", "Several active routers, announced by BGP."),
)
