# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kinds of values that only virtual servers have. See kinds.py."""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model.ipvs_words import SCHEDULERS
from ansible_collections.lvs.cluster.plugins.module_utils._model.kinds import Kind, Port
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report, join, nearest, one_of, shown

FLAGS = tuple(flag for flags in SCHEDULERS.values() for flag in flags)


class SchedulerFlags(Kind):
    """Flags of a scheduler: one word, words with commas between (as ipvsadm takes them), or a list. The plain form is a list, sorted as ipvsadm does."""

    words = "%s, or a list of them" % one_of(FLAGS)

    def read(self, value: Any, path: str, report: Report) -> list[str] | None:
        if isinstance(value, str):
            items = [part.strip() for part in value.split(",")]
        elif isinstance(value, (list, tuple)):
            items = list(value)
        else:
            report.add(path, "%s stands where a list belongs" % shown(value), "give " + self.words)
            return None
        for number, item in enumerate(items):
            if not isinstance(item, str) or item not in FLAGS:
                guess = nearest(item, FLAGS)
                where = path if isinstance(value, str) else join(path, number)
                report.add(where, "%s is not known" % shown(item), "did you mean %s?" % guess if guess else "give " + self.words)
                return None
        return [flag for flag in FLAGS if flag in items]


class ServicePort(Port):
    def read(self, value: Any, path: str, report: Report) -> int | None:
        if value in (0, "0") and not isinstance(value, bool):
            report.add(path, "0 is not a port", "give 1 to 65535; or, for all ports, ports: all")
            return None
        return super().read(value, path, report)


class Ports(Kind):
    """Ports of a service: the word all, or a list of 80, "8000-8100", "53/udp", "40000-40100/tcp".

    The plain form is "all", or a list of ``{"protocol": word or None, "first": number, "last": number}``.
    """

    words = "all, or a list such as [80, 443], [53/udp, 53/tcp], [21, 40000-40100]"

    def read(self, value: Any, path: str, report: Report) -> Any:
        if isinstance(value, str) and value == "all":
            return "all"
        items = value if isinstance(value, (list, tuple)) else [value]
        if not items:
            report.add(path, "is empty", "give " + self.words)
            return None
        read = [self._one(item, join(path, number) if items is value else path, report) for number, item in enumerate(items)]
        return None if None in read else read

    def _one(self, value: Any, path: str, report: Report) -> dict[str, Any] | None:
        text = "" if isinstance(value, bool) or not isinstance(value, (int, str)) else str(value)
        match = re.match(r"([0-9]{1,5})(?:-([0-9]{1,5}))?(?:/(tcp|udp|sctp))?\Z", text)
        if match:
            first, last = int(match.group(1)), int(match.group(2) or match.group(1))
            if 1 <= first <= last <= 65535:
                return {"protocol": match.group(3), "first": first, "last": last}
        report.add(path, "%s is neither a port nor a range of ports" % shown(value), 'give 80, "8000-8100" or "53/udp"')
        return None


class FirewallMark(Kind):
    words = "auto, or 1 to 4294967295"

    def read(self, value: Any, path: str, report: Report) -> Any:
        if isinstance(value, str) and value == "auto":
            return "auto"
        if isinstance(value, str) and re.match(r"[0-9]{1,10}\Z", value):
            value = int(value)
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value < 2**32:
            return int(value)
        report.add(path, "%s is not a firewall mark" % shown(value), "give " + self.words)
        return None


class PortRange(Ports):
    """Ports of one protocol, without its word."""

    words = 'a range of ports such as "40000-40100"'

    def read(self, value: Any, path: str, report: Report) -> Any:
        read = super().read(value, path, report)
        if read == "all" or (read and any(item["protocol"] for item in read)):
            report.add(path, "%s is not a range of ports" % shown(value), "give " + self.words)
            return None
        return read
