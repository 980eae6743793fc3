# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What verify.py found, as text for a person: a line for each problem, and who is active."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence, Sized
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Problem


def worst_first(cluster: Mapping[str, Any], problems: Sequence[Problem], lost: Container[str]) -> list[Problem]:
    """What concerns the cluster as a whole, then the hosts that did not answer, which explain much of what comes then."""
    return sorted(problems, key=lambda problem: 0 if problem.path == cluster["name"] else 1 if problem.path in lost else 2)


def as_declared(cluster: Mapping[str, Any], active: str | None, drained: Sequence[str] = ()) -> str:
    """active: the active router; None where only real servers were asked. drained: sentences."""
    if not active:
        return "the real servers of the cluster %s that were asked are as declared; its routers were not asked" % cluster["name"]
    return "\n".join(["the cluster %s runs as declared: %s" % (cluster["name"], _whole(cluster, active)), *drained])


def not_as_declared(cluster: Mapping[str, Any], problems: Sequence[Problem], active: str | None, lost: Container[str], drained: Sequence[str] = ()) -> str:
    """lost: the hosts that did not answer; what is wrong beside that is told from it. drained: sentences."""
    lines = ["the cluster %s does not run as declared, %s:" % (cluster["name"], _count(problems, "problem")), *map(str, problems)]
    if active and all(problem.path in lost for problem in problems):
        lines.append("all else is as declared: " + _whole(cluster, active))
    elif active:
        lines.append(active + " is active")
    return "\n".join([*lines, *drained])


def _whole(cluster: Mapping[str, Any], active: str) -> str:
    return "%s is active, with %s and %s" % (
        active, _count(cluster["vips"], "floating address", "es"), _count(cluster["virtual_servers"], "virtual server")
    )


def _count(things: Sized, word: str, plural: str = "s") -> str:
    return "%d %s%s" % (len(things), word, plural if len(things) != 1 else "")
