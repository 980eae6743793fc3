# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""lvs-prober's configuration: brought into force, put back to what it was before the last change of the router, taken away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._host import prober

A, B = '{"steps": [{"send": "AUTH secret"}]}\n', '{"other": 1}\n'


class Systemd:
    """Answers as systemctl does for a unit that runs; `done`: the orders."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def run(self, argv: list[str]) -> tuple[int, str, str]:
        if argv[1] == "show":
            return 0, "LoadState=loaded\nActiveState=active\nUnitFileState=enabled\n", ""
        self.done.append(" ".join(argv[1:]))
        return 0, "", ""


@pytest.fixture
def change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What an activation does: returns the systemd that it gave its orders to."""
    monkeypatch.setattr(prober.shutil, "chown", lambda *_args, **_more: None)

    def run(wanted: str) -> Systemd:
        systemd = Systemd()
        found = prober.Prober(systemd.run, wanted, str(tmp_path / "prober.json"))
        found.keep()
        if not found.in_force:
            assert found.bring_in() == ""
        return systemd

    return run


def put_back(tmp_path: Path) -> Systemd:
    systemd = Systemd()
    assert prober.Prober(systemd.run, "", str(tmp_path / "prober.json")).put_back() == ""
    return systemd


def test_a_new_configuration_is_reloaded_and_the_same_one_is_not(change: Any, tmp_path: Path) -> None:
    assert change(A).done == ["reload-or-restart lvs-prober.service"]
    assert (tmp_path / "prober.json").stat().st_mode & 0o777 == 0o640
    assert change(A).done == []


def test_rights_that_the_unit_gives_or_takes_need_a_restart(change: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    path = '{"transport": "path"}'
    assert change(path).done == ["restart lvs-prober.service"]
    monkeypatch.setattr(prober, "may_send_packets", lambda _pid: True)
    assert change(path + "\n").done == ["reload-or-restart lvs-prober.service"]
    assert change(A).done == ["restart lvs-prober.service"]


def test_put_back_undoes_the_last_change_alone(change: Any, tmp_path: Path) -> None:
    """The last one left the prober as it was: what was in force before that is not what comes back."""
    change(A)
    change(B)
    change(B)
    assert put_back(tmp_path).done == []
    assert (tmp_path / "prober.json").read_text() == B
    change(A)
    assert put_back(tmp_path).done == ["reload-or-restart lvs-prober.service"]
    assert (tmp_path / "prober.json").read_text() == B


def test_put_back_of_the_first_one_stops_it(change: Any, tmp_path: Path) -> None:
    change(A)
    assert put_back(tmp_path).done == ["disable --now lvs-prober.service"]
    assert not (tmp_path / "prober.json").exists()


def test_where_nothing_asks_nothing_is_left(change: Any, tmp_path: Path) -> None:
    assert change("").done == []
    assert list(tmp_path.iterdir()) == []
    change(A)
    assert change("").done == ["disable --now lvs-prober.service"]
    assert prober.forget(Systemd().run, str(tmp_path / "prober.json")) == ""
    assert not tmp_path.exists() or list(tmp_path.iterdir()) == []


def test_the_difference_does_not_show_what_is_sent(tmp_path: Path) -> None:
    shown = prober.Prober(Systemd().run, A, str(tmp_path / "prober.json")).difference()
    assert shown and "not shown" in shown["after"] and "secret" not in str(shown)
