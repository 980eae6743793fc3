# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The number that keepalived adds to a configured weight: it is what the file of a FILE_CHECK with `weight 1` holds. Pure."""

from __future__ import annotations


def added(weight: int, share: float, percent: int | None, out: bool) -> int:
    """weight: the configured one; share: of the slow start, 0 to 1; percent: what the server says of itself; out: takes nothing new.

    A server that is to get something gets at least 1, so that rounding takes none out.

    >>> added(100, 1.0, 75, False), added(100, 0.1, None, False), added(100, 1.0, None, True), added(1, 1.0, 30, False)
    (-25, -90, -100, 0)
    """
    if out or percent == 0 or not weight:
        return -weight
    wanted = weight * share * (100 if percent is None else percent) / 100
    return max(1, round(wanted)) - weight
