# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""reader.py FOLDER: what the key that reads a data set runs at its source, whatever was asked: rrsync, for that folder, read only.

Before a copy it says on stderr what time it is here. Asked `changed` with these words, it looks whether anything below the folder was changed
since, and says `yes` or `no`: on this host's own disk that is quick, and a target need not compare all files with its own again.
"""
from __future__ import annotations

import os
import sys
import time

RRSYNC = "/usr/bin/rrsync"
MARK = "lvs-data-sync: it is "
COARSE = 0.1  # seconds; the times of files are those of the last tick


def now():
    """The clock, and one that nobody sets."""
    return time.time(), time.clock_gettime(time.CLOCK_BOOTTIME)


def changed(folder, clock, steady):
    """Whether anything was changed below since then. Also where it can't be known: the clock was set meanwhile."""
    clock_now, steady_now = now()
    if abs((clock_now - clock) - (steady_now - steady)) > COARSE / 2:
        return True
    since = clock - COARSE
    folders = [folder]
    while folders:
        try:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    # Its time of change nobody can set: not mtime, which a tool that copies sets back
                    if entry.stat(follow_symlinks=False).st_ctime >= since:
                        return True
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
        except PermissionError:
            pass  # nor can it be copied
        except FileNotFoundError:
            return True
    return False


def main(folder):
    words = os.environ.get("SSH_ORIGINAL_COMMAND", "").split(" ")
    if words[0] == "changed" and len(words) == 3:
        try:
            clock, steady = (float(word) for word in words[1:])
        except ValueError:
            sys.exit("no times")
        print("yes" if changed(folder, clock, steady) else "no")
        return
    sys.stderr.write("%s%.6f %.6f\n" % (MARK, *now()))
    sys.stderr.flush()
    # In this process: another Python would take longer to start than a run takes that has nothing to do
    sys.argv = [RRSYNC, "-ro", folder]
    with open(RRSYNC, encoding="utf-8") as stream:
        exec(compile(stream.read(), RRSYNC, "exec"), {"__name__": "__main__", "__file__": RRSYNC})


if __name__ == "__main__":
    main(sys.argv[1])
