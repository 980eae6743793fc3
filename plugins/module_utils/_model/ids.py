# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Numbers that the definition doesn't name: always the same ones for the same names."""

from __future__ import annotations

import hashlib


def number(*names: str) -> int:
    """1 to 255 from names, by SHA-256, so that it is the same on every run, machine and version.

    Two clusters on one segment may get the same number (1 in 255): clashes.py refuses that.
    """
    digest = hashlib.sha256("/".join(names).encode("utf-8")).digest()
    return int.from_bytes(digest[:8], "big") % 255 + 1


def free_number(taken: set[int], *names: str) -> int:
    """The same, but the next one that is free."""
    start = number(*names)
    for step in range(255):
        candidate = (start - 1 + step) % 255 + 1
        if candidate not in taken:
            return candidate
    raise ValueError("more than 255 numbers for " + "/".join(names))


MARKS = 480000  # below are those that people choose themselves, and policy routing


def free_mark(taken: set[int], *names: str) -> int:
    """A firewall mark from names, 480001 to 545535, that is not taken."""
    start = int.from_bytes(hashlib.sha256("/".join(("mark", *names)).encode("utf-8")).digest()[:8], "big") % 65535
    return next(candidate for candidate in (MARKS + 1 + (start + step) % 65535 for step in range(65535)) if candidate not in taken)
