# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The few questions and orders to systemd that the modules need."""
from __future__ import annotations

import time

from ansible_collections.lvs.cluster.plugins.module_utils._host import commands

ATTEMPTS, PAUSE = 4, 1.0  # seconds; on a busy host systemctl gives up waiting for its bus
NO_SYSTEMD = ("not been booted with systemd", "No such file or directory")
PROPERTIES = ("LoadState", "ActiveState", "SubState", "UnitFileState", "MainPID", "InvocationID", "Type",
              "StateChangeTimestampMonotonic", "ExecMainStartTimestampMonotonic", "Result", "NRestarts")
NUMBERS = ("MainPID", "StateChangeTimestampMonotonic", "ExecMainStartTimestampMonotonic", "NRestarts")


def show(run, unit):
    """{property: text}, numbers as int (microseconds where it is a time). Without systemd: LoadState not-found. OSError when it does not answer."""
    found = dict.fromkeys(PROPERTIES, "")
    found["LoadState"] = "not-found"
    found.update(line.split("=", 1) for line in _asked(run, unit).splitlines() if "=" in line)
    for name in NUMBERS:
        found[name] = int(found[name]) if found[name].isdigit() else 0
    return found


def _asked(run, unit):
    """What `systemctl show` prints; nothing without systemd."""
    for attempt in range(ATTEMPTS):
        code, out, error = run(["systemctl", "show", "--property", ",".join(PROPERTIES), unit])
        if code == 0:
            return out
        if code == commands.NOT_FOUND or any(words in error for words in NO_SYSTEMD):
            return ""
        time.sleep(PAUSE if attempt + 1 < ATTEMPTS else 0)
    raise OSError(f"systemd does not say how {unit} is: {(error or out).strip() or f'exit status {code}'}")


def order(run, *words):
    """Run `systemctl WORDS`; returns an empty text, or what it complained about."""
    code, out, error = run(["systemctl", *words])
    return "" if code == 0 else (error or out or f"systemctl {' '.join(words)}: exit status {code}").strip()


def cursor(run):
    """A place in the journal, to read on from later; None where there is no journal."""
    code, out, _error = run(["journalctl", "--lines", "0", "--show-cursor", "--quiet"])
    words = out.split("cursor: ", 1)
    return words[1].strip() if code == 0 and len(words) == 2 else None


def journal(run, unit, after=None, lines=20):
    """The last lines that `unit` logged (after the cursor)."""
    place = ["--after-cursor", after] if after else []
    code, out, _error = run(["journalctl", "--unit", unit, "--output", "cat", "--quiet",
                             "--lines", str(lines), "--no-pager", *place])
    return [line for line in out.splitlines() if line.strip()] if code == 0 else []
