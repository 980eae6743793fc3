# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wrong ways to ask for the load; see wrong.py."""

from __future__ import annotations

from .wrong import VS, Wrong

FEEDBACK = f"{VS}.load_feedback"
HTTP = {"path": "/", "header": "X-Load"}
ALL_PORTS = {"name": "all", "address": "192.0.2.100", "ports": "all", "persistence": 60, "health_check": "ping", "load_feedback": HTTP}

WRONG_FEEDBACK = [
    Wrong("load by HTTP without a header", {FEEDBACK: {"path": "/"}}, f"{FEEDBACK}.header", "is missing", "in which the server tells"),
    Wrong("header without a path", {"load_feedback": {"port": 9, "header": "X-Load"}}, "load_feedback.header", "means nothing without a path", "give path"),
    Wrong("load of nowhere", {FEEDBACK: {"send": "x"}}, f"{FEEDBACK}.port", "is missing", "tell their load"),
    Wrong("load of servers without a port", {VS: ALL_PORTS}, f"{FEEDBACK}.port", "is missing", "give the port"),
    Wrong("no port by the cluster's way", {"load_feedback": HTTP, VS: {**ALL_PORTS, "load_feedback": None}}, f"{FEEDBACK}.port", "is missing", "give the port"),
    Wrong("no port of a mark", {"load_feedback": HTTP, VS: {"name": "www", "address": "192.0.2.100", "ports": [80, 443], "persistence": 60}},
          f"{FEEDBACK}.port", "is missing", "give the port"),
    Wrong("load later than asked", {FEEDBACK: {"port": 9, "timeout": 6}}, f"{FEEDBACK}.timeout", "6 s is longer than the interval of 5 s", "at most that"),
    Wrong("load in two ways", {FEEDBACK: {**HTTP, "send": "x"}}, f"{FEEDBACK}.send", "stands beside path", "one or the other"),
]
