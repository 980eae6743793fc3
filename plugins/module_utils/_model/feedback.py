# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Weights that follow what the real servers say of their load: the fields of `load_feedback`, and what the prober is told of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model.containers import Record
from ansible_collections.lvs.cluster.plugins.module_utils._model.fields import Field
from ansible_collections.lvs.cluster.plugins.module_utils._model.health import SENT, URL_PATH
from ansible_collections.lvs.cluster.plugins.module_utils._model.kinds import Port, Seconds, Text
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report

LONGEST_LINE = 1024  # bytes of an agent's line
LONGEST_HEAD = 16384  # bytes of an HTTP answer's headers

FIELDS = (
    Field("port", Port(), "The port that is asked.", derived="with `path` the real server's port; else **required**"),
    Field("send", SENT, r"What is sent to an agent before it speaks: \r \n \t \0 \xNN and \\ are escapes, %h and %p the real server's address and port."),
    Field("path", URL_PATH, "Asks by HTTP instead, for this path; the load stands in the `header` of the answer, whatever its status."),
    Field("header", Text("the name of a header such as X-Load", "[A-Za-z][A-Za-z0-9-]{0,62}"), "With `path`: the header that tells the load."),
    Field("interval", Seconds(0.1, 3600), "Seconds from question to question.", 5),
    Field("timeout", Seconds(0.05, 600), "Seconds that an answer may take; at most the interval.", 2),
)

LOAD_FEEDBACK = Record(FIELDS, "a port, or a mapping with port", "port")


def check(read: Mapping[str, Any] | None, ports_of_their_own: bool, path: str, report: Report) -> None:
    """What one field alone can't say. ports_of_their_own: False where clients keep their port, so that the real servers have none."""
    if not read:
        return
    if read["path"] and not read["header"]:
        report.add(path + ".header", "is missing: an answer has many", "give the header in which the server tells its load")
    if read["header"] and not read["path"]:
        report.add(path + ".header", "means nothing without a path", "give path, or leave it out")
    if read["path"] and read["send"]:
        report.add(path + ".send", "stands beside path", "give one or the other")
    if read["port"] is None and not (read["path"] and ports_of_their_own):
        report.add(path + ".port", "is missing", "give the port on which the real servers tell their load")
    if read["timeout"] and read["interval"] and read["timeout"] > read["interval"]:
        report.add(path + ".timeout", "%g s is longer than the interval of %g s" % (read["timeout"], read["interval"]), "give at most that")


def told(feedback: Mapping[str, Any], family: int) -> dict[str, Any]:
    """One question as `_prober.config` reads it, for a server whose port is in the target."""
    host = "[%h]" if family == 6 else "%h"
    text = feedback["send"]
    if feedback["path"]:
        text = r"GET %s HTTP/1.0\r\nHost: %s\r\nUser-Agent: lvs-prober\r\nConnection: close\r\n\r\n" % (feedback["path"].replace("%", "%%"), host)
    return {
        "transport": "tcp", "match": "prefix", "steps": [{"send": text}] if text else [], "interval": feedback["interval"], "timeout": feedback["timeout"],
        "connect_timeout": feedback["timeout"], "warmup": feedback["interval"], "limit": LONGEST_HEAD if feedback["path"] else LONGEST_LINE,
        "fall": 1, "rise": 1, "reentry_delay": 0, "slow_start": 0, "start": "up", "tls": None, "source": None, "agent": True, "header": feedback["header"],
    }  # fmt: skip
