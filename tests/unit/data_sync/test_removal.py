# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What data sets left on a host is taken off for good."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._host import data_sync


def test_what_would_make_the_store_anew_is_stopped_before_it_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that is under way, or that a timer or another host starts meanwhile, makes folders and links."""
    store, config, link = tmp_path / "store", tmp_path / "config", tmp_path / "site"
    (store / "sets/site/current").mkdir(parents=True)
    config.mkdir()
    (config / "site.json").write_text(json.dumps({"path": str(link), "behind": None}))
    link.symlink_to(store / "sets/site/current")
    monkeypatch.setattr(data_sync, "STORE", str(store))
    monkeypatch.setattr(data_sync, "CONFIG", str(config))
    orders: list[Any] = []

    def run(command: list[str]) -> tuple[int, str, str]:
        orders.append((command, store.exists(), link.is_symlink()))
        return 0, "", ""

    data_sync.remove_store(run)
    assert orders == [(["systemctl", "stop", "lvs-data-*"], True, True)] * 2, "a run that is stopped has failed, and starts its retry"
    assert not store.exists()
    assert not link.is_symlink()


def test_units_that_do_not_stop_end_the_removal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_sync, "STORE", str(tmp_path))
    with pytest.raises(ValueError, match="lvs-data-.* not be stopped: busy"):
        data_sync.remove_store(lambda _command: (1, "", "busy\n"))
    assert tmp_path.exists()
