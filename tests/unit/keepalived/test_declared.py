# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The virtual servers that a configuration names, in the words in which the kernel tells of them."""

from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._keepalived import declared

TEXT = """global_defs {
}
virtual_server 192.0.2.100 80 {
    lb_algo rr
    protocol TCP
    real_server 10.0.0.11 80 {
        TCP_CHECK {
        }
    }
}
virtual_server 192.0.2.100 0 {
    persistence_timeout 300
}
virtual_server 2001:db8:0::1 53 {
    protocol UDP
}
virtual_server fwmark 480001 {
    protocol TCP
}
virtual_server group some {
    protocol TCP
}
virtual_server www.example.com 80 {
    protocol TCP
}
virtual_server 192.0.2.100 https {
    protocol TCP
}
virtual_server fwmark 0x7 {
    protocol TCP
}
"""
# As a kernel 6.12 prints it
KERNEL = """IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
TCP  C0000264:0050 rr
  -> 0A00000B:0050      Masq    100    0          0
TCP  C0000264:0000 wlc persistent 300 FFFFFFFF
UDP  [2001:0db8:0000:0000:0000:0000:0000:0001]:0035 rr ops
FWM  00075301 rr
"""


def test_both_tell_the_same() -> None:
    named = {"TCP 192.0.2.100:80", "TCP 192.0.2.100:0", "UDP [2001:db8::1]:53", "FWM 480001"}
    assert declared.virtual_servers(TEXT) == named
    assert declared.of_kernel(KERNEL) == named


def test_of_nothing_there_is_nothing() -> None:
    assert declared.virtual_servers("") == declared.of_kernel("") == set()
