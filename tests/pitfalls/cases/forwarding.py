# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""On the routers, in the lab of the scenario `forwarding`."""

from __future__ import annotations

from case import Case, Edit

NEEDS = "plugins/module_utils/_model/host_needs.py"
GLOBAL = "plugins/module_utils/_keepalived/global_defs.py"
SERVICES, PITFALLS, PACKETS, NEIGHBOURS = (f"molecule/forwarding/tests/test_{name}.py" for name in ("services", "pitfalls", "forwarding", "neighbours"))

FORWARD = Case("ip-forward", (Edit(NEEDS, '"net/ipv4/ip_forward": "1"', '"net/ipv4/ip_forward": "0"'),),
               (f"{PACKETS}::test_client_is_served_in_the_declared_shares_and_seen_by_its_own_address[nat]",), "forwarding", turn=3)
GARP = Case("garp-refresh", (Edit(GLOBAL, '        "vrrp_garp_master_refresh %d" % GARP_REFRESH,\n', ""),),
            (f"{NEIGHBOURS}::test_a_neighbour_with_a_wrong_address_hears_the_right_one_without_a_failover",), "forwarding", turn=3)

NODEST = Case("expire-nodest-conn", (Edit(NEEDS, '        "net/ipv4/vs/expire_quiescent_template":',
                                          '        "net/ipv4/vs/expire_nodest_conn": "1",\n        "net/ipv4/vs/expire_quiescent_template":'),),
              (f"{PITFALLS}::test_a_server_that_was_away_for_a_moment_goes_on_with_its_connections",), "forwarding", turn=4)
REFRESH = Case("sync-refresh", (
    Edit(NEEDS, 'settings.update({"net/ipv4/vs/sync_threshold": "3 0", "net/ipv4/vs/sync_refresh_period": "%d" % SYNC_REFRESH})', "pass"),
), (f"{PITFALLS}::test_a_router_that_joins_learns_of_connections_that_are_there_slow_ones_too",), "forwarding", turn=2)
SLOPPY = Case("sloppy-tcp", (Edit(NEEDS, '"net/ipv4/vs/sloppy_tcp": "1" if sloppy else "0"', '"net/ipv4/vs/sloppy_tcp": "0"'),),
              (f"{PITFALLS}::test_a_connection_may_go_on_at_a_router_that_did_not_see_it_begin",), "forwarding", turn=4)
SCRIPT_USER = Case("script-user", (Edit("plugins/module_utils/_keepalived/notify.py", 'notify["user"] or layout.script_user', '"root"'),),
                   (f"{SERVICES}::test_sorry_server_from_the_lost_quorum_to_the_regained_one",
                    f"{SERVICES}::test_the_users_program_was_told_of_all_that_as_an_unprivileged_user"),
                   "forwarding", "'root'", clean=dict.fromkeys(("r1", "r2"), "rm -f /var/tmp/told"), turn=4)

QUIESCENT = Case("persistence-of-a-drain", (Edit(NEEDS, '"net/ipv4/vs/expire_quiescent_template": "1"', '"net/ipv4/vs/expire_quiescent_template": "0"'),),
                 (f"{PITFALLS}::test_persistent_clients_of_a_drained_server_go_elsewhere",), "forwarding", turn=4)
SYNC = Case("connection-sync", (Edit(GLOBAL, '    if sync["enabled"]:\n', "    if False:\n"),),
            (f"{PITFALLS}::test_the_other_router_knows_connections_in_use",), "forwarding",
            before=dict.fromkeys(("r2", "r1"), "systemctl restart keepalived; sleep 6"), turn=4)      # a reload leaves the daemon as it was
SORRY = Case("sorry-server", (Edit("plugins/module_utils/_keepalived/virtual_servers.py", '    if service["sorry_server"]:\n', "    if False:\n"),),
             (f"{SERVICES}::test_sorry_server_from_the_lost_quorum_to_the_regained_one",), "forwarding", turn=2)
STRANGER = Case("advert-of-a-stranger", (Edit(GLOBAL, 'body.append("vrrp_check_unicast_src")', "pass"),),
                (f"{PITFALLS}::test_an_advert_of_a_stranger_moves_nothing",), "forwarding", turn=4, last=True)      # the routers change places
