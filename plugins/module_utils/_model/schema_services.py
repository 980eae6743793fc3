# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The part of the table that is about virtual servers. See schema.py."""

from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._model import drain
from ansible_collections.lvs.cluster.plugins.module_utils._model.containers import ListOf, Record
from ansible_collections.lvs.cluster.plugins.module_utils._model.feedback import LOAD_FEEDBACK
from ansible_collections.lvs.cluster.plugins.module_utils._model.fields import Field, defaults
from ansible_collections.lvs.cluster.plugins.module_utils._model.health import PROGRAM, HealthCheck
from ansible_collections.lvs.cluster.plugins.module_utils._model.ipvs_words import PROTOCOLS
from ansible_collections.lvs.cluster.plugins.module_utils._model.kinds import (
    Address,
    Anything,
    Boolean,
    Choice,
    Integer,
    Label,
    Netmask,
    Port,
    Seconds,
    Text,
)
from ansible_collections.lvs.cluster.plugins.module_utils._model.schema_routers import HOST, INTERFACE, NETWORK_NAME
from ansible_collections.lvs.cluster.plugins.module_utils._model.service_kinds import (
    FirewallMark,
    PortRange,
    Ports,
    SchedulerFlags,
    ServicePort,
)
from ansible_collections.lvs.cluster.plugins.module_utils._model.vip_check import VIP_CHECK

SCHEDULERS = ("rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf", "mh")
FORWARD = Choice(("nat", "direct", "tunnel"))
TUNNEL_TYPES = ("ipip", "gue", "gre")
GUE_PORT = 6080  # the port that IANA gave to GUE

SERVICE_NAME = Text("a name of a-z, 0-9, _ and -, beginning with a letter, at most 31 characters", "[a-z][a-z0-9_-]{0,30}")
SERVER_NAME = Text("a name of letters, digits, . _ and -, at most 63 characters", "[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
WEIGHT = Integer(0, -drain.DRAINED, "a weight")  # so that a drained server has none

THRESHOLD = Integer(0, 2**31 - 1, "a number of connections")

NOTIFY = (
    Field(
        "command",
        PROGRAM["command"],
        "The program by its full path and its arguments, as a list; no shell reads it. It must be on both routers.",
        required=True,
    ),
    Field("user", PROGRAM["user"], "The user as whom it runs; not root.", derived="the script user, keepalived_script"),
    Field("group", PROGRAM["group"], "The group as which it runs; it has no other.", derived="the group of the user's name"),
)

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
    Field("upper_threshold", THRESHOLD, "As the virtual server's, for this one.", derived="the virtual server's", ipvsadm="--u-threshold"),
    Field("lower_threshold", THRESHOLD, "As the virtual server's, for this one.", derived="the virtual server's", ipvsadm="--l-threshold"),
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
    Field("netmask6", Integer(1, 128, "a prefix length"), "The same for IPv6: a prefix length.", default=128, ipvsadm="--netmask"),
)

QUORUM = (
    Field("servers", Integer(1, 100000, "a number of servers"), "With fewer healthy real servers the sorry server takes over.", default=1),
    Field("hysteresis", Integer(0, 99999, "a number of servers"), "So many more, and so many fewer, before the state changes.", default=0),
)

SORRY_SERVER = (
    Field("address", Address(0), "Answers when no quorum of real servers is left.", required=True),
    Field("address6", Address(6), "The same for the IPv6 twin."),
    Field("port", Port(), "Its port.", derived="**required**; with several ports there is none"),
    Field("forward", FORWARD, "How packets reach it; other than with `nat` it needs the VIP too.", derived="the virtual server's `forward`"),
)


def later(name: str, doc: str, lvs_cf: str = "", ipvsadm: str = "") -> Field:
    return Field(name, Anything(), doc, implemented=False, lvs_cf=lvs_cf, ipvsadm=ipvsadm)


FTP_PERSISTENCE = 300  # seconds: as long as ipvsadm's default
FTP = (
    Field("enabled", Boolean(), "Whether it is one.", default=True),
    Field("passive_ports", PortRange(), 'The ports of passive data connections, as the real servers are set to, such as "40000-40100"; not needed with `nat`.'),
)

VIRTUAL_SERVER = (
    Field("name", SERVICE_NAME, "The name; unique in the cluster.", required=True, lvs_cf="virtual NAME"),
    Field("address", Address(0), "The virtual IP address (VIP), IPv4 or IPv6.", required=True, lvs_cf="address", ipvsadm="--tcp-service, --udp-service"),
    Field("address6", Address(6), "The IPv6 twin of an IPv4 VIP: the same service for IPv6, by the real servers' IPv6 addresses."),
    Field("addresses", ListOf(Address(0), 1, "a list of addresses"), "Further VIPs of a service by firewall mark."),
    Field(
        "port",
        ServicePort(),
        "The port. Either this, or `ports`, or `ftp`.",
        derived="**required** without `ports` and `ftp`",
        lvs_cf="port",
        ipvsadm="--tcp-service, --udp-service",
    ),
    Field(
        "ports",
        Ports(),
        "Several ports, also of several protocols, as one service by a firewall mark: with `persistence` a client has one real server for all of them. "
        "`all`: every port of the VIP that no other service has; needs `persistence`.",
    ),
    Field("protocol", Choice(PROTOCOLS), "The transport.", default="tcp", lvs_cf="protocol", ipvsadm="--tcp-service, --udp-service"),
    Field(
        "firewall_mark",
        FirewallMark(),
        "Makes it a service by mark; nftables on the routers marks the packets, by rules of the same deploy.",
        derived="`auto` with several `ports`: from the names of cluster and service, always the same",
        lvs_cf="fwmark",
        ipvsadm="--fwmark-service",
    ),
    Field(
        "ftp",
        Record(FTP, "true, or a mapping with passive_ports", "enabled"),
        "An FTP service, active and passive. With `nat` the routers' kernel follows the connections; else its ports are one service, "
        "with a persistence of %d s unless given." % FTP_PERSISTENCE,
    ),
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
    Field(
        "scheduler_flags",
        SchedulerFlags(),
        "`sh-port`, `mh-port`: the client's port counts too; `sh-fallback`, `mh-fallback`: clients of a real server without weight go to another one.",
        default=[],
        ipvsadm="--sched-flags",
    ),
    Field(
        "one_packet",
        Boolean(),
        "Every packet is scheduled anew, and no connection is kept; UDP only. With `nat` an answer would have the real server's own address.",
        default=False,
        ipvsadm="--ops",
    ),
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
    Field(
        "persistence_engine",
        Choice(("sip",)),
        "What persistence goes by beside the client's address: `sip`, the Call-ID of SIP over UDP.",
        ipvsadm="--pe",
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
    Field(
        "quiesce",
        Boolean(),
        "A failed real server gets weight 0 instead of being removed: its connections, and clients that persistence binds to it, stay.",
        default=False,
        lvs_cf="quiesce_server",
    ),
    Field("alpha", Boolean(), "Real servers count as failed until their first good check, also new ones after a reload.", default=False),
    Field("upper_threshold", THRESHOLD, "From so many connections on, a real server gets no new ones; 0: no limit.", default=0, ipvsadm="--u-threshold"),
    Field(
        "lower_threshold",
        THRESHOLD,
        "Below so many it gets new ones again; 0: below three quarters of the upper threshold.",
        default=0,
        ipvsadm="--l-threshold",
    ),
    Field(
        "notify",
        Record(NOTIFY, "a mapping with command"),
        "A program of yours that is told of it and its real servers: `VIRTUAL_SERVER www DOWN`, `REAL_SERVER www/web1 UP`.",
        derived="the cluster's `notify`",
    ),
    later("slow_start", "The weight grows over this time after a recovery."),
    later("reentry_delay", "How long a recovered server waits.", "reentry"),
    Field(
        "vip_check",
        VIP_CHECK,
        "Real servers of `direct` and `tunnel` are asked for the virtual address itself too; who has it not is taken out. See health_checks.md.",
        derived="off",
    ),
    Field(
        "load_feedback",
        LOAD_FEEDBACK,
        "The weights follow what the real servers say of their load; see health_checks.md.",
        derived="the cluster's `load_feedback`, else off",
        lvs_cf="load_monitor",
    ),
)
