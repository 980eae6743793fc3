# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who owns the IPVS table of this network namespace, and the lock among our own modules."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time

from ansible_collections.lvs.cluster.plugins.module_utils._kernel import errors

LOCK_WAIT = 60.0  # seconds
LOCK_STEP = 0.05


def keepalived_pid(proc="/proc"):
    """The process id of a keepalived in this network namespace, which then owns the table; None if there is none."""
    here = _namespace(proc + "/self")
    for entry in os.listdir(proc):
        if not entry.isdigit():
            continue
        try:
            with open("%s/%s/comm" % (proc, entry), encoding="utf-8") as file:
                if file.read().strip() != "keepalived":
                    continue
        except OSError:
            continue  # it ended meanwhile
        if _namespace("%s/%s" % (proc, entry)) == here:
            return int(entry)
    return None


def _namespace(process):
    try:
        return os.readlink(process + "/ns/net")
    except OSError:
        return None


@contextlib.contextmanager
def lock(wait=LOCK_WAIT):
    """Keep other modules of this collection from changing the table of this network namespace meanwhile.

    The lock lies on the namespace itself, so it leaves no file, and each namespace has its own.
    """
    until = time.monotonic() + wait
    with open("/proc/self/ns/net", encoding="utf-8") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if time.monotonic() > until:
                    raise errors.KernelError(
                        "another task has been changing the IPVS table of this host for %d s; nothing was changed here" % wait
                    ) from None
                time.sleep(LOCK_STEP)
        try:
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)
