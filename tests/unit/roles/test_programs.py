# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The administrator's programs are asked for before keepalived is told to start them."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._host import programs
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.programs import programs as named

NOTIFY = {"command": ["/usr/local/bin/tell", "--team", "web"], "user": None, "group": None}
OWN = {"command": ["/usr/local/bin/page"], "user": "nobody", "group": "nogroup"}
CLUSTER: dict[str, Any] = {
    "notify": NOTIFY,
    "virtual_servers": [
        {"service": "www", "notify": NOTIFY, "health_check": {"type": "external", "command": ["/usr/local/bin/ask"], "user": None, "group": None}},
        {"service": "shop", "notify": OWN, "health_check": {"type": "tcp"}},
    ],
}


def test_each_program_once_with_who_names_it_and_who_runs_it() -> None:
    assert named(CLUSTER, {"script_user": "checker"}) == [
        {"path": "/usr/local/bin/tell", "user": "checker", "group": "checker", "named_by": "notify"},
        {"path": "/usr/local/bin/ask", "user": "checker", "group": "checker", "named_by": "health_check of www"},
        {"path": "/usr/local/bin/page", "user": "nobody", "group": "nogroup", "named_by": "notify of shop"},
    ]


def run(argv: list[str]) -> tuple[int, str, str]:
    done = subprocess.run(argv, text=True, capture_output=True, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("mode", "user", "words"),
    [
        (0o755, "nobody", ""),
        (0o700, "nobody", "notify: nobody may not run"),
        (None, "nobody", "is not on this router: put it there, on both routers"),
        (0o755, "no-such-user", "there is no user no-such-user on this router"),
    ],
)
def test_a_program_that_its_user_cannot_run_is_told(mode: int | None, user: str, words: str) -> None:
    path = Path("/usr/local/bin/lvs-test-of-programs")  # below /tmp, pytest's folders are closed to others
    try:
        if mode is not None:
            path.write_text("#!/bin/sh\n")
            path.chmod(mode)
        found = programs.lacking(run, [{"path": str(path), "user": user, "group": "nogroup", "named_by": "notify"}])
    finally:
        path.unlink(missing_ok=True)
    assert len(found) == bool(words)
    assert words in "".join(found)


def test_in_check_mode_its_user_may_be_yet_to_come() -> None:
    wanted = [{"path": "/bin/sh", "user": "no-such-user", "group": "nogroup", "named_by": "notify"}]
    assert programs.lacking(run, wanted, later=True) == []
