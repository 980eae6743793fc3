# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kernel's notes of what happens in one folder (inotify(7)). The standard library has no other way to it than ctypes."""

from __future__ import annotations

import ctypes
import os
import struct
from pathlib import Path

IN_CLOSE_WRITE, IN_MOVED_FROM, IN_MOVED_TO, IN_DELETE, IN_DELETE_SELF, IN_MOVE_SELF = 0x8, 0x40, 0x80, 0x200, 0x400, 0x800
IN_MODIFY, IN_Q_OVERFLOW, IN_IGNORED = 0x2, 0x4000, 0x8000
IN_NONBLOCK, IN_CLOEXEC = os.O_NONBLOCK, os.O_CLOEXEC
_WANTED = IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF
_LOST = IN_Q_OVERFLOW | IN_IGNORED | IN_DELETE_SELF | IN_MOVE_SELF


class FolderWatch:
    """`names()` gives the files to which something happened since it was last asked; None: everything may have changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._libc = ctypes.CDLL(None, use_errno=True)
        self.descriptor = self._libc.inotify_init1(IN_NONBLOCK | IN_CLOEXEC)
        if self.descriptor < 0:
            raise OSError(ctypes.get_errno(), "inotify")
        self.watched = False
        self.watch()

    def watch(self) -> None:
        """Again, after the folder was made anew."""
        self.watched = self._libc.inotify_add_watch(self.descriptor, os.fsencode(str(self.folder)), _WANTED) >= 0

    def names(self) -> set[str] | None:
        found: set[str] = set()
        lost = False
        while True:
            try:
                data = os.read(self.descriptor, 65536)
            except BlockingIOError:
                return None if lost else found
            at = 0
            while at < len(data):
                _watch, mask, _cookie, length = struct.unpack_from("iIII", data, at)
                name = data[at + 16 : at + 16 + length].rstrip(b"\0")
                at += 16 + length
                if mask & _LOST:
                    lost, self.watched = True, self.watched and not mask & (IN_IGNORED | IN_DELETE_SELF)
                elif name and not name.startswith(b"."):
                    found.add(os.fsdecode(name))
