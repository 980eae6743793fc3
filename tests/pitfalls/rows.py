# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pitfalls of an LVS deployment, in the order of the documentation."""

from __future__ import annotations

from case import Row
from cases import forwarding, golden, kernel, mark, model, real_server, role

ROWS = (
    Row("ARP: by direct routing or a tunnel a real server has the VIP, and answers for it",
        "`arp_ignore=1` and `arp_announce=2` are in force before the VIP is on `lvs-vips`, at every boot before the network; undone in "
        "reverse. Without them the host does not get the VIP.",
        (real_server.ARP_IGNORE, real_server.ARP_ANNOUNCE, real_server.ORDER, real_server.BOOT)),
    Row("`rp_filter` drops what came out of a tunnel, or came in by another interface than the answer leaves by",
        "2 on the tunnel devices and on the interface that packets come in by: it wins over a strict 1 for `all`.",
        (real_server.FILTER_TUNNEL, real_server.FILTER_WIRE)),
    Row("The end of a tunnel is missing or down: nothing is unwrapped",
        "Devices of our own, made and brought up by the unit at boot; the deploy and `verify` look whether they are, and `vip_check` by packets.",
        (real_server.TUNNEL_UP,)),
    Row("MTU: packets through a tunnel have less room", "Answers from a VIP name a segment size that fits through the widest tunnel.",
        (real_server.SEGMENT,)),
    Row("`conntrack` on the routers costs, and a stateful rule drops what the other router began",
        "`net.ipv4.vs.conntrack` is 1 only where the FTP helper needs it.", (model.CONNTRACK,)),
    Row("A stateful firewall at a failover: the new router lacks the states", "The rules of `firewall: true` know no states.", (model.STATES,),
        "By the text of the table: no download was carried through a failover on a kernel with nf_tables."),
    Row("NAT: the way back", "Real servers answer by way of the floating gateway, which moves with the VIPs, whatever network the client is in; "
        "routers forward, and send no redirects.", (forwarding.FORWARD, real_server.WAY_BACK, real_server.PAST_THE_ROUTER)),
    Row("Clients in the real servers' own network: by NAT the answer goes past the router", "Said by the deploy and `show`.", (model.BESIDE,)),
    Row("By NAT two VIPs meet at one port of a real server: there a client's second connection from the same source port is the first",
        "Said by the deploy and `show`; a `real_server_port` for each keeps them apart.", (model.MEETING,),
        "In the lab, from one source port to two VIPs: 10 of 10 second connections to the same real server got no answer, 20 of 20 to another did."),
    Row("`expire_nodest_conn` ends the connections of a server that was away for a moment", "It stays 0.", (forwarding.NODEST,)),
    Row("Persistence keeps sending clients to a drained server", "`expire_quiescent_template=1`; a drain waits for connections, up to a deadline.",
        (forwarding.QUIESCENT,)),
    Row("`sh`, `mh` or connection sync without `sloppy_tcp`", "1 on both routers with any of them; `sloppy_sctp` where there is SCTP.",
        (forwarding.SLOPPY,)),
    Row("Connection sync: not on both routers, two clusters with one number, over the public network",
        "The daemon's role follows the VRRP instance; the number comes from the name and is compared with other clusters'; the private network is the default.",
        (forwarding.SYNC, model.SYNC_ID)),
    Row("A router that joins does not learn of old connections", "`sync_threshold` and `sync_refresh_period` tell of each every 3 s; fail-back waits "
        "for that.", (forwarding.REFRESH, golden.PREEMPT)),
    Row("A router as client of its own VIP", "Said by the deploy and `show`.", (model.OWN,)),
    Row("A real server as client of the VIP asks itself", "Said by the deploy and `show`.", (model.ITSELF,)),
    Row("VRRP's password is 8 characters in clear", "None: adverts by unicast, and those of anybody but the peer are dropped.", (forwarding.STRANGER,)),
    Row("One virtual router id for two clusters on a segment", "Derived from the name, and compared across all clusters of the inventory.",
        (model.ROUTER_ID,)),
    Row("`state MASTER`, above all with `nopreempt`", "Always `state BACKUP`.", (golden.BACKUP,)),
    Row("`nopreempt` ignores a lowered priority: the VIPs don't move", "A switch-over leaves the election by a tracked file of weight 0.",
        (golden.WEIGHT,), "A switch-over by packets: the scenarios `failover` and `default`."),
    Row("Fail-back at boot before the machine is ready", "A start-up delay, and a hand-over when the router is fit.", (golden.STARTUP,),
        "By packets, not taken out: `default`, `test_power_cut_and_return`."),
    Row("Gratuitous ARPs get lost", "The active router says its addresses again every minute.", (forwarding.GARP,)),
    Row("More than 20 VIPs, or both families, in one instance", "The heartbeat's packets name one address of the network; all others are "
        "`virtual_ipaddress_excluded`.", (golden.EXCLUDED,),
        "A precaution: with all VIPs in the packets, the tests by packets stayed green with keepalived 2.2.7 and 2.3.3."),
    Row("VIPs are changed on one router first: the other rejects its adverts, and there are two masters",
        "The same one address; and both routers are changed together, the backup first.", (),
        "A precaution: taken out, `test_vips_come_and_go_without_two_masters_or_a_lost_request_on_others` stayed green with 2.2.7 and "
        "2.3.3. It holds the outcome."),
    Row("A bad configuration at a reload", "`keepalived -t` on both routers before anything is changed; the last good file is kept and put back; "
        "`reload_check_config`.", (role.TESTED, role.ROLLBACK, golden.CHECKED)),
    Row("A restart flushes the table", "A reload, unless keepalived can't change it while it runs.", (role.RELOAD,)),
    Row("An interface's first address takes the others of its network along", "`promote_secondaries=1`.", (),
        "A precaution on Debian 12 and 13: taken out, the test stayed green, as their interfaces have it already."),
    Row("IPv6 looks for duplicates of a VIP, and gives it up", "`nodad` wherever the collection puts one; keepalived does so by itself.", (kernel.NODAD,),
        "On real servers a second lock: `lvs-vips` takes no part in ARP and neighbour discovery, so nothing is looked for there."),
    Row("FTP", "By NAT the kernel's helper, with `conntrack`; by direct routing a firewall mark over the declared ports, with persistence.",
        (mark.FTP_MARK,),
        "`conntrack` for the helper is a precaution: taken out, passive FTP by NAT went on with kernel 7.2."),
    Row("`net.ipv4.vs.*` is not there until the module is loaded", "`modules-load.d`, and systemd's order: sysctls come after it.", (kernel.MODULES,)),
    Row("VRRP and sync from anybody", "`firewall: true` admits the other router's alone.", (mark.FROM_THE_PEER,)),
    Row("Scripts run as root", "An unprivileged user, and `enable_script_security`; the deploy looks whether that user can run them.",
        (forwarding.SCRIPT_USER, golden.SECURITY)),
    Row("All servers of a service fail at once", "Quorum, hysteresis and a sorry server, as declared.", (forwarding.SORRY,)),
    Row("A stale note says MASTER", "Who is active is asked of the living process and the addresses.", (role.STALE,)),
    Row("All health checks at once at the start", "`warmup`: the first of each at a random moment of the interval.", (model.WARMUP,)),
    Row("keepalived's `delay_loop` is 60 s: a dead server is served for 71 s", "5 s, unless the definition says otherwise.", (model.INTERVAL,)),
    Row("By direct routing or a tunnel the port can't change", "An error of the definition.", (model.PORT,)),
    Row("The connection table is too small", "Nothing yet: `options ip_vs conn_tab_bits=…` in `/etc/modprobe.d` is left to the administrator.", ()),
)

CASES = {case.name: case for row in ROWS for case in row.cases}
