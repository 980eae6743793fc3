# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""On a real server, in the lab of the scenario `forwarding`."""

from __future__ import annotations

from case import Case, Edit

PROGRAM = "roles/lvs_real_server/files/real-server"
NEEDS = "plugins/module_utils/_model/host_needs.py"
WAYS = "plugins/module_utils/_host/policy.py"
PACKETS, PITFALLS, REBOOT = (f"molecule/forwarding/{path}.py" for path in ("tests/test_forwarding", "reboot/test_pitfalls", "reboot/test_reboot"))
SERVERS = ("web1", "web2", "web3")
ANEW = dict.fromkeys(SERVERS, "systemctl restart lvs-cluster-real-server")

# The two locks on the order: the unit's program refuses the VIPs, and the deploy what it finds
UNLOCKED = (
    Edit(PROGRAM, '[ "$(cat /proc/sys/net/ipv4/conf/all/arp_ignore)" -ge 1 ] && [ "$(cat /proc/sys/net/ipv4/conf/all/arp_announce)" -ge 2 ]', "true"),
    Edit("plugins/module_utils/_host/carried.py", 'SILENCE = {"net/ipv4/conf/all/arp_ignore": 1, "net/ipv4/conf/all/arp_announce": 2}', "SILENCE = {}"),
)

ARP_IGNORE = Case("arp-ignore", (*UNLOCKED, Edit(NEEDS, '        "net/ipv4/conf/all/arp_ignore": "1",\n', "")),
                  (f"{PACKETS}::test_only_the_active_router_answers_for_a_vip",), "forwarding", turn=1)
ARP_ANNOUNCE = Case("arp-announce", (*UNLOCKED, Edit(NEEDS, '        "net/ipv4/conf/all/arp_announce": "2",\n', "")),
                    (f"{PACKETS}::test_real_servers_never_ask_in_the_name_of_a_vip",), "forwarding", turn=1)
ORDER = Case("arp-order", UNLOCKED, (f"{REBOOT}::test_a_real_server_that_would_answer_for_the_vip_does_not_get_it",), "forwarding", turn=1)
BOOT = Case("arp-order-at-boot", (Edit("roles/lvs_real_server/files/lvs-cluster-real-server.service",
                                       "After=systemd-modules-load.service systemd-sysctl.service local-fs.target", "After=local-fs.target"),),
            (f"{PITFALLS}::test_settings_that_are_late_at_boot_are_waited_for_and_the_network_waits_for_the_vips",), "forwarding", turn=1)

STRICT = (f"{REBOOT}::test_strict_filtering_for_all_interfaces_is_no_obstacle",)
FILTER_TUNNEL = Case("rp-filter-tunnel", (Edit(PROGRAM, '    echo 2 >"/proc/sys/net/ipv4/conf/$1/rp_filter"\n', ""),),
                     STRICT, "forwarding", "'192.0.2.102': False", ANEW, turn=2)
FILTER_WIRE = Case("rp-filter-wire", (Edit(NEEDS, '        "net/ipv4/conf/%s/rp_filter" % server["interface"]: "2",\n', ""),),
                   STRICT, "forwarding", "'192.0.2.101': False", turn=2)
SEGMENT = Case("segment-size", (Edit(WAYS, 'min(room, mtus[route["interface"]])', 'mtus[route["interface"]]'),),
               (f"{PACKETS}::test_answers_name_a_segment_size_that_fits",), "forwarding", turn=2)
PAST_THE_ROUTER = Case("answers-of-a-vip", (Edit(WAYS, 'rules.append(rule(family, 5010, "main", vip))', "pass"),),
                       (f"{PITFALLS}::test_answers_from_a_vip_pass_the_routers_by_where_there_is_no_tunnel",), "forwarding", turn=2)

SERVED = f"{PACKETS}::test_client_is_served_in_the_declared_shares_and_seen_by_its_own_address"
TUNNEL_UP = Case("tunnel-up", (Edit(PROGRAM, '    ip link set "$1" up\n', ""),), (f"{SERVED}[ipip]", f"{SERVED}[gre]"), "forwarding", "served", ANEW, turn=3)
WAY_BACK = Case("nat-way-back", (Edit("roles/lvs_real_server/tasks/main.yml",
                                      'gateway: "{{ __lvs_real_server_here.gateway | default(none) or omit }}"', 'gateway: "{{ omit }}"'),),
                (f"{SERVED}[nat]",), "forwarding", turn=1)
