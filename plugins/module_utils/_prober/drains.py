# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which real servers are drained on this router, by the files that keepalived follows: a slow start begins when that is over."""

from __future__ import annotations

import os
import time
from pathlib import Path

FOLDER = Path("/var/lib/lvs-cluster/drain/servers")  # _model.drain.FOLDER: those of all virtual servers
SETTLED = 2.0  # seconds: a folder that was changed so long ago has been read since


class Drains:
    """`names()` is cheap: the files are replaced by a rename, which the folder's time tells."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.read_at = -1
        self.found: frozenset[str] = frozenset()

    def names(self) -> frozenset[str]:
        try:
            changed_at = os.stat(self.folder).st_mtime_ns
            if changed_at != self.read_at or time.time() - changed_at / 1e9 < SETTLED:
                self.found = frozenset(entry.name for entry in os.scandir(self.folder) if not entry.name.startswith(".") and _drained(entry.path))
                self.read_at = changed_at
        except OSError:  # no folder, or one that can't be read: nobody is drained that is known of
            self.read_at, self.found = -1, frozenset()
        return self.found


def _drained(path: str) -> bool:
    """As keepalived reads it: what is no number is 0."""
    try:
        with open(path, "rb") as file:
            return int(file.read(64).split()[0]) < 0
    except (OSError, ValueError, IndexError):
        return False
