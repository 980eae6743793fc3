# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What systemd says of a unit, and that its silence is no answer."""

from __future__ import annotations

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._host import commands, systemd

LATE = (1, "", "Failed to get properties: Connection timed out")
WELL = (0, "LoadState=loaded\nActiveState=active\nMainPID=7\n", "")
NONE = [(commands.NOT_FOUND, "", "systemctl: No such file or directory"),
        (1, "", "System has not been booted with systemd as init system (PID 1). Can't operate.\nFailed to connect to bus: Host is down")]


class Answers:
    def __init__(self, *answers: tuple[int, str, str]) -> None:
        self.answers = list(answers)

    def __call__(self, argv: list[str]) -> tuple[int, str, str]:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(systemd, "PAUSE", 0.0)


def test_a_busy_systemd_is_asked_again() -> None:
    found = systemd.show(Answers(LATE, LATE, WELL), "keepalived.service")
    assert (found["LoadState"], found["ActiveState"], found["MainPID"]) == ("loaded", "active", 7)


def test_one_that_does_not_answer_is_an_error_and_not_a_unit_that_is_missing() -> None:
    with pytest.raises(OSError, match=r"systemd does not say how keepalived\.service is: Failed to get properties: Connection timed out"):
        systemd.show(Answers(LATE), "keepalived.service")


@pytest.mark.parametrize("answer", NONE)
def test_without_systemd_no_unit_is_there(answer: tuple[int, str, str]) -> None:
    assert systemd.show(Answers(answer), "keepalived.service")["LoadState"] == "not-found"
