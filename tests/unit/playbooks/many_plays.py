# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs ansible-playbook many times, each in a process of its own that has Ansible loaded already: two thirds of a short run are imports.

Standard input: a JSON list of {"arguments": [...], "output": path, "environment": {...}}.
Standard output: a JSON list of {"status": exit status, "seconds": processor seconds, without the imports}.
"""

from __future__ import annotations

import json
import os
import sys

from ansible.cli.playbook import PlaybookCLI


def child(run: dict) -> None:
    """Becomes ansible-playbook; never returns."""
    os.environ.update(run["environment"])
    handle = os.open(run["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    status = 250
    try:
        PlaybookCLI.cli_executor(["ansible-playbook", *run["arguments"]])
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def main() -> None:
    results = []
    for run in json.load(sys.stdin):
        process = os.fork()
        if not process:
            child(run)
        _process, ended, used = os.wait4(process, 0)
        results.append({"status": os.waitstatus_to_exitcode(ended), "seconds": used.ru_utime + used.ru_stime})
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()
