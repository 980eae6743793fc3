# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults that a drill makes on a router, and how each is undone. Pure: words for commands.

A fault is undone by a timer of systemd too, should nobody come back to do it.
"""
from __future__ import annotations

import shlex

FAULTS = ("stop", "crash", "freeze", "link_down", "heartbeat")
PREFERENCE = 846  # of the filter, beside those of the hand-over
TIMER = "lvs-drill-undo"
VRRP = "0x70"
CALM = ["systemctl", "reset-failed", "keepalived.service"]  # takes note of the restart, or it would be an alarm
START = ["systemctl", "start", "keepalived.service"]


def commands(fault, interface, routes=""):
    """(do, undo): lists of argv. routes: a file in which `ip route save` has kept those of the interface."""
    if fault == "stop":
        return [["systemctl", "stop", "keepalived.service"]], [START]
    if fault == "crash":
        return [["systemctl", "kill", "--signal", "KILL", "keepalived.service"]], [CALM, START]
    if fault == "freeze":
        return [["systemctl", "kill", "--signal", "STOP", "keepalived.service"]], \
               [["systemctl", "kill", "--signal", "CONT", "keepalived.service"], CALM, START]
    if fault == "link_down":
        # Else IPv6 addresses and the routes would be gone afterwards.
        keep = ["sysctl", "-q", "net.ipv6.conf.%s.keep_addr_on_down=1" % interface.replace(".", "/")]
        return [keep, ["sh", "-c", "ip route save dev %s > %s" % (shlex.quote(interface), shlex.quote(routes))],
                ["ip", "link", "set", "dev", interface, "down"]], \
               [["ip", "link", "set", "dev", interface, "up"], ["sh", "-c", "ip route restore < %s 2>/dev/null; true" % shlex.quote(routes)]]
    drop = ["tc", "filter", "add", "dev", interface, "ingress", "pref", str(PREFERENCE), "protocol", "ip", "flower", "ip_proto", VRRP, "action", "drop"]
    return [["sh", "-c", "tc qdisc show dev %s | grep -q clsact || tc qdisc add dev %s clsact" % ((shlex.quote(interface),) * 2)], drop], \
           [["tc", "filter", "del", "dev", interface, "ingress", "pref", str(PREFERENCE)]]


def timer(undo, seconds):
    """The command that has systemd undo it after so many seconds."""
    script = "; ".join(" ".join(shlex.quote(word) for word in words) for words in undo)
    return ["systemd-run", "--quiet", "--collect", "--unit", TIMER, "--on-active", "%ds" % seconds, "/bin/sh", "-c", script]


def timer_off():
    return ["systemctl", "stop", TIMER + ".timer"]
