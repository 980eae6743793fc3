# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What all types of health checks have in common."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.text import Block, seconds
from ansible_collections.lvs.cluster.plugins.module_utils._model.fields import Field
from ansible_collections.lvs.cluster.plugins.module_utils._model.kinds import Integer, Port, Seconds
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Problem, join

Check = dict[str, Any]

# Seconds.  A dead server is out after at most 5 + 2 + 1 + 2 = 10 s (see worst_case): keepalived's own defaults need 71.
INTERVAL, TIMEOUT, RETRIES, RETRY_DELAY = 5, 2, 1, 1

TIMING: tuple[Field, ...] = (
    Field("interval", Seconds(0.1, 3600), "Seconds from the end of a check to the next one.", INTERVAL),
    Field(
        "timeout",
        Seconds(0.1, 600),
        "Seconds that the server has for its answer; at most the interval.",
        TIMEOUT,
        lvs_cf="timeout",
    ),
    Field("retries", Integer(0, 100), "How often a failed check is repeated before the server is taken out.", RETRIES),
    Field("retry_delay", Seconds(0, 600), "Seconds from a failed check to its repetition.", RETRY_DELAY),
    Field(
        "warmup",
        Seconds(0, 3600),
        "The first check comes after a random time of at most so many seconds, so that not all start at once.",
        derived="the interval",
    ),
)
PORT = Field("port", Port(), "The port to check, when it is not the real server's own.", derived="the real server's port")


class Target(NamedTuple):
    """Whom a check is for: a real server as member of a virtual server."""

    virtual_server: str
    protocol: str
    virtual_address: str
    virtual_port: int
    real_server: str
    real_address: str
    real_port: int
    script_user: str


class CheckType:
    """A type of health check; a subclass each.

    name: the word after `type:`.
    summary: what is healthy, in one or two sentences, for the documentation.
    own: its fields beside the timing.
    asks: the protocol of the port that it connects to; '' where it needs none.
    timed: whether the fields of the timing belong to it.
    implemented: False: defined and documented, but refused.
    """

    name = ""
    summary = ""
    own: tuple[Field, ...] = ()
    asks = ""
    timed = True
    implemented = True

    @property
    def fields(self) -> tuple[Field, ...]:
        """All its fields, without `type`."""
        return self.own + (TIMING if self.timed else ())

    def complete(self, check: Check) -> Check:
        """Fill in what follows from other fields. `check` has every key."""
        done = dict(check)
        if self.timed:
            if done["warmup"] is None:
                done["warmup"] = done["interval"]
        return done

    def problems(self, check: Check, path: str) -> list[Problem]:
        """What is wrong with a complete check, beyond the kinds of its single fields."""
        if self.timed and None not in (check["timeout"], check["interval"]) and check["timeout"] > check["interval"]:
            message = "%g s is longer than the interval of %g s" % (check["timeout"], check["interval"])
            return [Problem(join(path, "timeout"), message, "give at most the interval, or a longer interval")]
        return []

    def block(self, check: Check, target: Target) -> Block | None:
        """What stands inside the real_server block; None: nothing, the server is always in."""
        raise NotImplementedError


class ConnectingType(CheckType):
    """A check that keepalived makes by a connection of its own, to the real server's port or another."""

    keyword = ""
    asks = "tcp"

    def block(self, check: Check, target: Target) -> Block:
        result = Block(self.keyword)
        if check.get("port") is not None:
            result.add("connect_port %d" % check["port"])
        return result


def virtual_server_lines(check: Check) -> list[str]:
    """The timing of a check, as it stands once in the virtual_server block: it holds for all its real servers."""
    if "retries" not in check:  # nothing to time, or lvs-prober keeps the times
        return []
    lines = ["delay_loop " + seconds(check["interval"]), "warmup " + seconds(check["warmup"])]
    if check["type"] != "external":  # its time limit stands with the program, as misc_timeout
        lines.append("connect_timeout " + seconds(check["timeout"]))
    # keepalived takes 0 here for an error, and in the check itself for what it says (2.2.7, 2.3.3).
    retries = ["retry %d" % check["retries"]] if check["retries"] else []
    return [*lines, *retries, "delay_before_retry " + seconds(check["retry_delay"])]


def real_server_lines(check: Check) -> list[str]:
    """What of a check's timing can't stand there, and stands in the block of the check."""
    return ["retry 0"] if check.get("retries") == 0 else []


def worst_case(check: Check) -> float:
    """Seconds from the death of a server that answers nothing any more until it is out: the longest there can be.

    >>> worst_case({"interval": 5, "timeout": 2, "retries": 1, "retry_delay": 1})
    10
    """
    if "fall" in check:  # a dialogue of lvs-prober: from start to start
        return check["interval"] * check["fall"] + check["timeout"]
    return check["interval"] + (check["retries"] + 1) * check["timeout"] + check["retries"] * check["retry_delay"]


def refused_case(check: Check) -> float:
    """The same for a server whose machine lives and refuses the connection, so that no check waits."""
    return check["interval"] + check["retries"] * check["retry_delay"]


def whole_seconds(value: float) -> int:
    """A time limit that keepalived takes in whole seconds only, never shorter than asked."""
    return max(1, math.ceil(value))
