# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Firewall marks and the filter, in the lab of the scenario `firewall`."""

from __future__ import annotations

from case import Case, Edit

TABLE = "plugins/module_utils/_model/nftables.py"
TESTS = "molecule/firewall/tests/test_firewall.py"

FTP_MARK = Case("ftp-mark", (Edit(TABLE, '"%s meta mark set %d" % (_to(endpoint), service["firewall_mark"])', '"%s meta mark set 1" % _to(endpoint)'),),
                (f"{TESTS}::test_ftp_passive_and_active[192.0.2.102-True]",), "firewall")
FROM_THE_PEER = Case("vrrp-and-sync-from-the-peer", (
    Edit(TABLE, 'rules += ["ip protocol %d ip saddr != %s drop" % (VRRP, listed), "meta nfproto ipv6 meta l4proto %d drop" % VRRP]', "pass"),
    Edit(TABLE, 'rules += ["udp dport %d ip saddr != %s drop" % (SYNC, listed), "meta nfproto ipv6 udp dport %d drop" % SYNC]', "pass"),
), (f"{TESTS}::test_vrrp_and_sync_come_from_the_peer_alone",), "firewall")
