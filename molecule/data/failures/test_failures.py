# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong on the way of a large file: the server goes on with the old one, the state says why, the next run heals.

Each test prints a line of the table in docs/data_sync.md. Two data sets are tried side by side: `films` from r2 to web2, `archive`
from web1 to web3, both at 600 KiB/s, so that there is time to break something.
"""

from __future__ import annotations

import json
import time

import pytest
from lvslab import trial

WAYS = {"films": ("r2", "web2"), "archive": ("web1", "web3")}


class Way:
    """One file of a data set, from its source to the web server of a target."""

    def __init__(self, name: str) -> None:
        self.name, (self.source, self.target) = name, WAYS[name]
        self.path = f"/srv/{name}/large"
        self.good: set[str] = set()

    def new_version(self, megabytes: int = 3) -> str:
        """Made beside it and renamed; its hash."""
        made = trial.on(self.source, f"head -c {megabytes}000000 /dev/urandom >/srv/made && sha256sum /srv/made && mv /srv/made {self.path}").split()[0]
        self.good.add(made)
        return made

    def served(self) -> str:
        """The hash of what the web server of the target gives."""
        return trial.on(self.target, f"curl -s http://127.0.0.1/{self.name}/large | sha256sum").split()[0]

    def state(self) -> dict:
        return json.loads(trial.on(self.target, f"cat /var/lib/lvs-data-sync/sets/{self.name}/state.json", check=False) or "{}")

    def run(self) -> dict:
        """A run to its end, and its state."""
        trial.on(self.target, f"systemctl start lvs-data-sync-{self.name}", check=False, seconds=120)
        return self.state()

    def begin(self) -> None:
        """A run in the background; returns when a part of the file is here."""
        trial.on(self.target, f"systemctl start --no-block lvs-data-sync-{self.name}")
        size = f"stat -c %s /srv/{self.name}/.large.* 2>/dev/null || true"
        assert trial.eventually(lambda: int(trial.on(self.target, size).strip() or 0) > 0, 30, every=0.1), self.state()

    def ended(self, seconds: float = 90) -> dict:
        """The state when no run is under way any more."""
        assert trial.eventually(lambda: "running_since" not in self.state(), seconds), self.state()
        return self.state()

    def healed(self, what: str, reason: str, took: float | None, version: str) -> None:
        """After the failure: until now each answer was a whole file; the next run brings the new one."""
        between = self.served()
        state = self.run()
        assert state["ok"], state
        assert self.served() == version
        assert between in self.good, f"{self.target} served something that never was at the source"
        told = "" if took is None else f"{took:.0f} s"
        print(f"| {what} | {reason} | {told} | {'the old file' if between != version else 'the new file'} | the next run, {state['seconds']:.0f} s |")


class Asking:
    """The hash of what the target serves, asked again and again until the end."""

    def __init__(self, way: Way) -> None:
        self.way = way
        ask = f"curl -s -m 5 http://127.0.0.1/{way.name}/large | sha256sum"
        trial.on(way.target, "rm -f /run/asked-enough")
        self.process = trial.remote(way.target, f"until [ -e /run/asked-enough ]; do {ask}; sleep 0.2; done")

    def __enter__(self) -> Asking:
        return self

    def __exit__(self, *failure: object) -> None:
        trial.on(self.way.target, "touch /run/asked-enough")
        answers = [line.split()[0] for line in self.process.communicate(timeout=60)[0].splitlines()]
        if failure[0] is None:
            assert len(answers) >= 3 and set(answers) <= self.way.good, f"{len(answers)} answers, wrong ones: {set(answers) - self.way.good}"


@pytest.fixture
def way(request):
    """With one version of the file on both sides."""
    made = Way(request.param)
    version = made.new_version(1)
    state = made.run()
    assert state["ok"] and made.served() == version, state
    return made


def on_way(name: str):
    return pytest.mark.parametrize("way", [pytest.param(name, marks=pytest.mark.lane(name))], indirect=True)


@on_way("films")
def test_the_network_is_cut_half_way(way):
    version = way.new_version()
    with Asking(way):
        way.begin()
        trial.agent().call("cut", host=way.target, network_name="private", carrier=False)
        began = time.monotonic()
        try:
            state = way.ended()
        finally:
            trial.agent().call("mend", host=way.target, network_name="private")
        took = time.monotonic() - began
    assert not state["ok"] and state["unreachable"] and "r2 does not answer, or was lost in the middle" in state["reason"], state
    way.healed("the network is cut half way", "the source r2 does not answer, or was lost in the middle", took, version)


@on_way("films")
def test_the_disk_of_the_target_is_full(way):
    trial.on(way.target, "mount -t tmpfs -o size=3500k,mode=755 full /srv/films && chown lvs-sync: /srv/films")
    try:
        assert way.run()["ok"]
        version = way.new_version()
        with Asking(way):
            state = way.run()
        assert not state["ok"] and "no space is left on this host's disk" in state["reason"], state
        trial.on(way.target, "mount -o remount,size=20m /srv/films")
        way.healed("the disk of a target is full", "no space is left on this host's disk", state["seconds"], version)
    finally:
        trial.on(way.target, "umount -l /srv/films")


@on_way("films")
def test_the_file_is_replaced_while_it_is_copied(way):
    way.new_version()
    with Asking(way):
        way.begin()
        version = way.new_version()
        state = way.ended()
    assert state["ok"] and way.served() == version, state
    print(f"| a file is replaced while it is copied | - (the same run looks again) | | the old file | the same run, {state['seconds']:.0f} s |")


@on_way("archive")
def test_two_syncs_at_once(way):
    """A second start of the unit is the same run; a second run past the unit is refused."""
    version = way.new_version()
    with Asking(way):
        way.begin()
        again = trial.on(way.target, f"runuser -u lvs-sync -- /usr/bin/python3 -IB /usr/libexec/lvs-cluster/data_sync pull {way.name} 2>&1", check=False)
        before = way.state()
        trial.on(way.target, f"systemctl start lvs-data-sync-{way.name}", seconds=60)
        state = way.ended()
    assert "another run of this data set is under way" in again, again
    assert before.get("running_since") and state["ok"] and state["files"] == 1 and way.served() == version, (before, state)
    print("| two syncs at once | another run of this data set is under way (the second one) | 2 s | the old file | the first of them |")


@on_way("archive")
def test_source_and_target_die(way):
    """First the source, half way; then, in the run that shall heal it, the target."""
    version = way.new_version()
    with Asking(way):
        way.begin()
        trial.agent().call("power_off", host=way.source)
        began = time.monotonic()
        state = way.ended()
        took = time.monotonic() - began
        trial.agent().call("power_on", host=way.source)
        trial.agent().call("wait_up", hosts=[way.source])
    assert not state["ok"] and state["unreachable"] and "the source web1 does not answer" in state["reason"], state
    assert way.served() != version
    print(f"| the source dies | the source web1 does not answer, or was lost in the middle | {took:.0f} s | the old file | the run after its boot |")
    way.begin()
    trial.agent().call("power_off", host=way.target)
    trial.agent().call("power_on", host=way.target)
    trial.agent().call("wait_up", hosts=[way.target])
    assert trial.eventually(lambda: way.served() in way.good, 30)
    state = way.state()
    assert state.get("running_since"), state
    way.healed("the target dies", "`running_since` in the state", None, version)
    assert "the run before was cut short" in way.state()["notes"]
    left = trial.on(way.target, "ls -A /srv/archive").split()
    assert left == ["large"] or "by-hand" in left and len(left) == 2, f"parts of the cut run are still there: {left}"
