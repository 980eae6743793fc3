# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wrong dialogues of health checks; see wrong.py."""

from __future__ import annotations

from .wrong import VS, Wrong

WRONG_DIALOGUES = [
    Wrong("a dialogue that expects nothing", {f"{VS}.health_check": "send_expect"}, f"{VS}.health_check.expect", "is missing", "type: tcp"),
    Wrong(
        "an escape that there is not",
        {f"{VS}.health_check": {"type": "send_expect", "send": "PING\\q", "expect": "x"}},
        f"{VS}.health_check.send",
        "\\q is no escape",
        "for a backslash",
    ),
    Wrong(
        "a step of a dialogue whose pattern is none",
        {f"{VS}.health_check": {"type": "send_expect", "match": "regex", "dialogue": [{"send": "x"}, {"expect": "("}]}},
        f"{VS}.health_check.dialogue[1]",
        "not a regular expression",
        "correct it",
    ),
    Wrong(
        "a check from a network that there is not",
        {f"{VS}.health_check": {"type": "send_expect", "expect": "x", "source_network": "privat"}},
        f"{VS}.health_check.source_network",
        "there is no network privat",
        "did you mean private?",
    ),
    Wrong(
        "a check of IPv6 servers from a network without IPv6",
        {
            "networks.public.cidr6": "2001:db8:1::/64",
            "networks.private.cidr6": "2001:db8:2::/64",
            "networks.other": {"cidr": "198.51.100.0/24"},
            f"{VS}.address": "2001:db8:1::100",
            f"{VS}.health_check": {"type": "send_expect", "expect": "x", "source_network": "other"},
        },
        f"{VS}.health_check.source_network",
        "has no cidr6",
        "another network",
    ),
    Wrong(
        "TLS asked of TCP",
        {f"{VS}.health_check": {"type": "send_expect", "expect": "x", "ca": "/etc/ca.pem"}},
        f"{VS}.health_check.ca",
        "means nothing without TLS",
        "transport: tls",
    ),
]
