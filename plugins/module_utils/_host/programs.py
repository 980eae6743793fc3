# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the administrator's programs are there, for the users as whom they run."""
from __future__ import annotations

import pwd

SETPRIV = "/usr/bin/setpriv"


def lacking(run, wanted, later=False):
    """A sentence for each program that is not there, or that its user may not run.

    wanted: as _keepalived/programs.py gives them. later: its user may be one whom this run has yet to make.
    """
    found = []
    for program in wanted:
        path, user = program["path"], program["user"]
        if not _exists(user):
            if not later:
                found.append("%s: there is no user %s on this router: make it, or leave the user out" % (program["named_by"], user))
        elif run(["test", "-f", path])[0] != 0:
            found.append("%s: %s is not on this router: put it there, on both routers, then deploy again" % (program["named_by"], path))
        else:
            code, _out, error = run([SETPRIV, "--reuid=" + user, "--regid=" + program["group"], "--clear-groups", "/usr/bin/test", "-x", path])
            if code != 0:
                why = " (%s)" % error.strip() if error.strip() else ""
                found.append("%s: %s may not run %s%s: see its mode, and that of the folders above it" % (program["named_by"], user, path, why))
    return found


def _exists(user):
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True
