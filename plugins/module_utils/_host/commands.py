# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands on the host, as a function that says what came out and never ends the module."""
from __future__ import annotations

import os

NOT_FOUND = 127  # as a shell says it
SYSTEM_FOLDERS = ("/usr/local/sbin", "/usr/sbin", "/sbin")


def runner(module):
    """run(argv) -> (exit status, output, errors), in the C locale, with the folders of system programs in PATH."""
    known = os.environ.get("PATH", "/usr/bin:/bin").split(":")
    path = ":".join([*known, *(folder for folder in SYSTEM_FOLDERS if folder not in known)])
    environment = {"LC_ALL": "C", "PATH": path}

    def run(argv):
        try:
            return module.run_command(argv, environ_update=environment, handle_exceptions=False)
        except OSError as error:
            return NOT_FOUND, "", f"{argv[0]}: {error.strerror}"

    return run
