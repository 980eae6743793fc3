# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs of data sets did, for a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def data_report(results: Iterable[Mapping[str, Any]]) -> list[str]:
    """A line for each result of the module data_sync in a loop over names."""
    return [_line(one) for one in results]


def _line(one: Mapping[str, Any]) -> str:
    if one.get("failed"):
        return "%s: FAILED: %s" % (one["item"], one.get("msg"))
    parts = ["%d files, %s in %s s, from %s" % (one.get("files") or 0, _size(one.get("bytes") or 0), one.get("seconds"), one.get("source"))]
    if one.get("release"):
        parts.append("release %s" % one["release"])
    if one.get("conflict_count"):
        parts.append("%d changed here: %s" % (one["conflict_count"], " ".join(one["conflicts"])))
    return "%s: %s" % (one["item"], "; ".join([*parts, *(one.get("notes") or [])]))


def _size(number: float) -> str:
    for unit in ("bytes", "kB", "MB"):
        if number < 1000:
            return "%.4g %s" % (number, unit)
        number /= 1000
    return "%.4g GB" % number
