# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wrong ways to ask real servers for the VIP; see wrong.py."""

from __future__ import annotations

from .wrong import VS, Wrong

CHECK = f"{VS}.vip_check"

WRONG_VIP_CHECK = [
    Wrong("a VIP that no real server has", {CHECK: True}, CHECK,
          "no real server has the VIP where packets are forwarded by nat", "give forward: direct or tunnel"),
    Wrong("an answer later than the next question", {f"{VS}.forward": "direct", CHECK: {"timeout": 6}}, f"{CHECK}.timeout",
          "6 s is longer than the interval of 5 s", "at most that"),
    Wrong("a VIP check by a word", {f"{VS}.forward": "direct", CHECK: "tcp"}, CHECK, "tcp", "true"),
]
