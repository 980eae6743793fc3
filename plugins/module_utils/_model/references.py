# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names that refer to something else in the definition or in the inventory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report, nearest, one_of


def known(name: str, names: Iterable[str], path: str, what: str, report: Report) -> bool:
    """Whether the name is there; if not, it is reported with the nearest one."""
    names = list(names)
    if name in names:
        return True
    guess = nearest(name, names)
    if guess:
        remedy = "did you mean %s?" % guess
    elif not names:
        remedy = "there is no %s at all" % what
    elif len(names) <= 8:
        remedy = "give " + one_of(names)
    else:
        remedy = "give one of the %d: %s, …" % (len(names), ", ".join(names[:6]))
    report.add(path, "there is no %s %s" % (what, name), remedy)
    return False


def group_hosts(group: str, inventory: Mapping[str, Any], path: str, report: Report) -> list[str] | None:
    """The hosts of an inventory group in the inventory's order, or None if there is no such group."""
    groups = inventory.get("groups", {})
    if not known(group, groups, path, "inventory group", report):
        return None
    return [str(host) for host in groups[group]]


def distinct(items: Sequence[Mapping[str, Any]], keys: Iterable[str], path: str, what: str, report: Report) -> None:
    """Report a value that a second item of the list at `path` has too."""
    for key in keys:
        seen: set[str] = set()
        for position, one in enumerate(items):
            if one[key] in seen:
                report.add("%s[%d].%s" % (path, position, key), "%s stands here twice" % one[key], "give each %s its own" % what)
            seen.add(one[key])


def one_given(read: Mapping[str, Any], given: Mapping[str, Any], keys: tuple[str, str], path: str, report: Report) -> str | None:
    """Which of two keys that exclude each other was given and is right."""
    present = [key for key in keys if given.get(key) is not None]
    if len(present) == 2:
        report.add(path, "has both %s and %s" % keys, "give one of them")
    elif not present:
        report.add(path, "has neither %s nor %s" % keys, "give one of them")
    elif read.get(present[0]) is not None:
        return present[0]
    return None
