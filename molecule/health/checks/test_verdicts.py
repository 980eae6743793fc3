# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every kind of check against a server of its kind that is well, and that is wrong in each way: out of the table in time, and back."""

from __future__ import annotations

import pytest
from actors import ACTORS, DIALOGUES, KINDS, address, everybody_is_in, members, seen, tell, watched
from lvslab import trial
from lvslab.client import patience

# One server for each way to be wrong; all kinds and three servers at the same time, the other is well.
ROUNDS = [{"web1": "refused", "web2": "hanging", "web3": "wrong"}, {"web2": "closing", "web3": "flooding", "web4": "slow"}]
WAYS = {way: server for ways in ROUNDS for server, way in ways.items()}
INTERVAL, TIMEOUT = 2, 1
# keepalived 2.2.7 can't do with that: see docs/health_checks.md, "What the checks do not see". The servers of mail are those of smtp.
UNFIT = {("smtp", "flooding"), ("dns", "flooding"), ("mail", "flooding")}
FALL = {"redis": 2, "echo": 2, "program": 4}  # of the program: its interval, and a second one after a second
SLACK = 30.0  # seconds: a machine of one slow processor, busy with other things too, is all these hosts; the sharp figures are printed
NO_ANSWER = "no answer within 1 s; waited for"
REASONS = {"refused": ("refused",), "hanging": (NO_ANSWER, "no connection within 1 s"), "slow": (NO_ANSWER, "no connection within 1 s"),
           "wrong": ('answered "', 'waited for "+PONG" after "-LOADING'), "closing": ("closed the connection before", "the connection broke", NO_ANSWER),
           "flooding": ('answered "xxx', 'more than 16384 bytes without "+PONG"')}


def gone(ways) -> bool:
    return all((kind, way) in UNFIT or server not in there for kind, there in members().items() for server, way in ways.items())


def why(server: str, way: str) -> dict[str, str]:
    """What the prober says, by kind."""
    return {kind: seen(kind, server)["reason"] for kind in DIALOGUES if (kind, way) not in UNFIT}


def strange(way: str, reasons) -> list[str]:
    """The kinds whose reason is none of this way."""
    return [kind for kind, reason in reasons.items() if not any(words in reason for words in REASONS[way])]


@pytest.fixture(scope="module")
def story():
    """What happened: when each server was told what, when it was out of and in the table, what the prober said."""
    everybody_is_in()
    watch = watched("r1")
    told, reasons, left, back = {}, {}, {}, {}
    try:
        for ways in ROUNDS:
            for server, way in ways.items():
                for kind in ("smtp", "dns") if way == "flooding" else ():
                    tell(server, "well", kind)
                told[way] = tell(server, way)
            trial.eventually(lambda: gone(ways), 60)  # noqa: B023
            now = members()
            for server, way in ways.items():
                left[way] = [kind for kind, there in now.items() if server in there]
                trial.eventually(lambda: not strange(way, why(server, way)), 30)  # noqa: B023
                reasons[way] = why(server, way)
            for server, way in ways.items():
                back[way] = tell(server, "well")
            everybody_is_in()
    finally:
        for server in ACTORS:
            trial.on(server, "rm -f /run/actor/*")
        trial.on("r1", "touch /run/enough")
    return {"told": told, "reasons": reasons, "left": left, "back": back, "changes": watch.result()}


def first(story, kind: str, server: str, since: float, there: bool) -> float | None:
    """Seconds from then until the server is out of the table (or in it)."""
    service, port = KINDS[kind]
    times = [at - since for at, *what, weight in story["changes"]
             if what == [service, f"{address(server)}:{port}"] and (weight is not None) == there and at >= since]
    return times[0] if times else None


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_that_is_wrong_is_out_within_interval_and_time_limit(story, kind):
    late = []
    for way, server in WAYS.items():
        if (kind, way) in UNFIT:
            continue
        took = first(story, kind, server, story["told"][way], there=False)
        limit = INTERVAL * FALL.get(kind, 1) + (0.2 if way == "refused" else TIMEOUT)
        print(f"out: {kind} {way} after {took} s of {limit} s")
        if kind in story["left"][way] or took is None or took > (limit + SLACK) * patience():
            late.append((way, took, limit))
    assert not late, f"not out in time: {late}; still there in the end: {story['left']}"


@pytest.mark.parametrize("kind", DIALOGUES)
def test_the_prober_says_why(story, kind):
    said = {way: story["reasons"][way][kind] for way in WAYS if (kind, way) not in UNFIT}
    assert not [way for way, reason in said.items() if strange(way, {kind: reason})], said


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_that_is_well_again_is_back(story, kind):
    late = []
    for way, server in WAYS.items():
        if (kind, way) in UNFIT:
            continue
        took = first(story, kind, server, story["back"][way], there=True)
        # mail: twice well, and for 2 s
        least, limit = (2, 2 * INTERVAL) if kind == "mail" else (0, INTERVAL)
        print(f"back: {kind} {way} after {took} s of {limit} s")
        if took is None or not least <= took <= (limit + TIMEOUT + SLACK) * patience():
            late.append((way, took, limit))
    assert not late, f"not back in time: {late}"
