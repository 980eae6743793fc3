# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real servers of direct routing and tunnels are asked for the VIP itself: the fields of `vip_check`, and what the prober is told of it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model.containers import Record
from ansible_collections.lvs.cluster.plugins.module_utils._model.fields import Field
from ansible_collections.lvs.cluster.plugins.module_utils._model.kinds import Boolean, Integer, Seconds
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report

FIELDS = (
    Field("enabled", Boolean(), "Whether they are asked.", default=True),
    Field("interval", Seconds(0.5, 3600), "Seconds from question to question.", 5),
    Field("timeout", Seconds(0.1, 600), "Seconds that an answer may take; at most the interval.", 2),
    Field("fall", Integer(1, 100), "After so many questions in a row without an answer the server is taken out.", 2),
    Field("rise", Integer(1, 100), "After so many answers in a row it comes back.", 1),
)

VIP_CHECK = Record(FIELDS, "true, or a mapping with interval, timeout, fall and rise", "enabled")


def check(service: Mapping[str, Any], path: str, report: Report) -> None:
    """What one field alone can't say. service: as normalised."""
    read = service["vip_check"]
    if not read:
        return
    if read["timeout"] and read["interval"] and read["timeout"] > read["interval"]:
        report.add(path + ".timeout", "%g s is longer than the interval of %g s" % (read["timeout"], read["interval"]), "give at most that")
    concerned = [server for server in service["real_servers"] if server["forward"] != "nat"]
    if service["real_servers"] and not concerned:
        report.add(path, "no real server has the VIP where packets are forwarded by nat", "leave it out, or give forward: direct or tunnel")
    elif any(server["family"] != service["family"] for server in concerned):
        report.add(path, "real servers of the other address family can't be asked for the VIP", "leave it out")


def told(service: Mapping[str, Any], server: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Each question for a member of a virtual server as `_prober.config` reads it: one for each VIP; none where it is reached by nat."""
    read, method = service.get("vip_check"), server["forward"]
    if not read or method == "nat":
        return
    tunnel = server["tunnel"] or {"type": method, "port": None}
    for vip in service["addresses"]:
        port = service["port"] if service["protocol"] == "tcp" else 0
        yield {
            "transport": "path", "match": "prefix", "steps": [], "interval": read["interval"], "timeout": read["timeout"],
            "connect_timeout": read["timeout"], "warmup": read["interval"], "limit": 1, "fall": read["fall"], "rise": read["rise"],
            "reentry_delay": 0, "slow_start": 0, "start": "up", "tls": None, "source": None, "agent": False,
            "path": {"vip": vip, "port": port or 0, "tcp": bool(port), "method": tunnel["type"], "tunnel_port": tunnel["port"]},
        }  # fmt: skip
