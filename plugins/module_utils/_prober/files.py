# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files that keepalived reads, one number each.

keepalived takes a file that is cut short, gone or garbage for 0, which is "healthy": so a file is not written in place, but
where there is no room for another, and what does not hold what was last written is put right at once.
"""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path


class NumberFiles:
    """Numbers below one folder, by name. `failed`: names whose number could not be written, with the reason; they are tried again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.wanted: dict[str, int] = {}
        self.failed: dict[str, str] = {}
        self.repaired = 0
        folder.mkdir(mode=0o755, exist_ok=True)

    def make_folder(self) -> None:
        """Again, when somebody took it away; what hinders it is told with the next file that can't be written."""
        with contextlib.suppress(OSError):
            self.folder.mkdir(mode=0o755, exist_ok=True)

    def put(self, name: str, number: int) -> None:
        """By renaming a finished file over the old one."""
        if self.wanted.get(name) == number and name not in self.failed:
            return
        self.wanted[name] = number
        self._write(name)

    def adopt(self, name: str) -> int | None:
        """What stands there from before, when it is a number: after a restart the verdicts go on."""
        return self._read(name)

    def forget(self, name: str) -> None:
        """No longer ours. The file stays: keepalived may read it until its own reload."""
        self.wanted.pop(name, None)
        self.failed.pop(name, None)

    def check(self, name: str) -> bool:
        """Put right what stands there, if it is not what was written. True when it was not."""
        if name not in self.wanted or self._read(name, exactly=True) == self.wanted[name]:
            return False
        self.repaired += 1
        self._write(name)
        return True

    def again(self) -> None:
        """Try once more what could not be written."""
        for name in list(self.failed):
            self._write(name)

    def _write(self, name: str) -> None:
        unfinished = self.folder / (".%s.new" % name)
        try:
            self.folder.mkdir(mode=0o755, exist_ok=True)
            with open(unfinished, "w", encoding="ascii") as handle:
                handle.write("%d\n" % self.wanted[name])
            os.replace(unfinished, self.folder / name)
        except OSError as error:
            if error.errno != errno.ENOSPC or not self._write_in_place(name):
                self.failed[name] = error.strerror or str(error)
                return
        self.failed.pop(name, None)

    def _write_in_place(self, name: str) -> bool:
        """On a full file system: over the number of a file that has its block already. No reader finds it empty, as it is cut only after that."""
        text = b"%d\n" % self.wanted[name]
        try:
            descriptor = os.open(self.folder / name, os.O_WRONLY)
        except OSError:
            return False
        try:
            written = os.pwrite(descriptor, text, 0) == len(text)
            os.ftruncate(descriptor, len(text))
            return written
        except OSError:
            return False
        finally:
            os.close(descriptor)

    def _read(self, name: str, exactly: bool = False) -> int | None:
        try:
            text = (self.folder / name).read_text(encoding="ascii")
            number = int(text)
        except (OSError, ValueError):
            return None
        return number if not exactly or text == "%d\n" % number else None
