# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole daemon against real sockets: files, state, reload, and what happens to files that others spoil."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import json
import os
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._prober.config import ConfigError, parse
from ansible_collections.lvs.cluster.plugins.module_utils._prober.daemon import Daemon
from ansible_collections.lvs.cluster.plugins.module_utils._prober.drains import Drains
from ansible_collections.lvs.cluster.plugins.module_utils._prober.files import NumberFiles

from .servers import answering, check, configuration, hanging, server, target

FAST = {"interval": 0.05, "timeout": 0.05}


@contextlib.asynccontextmanager
async def running(folder: Path, configured: dict[str, Any]) -> AsyncIterator[Daemon]:
    write(folder, configured)
    daemon = Daemon(folder / "config.json", folder)
    task = asyncio.create_task(daemon.run())
    try:
        yield daemon
    finally:
        daemon.stopping.set()
        await task


def write(folder: Path, configured: dict[str, Any]) -> None:
    (folder / "config.json").write_text(json.dumps(configured), encoding="utf-8")


def verdict(folder: Path, name: str = "web1_redis") -> str:
    path = folder / "verdicts" / name
    return path.read_text() if path.exists() else "missing"


async def until(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    for _ in range(int(seconds / 0.01)):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come to pass")


def state(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "state.json").read_text())


def test_a_server_that_dies_is_failed_and_one_that_returns_is_well(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    async def run() -> None:
        async with server(answering(b"+PONG")) as port:
            async with running(tmp_path, configuration(target(port), ping=check(**FAST))) as daemon:
                await until(lambda: bool(daemon.totals["checks"]))
                assert verdict(tmp_path) == "0\n"
                write(tmp_path, configuration(target(1), ping=check(**FAST)))  # nobody listens on port 1
                daemon.reload()
                await until(lambda: verdict(tmp_path) == "1\n")
                write(tmp_path, configuration(target(port), ping=check(**FAST)))
                daemon.reload()
                assert verdict(tmp_path) == "1\n", "a reload forgets no verdict"
                await until(lambda: verdict(tmp_path) == "0\n")

    asyncio.run(run())
    assert state(tmp_path)["probes"]["web1_redis"]["verdict"] == "up"
    assert "web1 127.0.0.1 port 1: failed: refused" in capfd.readouterr().out


@pytest.mark.parametrize("spoil", [lambda path: path.write_text(""), lambda path: path.write_text("dynamic"), lambda path: path.write_text("0\n"),
                                   lambda path: path.unlink(), lambda path: path.rename(path.parent / "elsewhere")])  # fmt: skip
def test_a_spoiled_file_is_put_right_at_once(tmp_path: Path, spoil: Callable[[Path], object]) -> None:
    """keepalived reads each of these as a healthy server."""

    async def run() -> None:
        async with running(tmp_path, configuration(target(1), ping=check(**FAST))) as daemon:
            await until(lambda: verdict(tmp_path) == "1\n")
            spoil(tmp_path / "verdicts" / "web1_redis")
            assert verdict(tmp_path) != "1\n"
            await until(lambda: verdict(tmp_path) == "1\n", 0.5)
            assert daemon.files.repaired == 1

    asyncio.run(run())


def test_the_folder_may_be_taken_away(tmp_path: Path) -> None:
    async def run() -> None:
        async with running(tmp_path, configuration(target(1), ping=check(**FAST))):
            await until(lambda: verdict(tmp_path) == "1\n")
            (tmp_path / "verdicts").rename(tmp_path / "gone")
            await until(lambda: verdict(tmp_path) == "1\n")

    asyncio.run(run())


def test_what_could_not_be_written_is_tried_again_and_told(tmp_path: Path) -> None:
    async def run() -> None:
        async with running(tmp_path, configuration(target(1), ping=check(**FAST))) as daemon:
            daemon.files.folder = Path("/proc/no-such-folder")
            await until(lambda: bool(daemon.files.failed))
            daemon._tell()
            assert "1 verdicts can't be written" in state(tmp_path)["alarms"][0]
            daemon.files.folder = tmp_path / "verdicts"
            await until(lambda: verdict(tmp_path) == "1\n")
            assert not daemon.files.failed

    asyncio.run(run())


def test_a_new_start_goes_on_with_the_verdicts_of_the_last_one(tmp_path: Path) -> None:
    slow = check(interval=60, timeout=1, warmup=60)

    async def run() -> None:
        (tmp_path / "verdicts").mkdir()
        (tmp_path / "verdicts" / "web1_redis").write_text("1\n")
        async with running(tmp_path, configuration(target(1), target(1, "web2_redis"), target(1, "web3_redis", check="late"), ping=slow,
                                                   late={**slow, "start": "down"})):  # fmt: skip
            await until(lambda: verdict(tmp_path, "web3_redis") == "1\n")
            assert (verdict(tmp_path), verdict(tmp_path, "web2_redis")) == ("1\n", "0\n")

    asyncio.run(run())


def test_all_servers_that_fail_alike_raise_an_alarm_in_words(tmp_path: Path) -> None:
    async def run() -> None:
        async with running(tmp_path, configuration(target(1), target(1, "web2_redis"), ping=check(**FAST))):
            await until(lambda: verdict(tmp_path) == verdict(tmp_path, "web2_redis") == "1\n")

    asyncio.run(run())
    assert state(tmp_path)["alarms"] == ["all 2 servers of redis fail; all for the same reason, so look at the check first: refused"]


def test_a_refused_configuration_changes_nothing_and_is_told(tmp_path: Path) -> None:
    async def run() -> None:
        async with running(tmp_path, configuration(target(1), ping=check(**FAST))) as daemon:
            await until(lambda: verdict(tmp_path) == "1\n")
            write(tmp_path, configuration(target(1), ping=check(match="glob")))
            daemon.reload()
            assert "checks.ping: match: glob is none of prefix, contains, regex" in state(tmp_path)["alarms"][0]
            before = daemon.totals["checks"]
            await until(lambda: daemon.totals["checks"] > before)

    asyncio.run(run())


def test_an_agent_moves_the_weight_and_its_silence_does_not(tmp_path: Path) -> None:
    async def run() -> None:
        said = [b"50%\n"]

        async def handler(_reader: Any, writer: Any) -> None:
            writer.write(said[0])
            await writer.drain()

        agent = check(**FAST, agent=True, steps=[])
        async with server(handler) as port, running(tmp_path, configuration(target(port, "a", weights=[100, 10]), ping=agent)):
            await until(lambda: (verdict(tmp_path, "a.w100"), verdict(tmp_path, "a.w10")) == ("-50\n", "-5\n"))
            said[0] = b"drain\n"
            await until(lambda: verdict(tmp_path, "a.w100") == "-100\n")
            said[0] = b"nonsense\n"
            await until(lambda: state(tmp_path)["probes"]["a"]["good"] is False)
            assert verdict(tmp_path, "a.w100") == "-100\n"
            said[0] = b"up\n"
            await until(lambda: verdict(tmp_path, "a.w100") == "-50\n")
        assert verdict(tmp_path, "a") == "missing", "an agent gives no verdict"

    asyncio.run(run())


def test_a_slow_start_raises_the_weight(tmp_path: Path) -> None:
    async def run() -> None:
        rules = check(**FAST, slow_start=2)
        async with server(answering(b"+PONG")) as port, running(tmp_path, configuration(target(1), ping=rules)) as daemon:
            await until(lambda: verdict(tmp_path) == "1\n")
            assert verdict(tmp_path, "web1_redis.w100") == "-90\n"
            write(tmp_path, configuration(target(port), ping=rules))
            daemon.reload()
            await until(lambda: verdict(tmp_path) == "0\n")
            assert -90 <= int(verdict(tmp_path, "web1_redis.w100")) < -50
            await until(lambda: verdict(tmp_path, "web1_redis.w100") == "0\n")

    asyncio.run(run())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not JSON"),
        ("[]", "version: this prober reads version 1"),
        (json.dumps(configuration(target(1, check="x"))), r"probes\[0\].check: there is no check x"),
        (json.dumps(configuration(target(1), target(1))), r"probes\[1\].id: web1_redis is there twice"),
        (json.dumps(configuration(target(1, "../x"))), r"probes\[0\]: id"),
        (json.dumps(configuration(target(1, address="web1"))), r"probes\[0\]: 'web1' does not appear to be"),
        (json.dumps(configuration(target(1), ping=check(timeout=9))), "checks.ping: timeout"),
        (json.dumps(configuration(target(1), ping=check(steps=[{"expect": "(", "match": "regex"}]))), "checks.ping: not a regular expression"),
        (json.dumps(configuration(target(1), ping={})), "checks.ping: transport is missing"),
    ],
)
def test_a_wrong_configuration_names_its_path(text: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        parse(text)


def test_a_prober_that_was_frozen_takes_no_server_out_and_says_so(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    async def run() -> None:
        async with server(answering(b"+PONG", pause=0.05)) as port:
            times = {"interval": 0.3, "timeout": 0.2, "connect_timeout": 0.2, "fall": 1}
            async with running(tmp_path, configuration(target(port), ping=check(**times))) as daemon:
                for _ in range(20):  # on a busy machine the answer may have come before the freeze
                    await until(lambda: bool(daemon.totals["checks"]) and bool(daemon.tasks))
                    time.sleep(0.5)  # as long as nobody runs, neither the server nor the prober
                    await asyncio.sleep(0.1)
                    if daemon.totals["held_up"]:
                        break
                assert daemon.totals["held_up"]
                checks = daemon.totals["checks"]
                await until(lambda: daemon.totals["checks"] > checks)
        assert state(tmp_path)["held_up_checks"] > 0
        assert "does not get its turn" in state(tmp_path)["alarms"][0]

    asyncio.run(run())
    assert "failed" not in capfd.readouterr().out


def test_a_dead_server_goes_even_from_a_router_that_is_always_busy(tmp_path: Path) -> None:
    async def busy() -> None:
        while True:
            time.sleep(0.12)
            await asyncio.sleep(0.02)

    async def run() -> None:
        async with server(hanging) as port:
            times = {"interval": 0.3, "timeout": 0.2, "connect_timeout": 0.2, "fall": 2}
            async with running(tmp_path, configuration(target(port), ping=check(**times))) as daemon:
                starving = asyncio.create_task(busy())
                await until(lambda: verdict(tmp_path) == "1\n", seconds=60.0)
                starving.cancel()
                assert daemon.totals["held_up"] > 0

    asyncio.run(run())


def test_a_verdict_is_written_though_the_disk_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over the old number, where it fits without room: also a shorter one."""
    numbers = NumberFiles(tmp_path / "verdicts")
    numbers.put("web1", 0)
    numbers.put("web1.w100", -100)

    def full(*_unused: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", full)
        numbers.put("web1", 1)
        numbers.put("web1.w100", -5)
        numbers.put("web2", 1)
    assert [(tmp_path / "verdicts" / name).read_text() for name in ("web1", "web1.w100")] == ["1\n", "-5\n"]
    assert numbers.failed == {"web2": "No space left on device"}
    numbers.again()
    assert not numbers.failed
    assert (tmp_path / "verdicts" / "web2").read_text() == "1\n"


def test_nothing_is_asked_any_more_after_the_end(tmp_path: Path) -> None:
    async def run() -> None:
        targets = [target(1, f"web{number}_redis") for number in range(50)]
        async with running(tmp_path, configuration(*targets, ping=check(interval=0.05, timeout=0.05))) as daemon:
            await until(lambda: daemon.totals["checks"] > 50)
        checks = daemon.totals["checks"]
        await asyncio.sleep(0.2)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        assert daemon.totals["checks"] == checks

    asyncio.run(run())


def test_a_drained_server_has_its_small_weight_and_grows_when_it_is_drained_no_more(tmp_path: Path) -> None:
    """Though it never failed, as one that was updated in between."""
    drains = tmp_path / "drains"
    drains.mkdir()

    def drain(number: str) -> None:
        (tmp_path / "new").write_text(number)
        (tmp_path / "new").rename(drains / "web1")

    def added() -> int:
        return int((tmp_path / "verdicts" / "web1_redis.w100").read_text())

    async def run() -> None:
        async with server(answering(b"+PONG")) as port:
            write(tmp_path, configuration(target(port), ping=check(**FAST, slow_start=4)))
            daemon = Daemon(tmp_path / "config.json", tmp_path, drains)
            task = asyncio.create_task(daemon.run())
            try:
                await until(lambda: daemon.totals["checks"] > 2)
                assert added() == 0
                drain("-65534\nsince 2026-11-23T05:40:12Z\n")
                await until(lambda: added() == -90)
                await asyncio.sleep(1.5)
                assert added() == -90, "it goes on while it is drained"
                drain("0\n")
                await until(lambda: -90 < added() < 0, 20)
                await until(lambda: added() == 0, 20)
                assert verdict(tmp_path) == "0\n"
            finally:
                daemon.stopping.set()
                await task

    asyncio.run(run())


@pytest.mark.parametrize("text", ["", "rubbish", "0\n", "5"])
def test_what_keepalived_takes_for_no_drain_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "web1").write_text(text)
    (tmp_path / ".web2").write_text("-65534\n")
    drains = Drains(tmp_path)
    assert drains.names() == frozenset()
    (tmp_path / "new").write_text("-65534\n")
    (tmp_path / "new").rename(tmp_path / "web1")
    assert drains.names() == {"web1"}
    assert Drains(tmp_path / "missing").names() == frozenset()
