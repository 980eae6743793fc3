# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Releases: staged on every host, switched on all of them or on none."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from .hosts import Hosts

NAMES = ["web1", "web2", "web3"]
pytestmark = pytest.mark.skipif(shutil.which("rrsync") is None, reason="rsync is not installed: make checkers")


@pytest.fixture
def make(tmp_path: Path) -> Any:
    def made(unreachable: str = "refuse", keep: int = 2) -> Hosts:
        hosts = Hosts(tmp_path, NAMES, ["web1", "web2"], releases={"keep": keep, "unreachable": unreachable})
        edit(hosts, "one")
        return hosts

    return made


def edit(hosts: Hosts, text: str, host: str = "web1") -> None:
    (hosts.root / host / "work/index.html").write_text(text)
    (hosts.root / host / "work/other.html").write_text(text)


def publish(hosts: Hosts, text: str = "", host: str = "web1") -> dict[str, Any]:
    if text:
        edit(hosts, text, host)
    return hosts.run(host, "publish")


def served(hosts: Hosts) -> list[str]:
    return [hosts.current(name).get("index.html", "") for name in NAMES]


def test_a_release_is_served_by_all(make: Any) -> None:
    hosts = make()
    found = publish(hosts)
    assert found["ok"], found
    assert served(hosts) == ["one"] * 3
    assert found["files"] == 4
    assert publish(hosts)["notes"] == ["nothing new to publish"]
    again = publish(hosts, "two, longer")
    assert served(hosts) == ["two, longer"] * 3
    assert float(again["notes"][0].split()[-2]) < 1.0


def test_no_target_switches_when_one_has_not_all(make: Any) -> None:
    hosts = make()
    publish(hosts)
    hosts.down("web3")
    found = publish(hosts, "two, longer")
    assert not found["ok"] and "switched nowhere" in found["reason"] and "web3" in found["reason"]
    assert served(hosts) == ["one"] * 3
    hosts.down("web3", False)
    assert publish(hosts)["ok"]
    assert served(hosts) == ["two, longer"] * 3


def test_a_target_that_was_away_follows(make: Any) -> None:
    hosts = make(unreachable="go_on")
    publish(hosts)
    hosts.down("web3")
    found = publish(hosts, "two, longer")
    assert found["ok"] and "without web3" in found["notes"][-1]
    assert served(hosts) == ["two, longer", "two, longer", "one"]
    hosts.down("web3", False)
    assert hosts.run("web3", "pull")["release"] == found["release"]
    assert served(hosts) == ["two, longer"] * 3


def test_rollback_stays_until_there_is_something_new(make: Any) -> None:
    hosts = make()
    publish(hosts)
    publish(hosts, "two, longer")
    assert hosts.run("web1", "rollback", "previous")["ok"]
    assert served(hosts) == ["one"] * 3
    assert publish(hosts)["notes"] == ["nothing new to publish"]
    hosts.run("web3", "pull")
    assert served(hosts) == ["one"] * 3
    publish(hosts, "three, and longer")
    assert served(hosts) == ["three, and longer"] * 3


def test_rollback_to_what_is_not_there_names_what_is(make: Any) -> None:
    hosts = make()
    first = publish(hosts)["release"]
    found = hosts.run("web1", "rollback", "20000101T000000Z")
    assert not found["ok"] and first in found["reason"]


def test_so_many_releases_are_kept(make: Any) -> None:
    hosts = make(keep=1)
    publish(hosts)
    publish(hosts, "two, longer")
    last = publish(hosts, "three, and longer")
    assert last["releases"] == [last["release"]]
    assert hosts.run("web2", "pull")["ok"]


def test_the_second_source_publishes_while_the_first_is_away_and_the_first_follows_when_back(make: Any) -> None:
    hosts = make(unreachable="go_on")
    publish(hosts)
    assert "another source is in charge" in hosts.run("web2", "pull")["notes"]
    hosts.down("web1")
    assert publish(hosts, "by the second", host="web2")["ok"]
    assert served(hosts)[1:] == ["by the second"] * 2
    hosts.down("web1", False)
    found = publish(hosts)
    assert found["notes"] == ["nothing new to publish"]
    assert served(hosts) == ["by the second"] * 3


def test_an_empty_source_is_no_release(make: Any) -> None:
    hosts = make()
    publish(hosts)
    for path in (hosts.root / "web1/work").iterdir():
        path.unlink()
    found = publish(hosts)
    assert not found["ok"] and "empty" in found["reason"]
    assert served(hosts) == ["one"] * 3


def test_a_session_does_nothing_but_its_words(make: Any) -> None:
    hosts = make()
    publish(hosts)
    session = hosts.start("web3", "session")
    asked = "stage ../../etc web1\nswitch 20000101T000000Z 9\nnow\nrm -rf /\nstage 20000101T000000Z elsewhere\nreleases\n"
    answers = [json.loads(line) for line in session.communicate(asked, timeout=60)[0].splitlines()]
    assert [answer["ok"] for answer in answers] == [False, False, False, False, False, True]
    assert "is no release" in answers[0]["reason"]
    assert "does not have the release" in answers[1]["reason"]
    assert "is no source" in answers[4]["reason"]
