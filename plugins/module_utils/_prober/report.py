# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the prober tells of itself: the state as JSON, the metrics as Prometheus text. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .probe import Probe


def state_of(probe: Probe, now: float, wall: float) -> dict[str, Any]:
    """One probe. Times are of the wall clock, in seconds since 1970; latency_ms null before the first look."""
    last = probe.last
    found: dict[str, Any] = {
        "server": probe.target.server, "services": list(probe.target.services), "address": probe.target.address, "port": probe.target.port,
        "verdict": "up" if probe.verdict.up else "down", "since": round(wall - (now - probe.verdict.since), 3),
        "seen": bool(last), "good": last.good if last else None, "reason": last.reason if last else "not asked yet",
        "latency_ms": round(last.seconds * 1000, 3) if last else None, "asked_at": round(probe.last_at, 3) if last else None,
    }
    if probe.check.agent:
        found["agent"] = {"percent": probe.say.percent, "out": probe.say.out, "words": probe.say.words}
    elif probe.growing(now):
        found["share"] = round(probe.verdict.share(probe.rules, now), 2)
    return found


def alarms(probes: Iterable[Probe], failed: Mapping[str, str], problem: str) -> list[str]:
    """What a person should look at, in words."""
    found = ["the configuration is refused, the one before stays in force: " + problem] if problem else []
    if failed:
        name, reason = next(iter(failed.items()))
        found.append("%d verdicts can't be written, keepalived goes on with those before; %s: %s" % (len(failed), name, reason))
    services: dict[str, list[Probe]] = {}
    probes = list(probes)
    mute = [probe for probe in probes if probe.last and not probe.last.asked]
    if mute and mute[0].last:
        found.append("%d checks can't be made, and the verdicts before them stay: %s" % (len(mute), mute[0].last.reason))
    for probe in probes:
        if not probe.check.agent:
            for service in probe.target.services:
                services.setdefault(service, []).append(probe)
    for service, members in sorted(services.items()):
        if all(not probe.verdict.up for probe in members):
            reasons = {probe.last.reason for probe in members if probe.last and not probe.last.good}
            same = "; all for the same reason, so look at the check first: %s" % reasons.pop() if len(reasons) == 1 and len(members) > 1 else ""
            found.append("all %d servers of %s fail%s" % (len(members), service, same))
    return found


def state(probes: Mapping[str, Probe], now: float, wall: float, rest: Mapping[str, Any]) -> Iterator[str]:
    """The text of the state file: its head, a line for each probe, its end. rest: what the daemon says of itself."""
    yield json.dumps({"version": 1, "written_at": round(wall, 3), **rest}, indent=1)[:-2] + ',\n "probes": {'
    between = "\n  "
    for name, probe in list(probes.items()):
        yield "%s%s: %s" % (between, json.dumps(name), json.dumps(state_of(probe, now, wall)))
        between = ",\n  "
    yield "\n }\n}\n"


_METRICS = (
    ("lvs_prober_up", "gauge", "Verdict of a real server: 1 well, 0 failed."),
    ("lvs_prober_check_seconds", "gauge", "What the last check took."),
    ("lvs_prober_checks_total", "counter", "Checks made since the start."),
    ("lvs_prober_failed_checks_total", "counter", "Checks that failed since the start."),
    ("lvs_prober_held_up_checks_total", "counter", "Checks that ran out of time because the prober was held up: not counted as failed."),
    ("lvs_prober_repaired_files_total", "counter", "Verdict files that did not hold what was written, put right."),
    ("lvs_prober_written_seconds", "gauge", "When this was written, in seconds since 1970."),
)


def metrics(probes: Iterable[Probe], wall: float, totals: Mapping[str, float]) -> str:
    """Text exposition format of Prometheus 0.0.4. totals: checks, failed, held_up, repaired."""
    rows: dict[str, list[str]] = {name: [] for name, _kind, _help in _METRICS}
    for probe in probes:
        labels = '{server="%s",address="%s",port="%d",id="%s"}' % (probe.target.server, probe.target.address, probe.target.port, probe.target.id)
        rows["lvs_prober_up"].append("lvs_prober_up%s %d" % (labels, probe.verdict.up))
        if probe.last:
            rows["lvs_prober_check_seconds"].append("lvs_prober_check_seconds%s %.6f" % (labels, probe.last.seconds))
    for name, key in (("checks", "checks"), ("failed_checks", "failed"), ("held_up_checks", "held_up"), ("repaired_files", "repaired")):
        rows["lvs_prober_%s_total" % name].append("lvs_prober_%s_total %d" % (name, totals[key]))
    rows["lvs_prober_written_seconds"].append("lvs_prober_written_seconds %.3f" % wall)
    lines: list[str] = []
    for name, kind, words in _METRICS:
        lines += ["# HELP %s %s" % (name, words), "# TYPE %s %s" % (name, kind), *rows[name]]
    return "\n".join(lines) + "\n"
