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
from ansible_collections.lvs.cluster.plugins.module_utils._model.feedback import LOAD_FEEDBACK
from ansible_collections.lvs.cluster.plugins.module_utils._model.fields import Field, defaults
from ansible_collections.lvs.cluster.plugins.module_utils._model.health import HealthCheck
from ansible_collections.lvs.cluster.plugins.module_utils._model.heartbeat import NONE
from ansible_collections.lvs.cluster.plugins.module_utils._model.kinds import Address, Boolean, Text
from ansible_collections.lvs.cluster.plugins.module_utils._model.schema_data import DATA_SYNC
from ansible_collections.lvs.cluster.plugins.module_utils._model.schema_routers import (
    CONNECTION_SYNC,
    GROUP,
    HEARTBEAT,
    HOST,
    NETWORK,
    NETWORK_NAME,
    ROUTERS,
)
from ansible_collections.lvs.cluster.plugins.module_utils._model.schema_services import NOTIFY, SERVER_NAME, VIRTUAL_SERVER, WEIGHT, later
from ansible_collections.lvs.cluster.plugins.module_utils._model.schema_storage import SHARED_STORAGE

CLUSTER_NAME = Text("a name of a-z, 0-9 and -, beginning with a letter, at most 31 characters", "[a-z][a-z0-9-]{0,30}")

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
    Field("address6", Address(6), "Its IPv6 address.", derived="the host's address in the network's `cidr6`, from its facts", ipvsadm="--real-server"),
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

FIREWALL = (
    Field(
        "enabled",
        Boolean(),
        "Whether VRRP and connection sync are taken from the other router alone, and packets to the VIPs for the ports of their services (and ICMP) alone. "
        "What goes to the routers' own addresses, or through them, is left to your own rules.",
        default=False,
    ),
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
    Field(
        "notify",
        Record(NOTIFY, "a mapping with command"),
        "A program of yours on the routers that is told of changes: its last arguments are a kind, a name and a state, such as `GROUP web MASTER 0`. "
        "More stands in its environment: LVS_EVENT (router, virtual_server, real_server), LVS_CLUSTER and LVS_ROUTER, or LVS_STATE (UP, DOWN), "
        "LVS_VIRTUAL_SERVER, LVS_VIRTUAL_ADDRESS, LVS_REAL_SERVER, LVS_REAL_ADDRESS and LVS_REAL_PORT.",
    ),
    Field(
        "firewall",
        Record(FIREWALL, "true, false, or a mapping", "enabled"),
        "A packet filter on the routers, in an nftables table of its own beside what else is there.",
        default=defaults(FIREWALL),
    ),
    Field("data_sync", Record(DATA_SYNC, "a mapping with sets"), "Files that are the same on all real servers; see data_sync.md."),
    Field("shared_storage", Record(SHARED_STORAGE, "a mapping with shares"), "Storage that the real servers share, the third layer; see shared_storage.md."),
    Field("load_feedback", LOAD_FEEDBACK, "Default for all virtual servers.", derived="off", lvs_cf="load_monitor"),
    later("connection_table", "The size of the kernel's connection table."),
    later("metrics", "Figures for Prometheus."),
    later("bgp", "Several active routers, announced by BGP."),
)
