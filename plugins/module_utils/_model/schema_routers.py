# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The half of the table that is about networks and routers. See schema.py."""

from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._model.containers import ListOf, Record
from ansible_collections.lvs.cluster.plugins.module_utils._model.fields import Field, defaults
from ansible_collections.lvs.cluster.plugins.module_utils._model.kinds import Address, Boolean, Choice, Cidr, Integer, Seconds, Text

NETWORK_NAME = Text("a name of a-z, 0-9 and _, beginning with a letter, at most 15 characters", "[a-z][a-z0-9_]{0,14}")
GROUP = Text("the name of an inventory group")
HOST = Text("the name of a host of the inventory")
INTERFACE = Text("the name of an interface, at most 15 characters", "[^/:\\s]{1,15}")
ROUTER_ID = Integer(1, 255, "a virtual router id")

NETWORK = (
    Field("cidr", Cidr(), "The network.", required=True, lvs_cf="(none: taken from the interfaces)"),
    Field(
        "interface",
        INTERFACE,
        "The routers' interface in this network.",
        derived="the interface that has an address of the network, from each router's facts",
        lvs_cf="device (in virtual)",
    ),
    Field(
        "gateway",
        Address(),
        "A floating address, held by the active router: the way back of the real servers (NAT). Without it the way back is yours to make.",
        derived="no floating gateway",
        lvs_cf="nat_router",
    ),
    Field(
        "heartbeat",
        Boolean(),
        "Whether the routers' heartbeat goes over this network. A network with virtual addresses needs it.",
        default=True,
        lvs_cf="backup_private",
    ),
    Field(
        "virtual_router_id",
        ROUTER_ID,
        "The VRRP number, unique on the segment.",
        derived="1 to 255, from the names of the cluster and the network, so always the same",
    ),
    Field("cidr6", Cidr(6), "The IPv6 network beside it. The heartbeat stays on IPv4."),
    Field("gateway6", Address(6), "The floating IPv6 gateway, as `gateway`.", derived="no floating gateway"),
)

ROUTERS = (
    Field(
        "group",
        GROUP,
        "The inventory group of the routers, two to five. The first is active when it is well, else the next; or of the only one (`heartbeat: none`).",
        lvs_cf="primary, backup",
    ),
    Field(
        "hosts",
        ListOf(HOST, words="a list of two to five hosts, or of one with heartbeat: none"),
        "The routers by name, instead of a group.",
        lvs_cf="primary, backup",
    ),
)

LINK_TRACKING = (
    Field("enabled", Boolean(), "Whether the links count.", default=True),
    Field("down_delay", Seconds(0, 255), "A link that has come back within this time was never gone. Below the time of the missed heartbeats.", default=0),
    Field("up_delay", Seconds(0, 255), "A link counts again when it has held for this time: a switch may still learn.", default=0),
)

HEARTBEAT = (
    Field("interval", Seconds(0.01, 40.95), "Time between two heartbeats (VRRP version 3 counts in hundredths).", default=1.0, lvs_cf="keepalive"),
    Field(
        "dead_time",
        Seconds(0.01, 4500),
        "After this time without a heartbeat the backup takes over. Rounded up to what VRRP can do, which `playbooks/show.yml` shows.",
        derived="3.61 × interval: three missed heartbeats and the backup's skew",
        lvs_cf="deadtime",
    ),
    Field("fail_back", Boolean(), "Whether the first router takes over again when it has returned.", default=True),
    Field("fail_back_delay", Seconds(0, 1000, 1), "How long a returned router waits before it takes over. Needs `fail_back`.", default=0),
    Field(
        "hand_over",
        Boolean(),
        "Whether at fail-back the acting router gives the addresses away in order, instead of losing them: "
        "for 0.3 s it lets no new TCP connection in (clients ask again after 1 s), so that no request is lost.",
        derived="true up to an interval of 2 s; above it nobody would be active for too long",
    ),
    Field(
        "hand_over_virtual_router_id",
        ROUTER_ID,
        "The VRRP number by which the acting router learns that the first one is back, unique on the segment.",
        derived="1 to 255, from the name of the cluster, so always the same",
    ),
    Field("startup_delay", Seconds(0, 1000, 1), "How long a router waits after the start of keepalived before it takes part.", default=0),
    Field(
        "networks",
        ListOf(NETWORK_NAME, 1, "a list of networks"),
        "The networks that carry the heartbeat.",
        derived="all with `heartbeat: true`",
        lvs_cf="backup_private",
    ),
    Field("mode", Choice(("unicast", "multicast")), "To the peer's address, or to the VRRP group.", default="unicast"),
    Field(
        "link_tracking",
        Record(LINK_TRACKING, "true, false, or a mapping", "enabled"),
        "Whether a router that has no carrier in a network of the heartbeat leaves everything to the others.",
        default=defaults(LINK_TRACKING),
        lvs_cf="monitor_links",
    ),
    Field(
        "ping_targets",
        ListOf(Address(), 1, "a list of IPv4 addresses"),
        "Machines beyond the links, such as the gateway: a router that reaches none of them for 3 s leaves everything to one that does. "
        "If no router does, it stays as it is. Needs `fail_back`.",
    ),
    Field(
        "watchdog",
        Seconds(10, 600, 1),
        "After this time without a sign of life of systemd the machine's own watchdog restarts the router (systemd's RuntimeWatchdogSec). "
        "Needs a watchdog device on the routers.",
        derived="none",
    ),
)

CONNECTION_SYNC = (
    Field(
        "enabled",
        Boolean(),
        "Whether the backup learns the connections, so that they live on after a failover.",
        default=True,
        lvs_cf="syncdaemon",
        ipvsadm="--start-daemon",
    ),
    Field(
        "network",
        NETWORK_NAME,
        "The network that carries it; private, as nothing in it is encrypted.",
        derived="the first network with a gateway, else the last network",
        ipvsadm="--mcast-interface",
    ),
    Field(
        "id",
        Integer(1, 255, "a sync id"),
        "Keeps the clusters of one segment apart.",
        derived="1 to 255, from the cluster's name",
        lvs_cf="syncd_id",
        ipvsadm="--syncid",
    ),
)
