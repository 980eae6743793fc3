# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`make matrix`: every fault that a pair of routers has to bear, measured in the lab; a line `figure value limit ok|SHORT` each.

    matrix.py [--as-is] [--runs 1] [--slack 4] [NAME…]      those faults, or all
    matrix.py --list                            their names
Exit status 1 if any figure is SHORT; a fault that was not run, or could not be, is SHORT. What was measured is kept in
.build/matrix.json, from which --docs FILE writes the table of the documentation.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime
import json
import subprocess
import sys
import time
from pathlib import Path

from faults import at_interval, deploy, faults
from lvslab import standstill
from lvslab.playbook import play
from lvslab.say import LabError
from measure import Fault, run, verdicts, whole

ROOT = Path(__file__).parents[2]
KEPT = ROOT / ".build" / "matrix.json"
LONGEST = 68 * 60      # seconds; a fault that would begin later is SHORT
LIMIT = 70 * 60        # seconds for all of them
ALL = "all of them"    # what is kept of a whole run


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--as-is", action="store_true", help="the cluster is deployed already, at an interval of 1 s")
    parser.add_argument("--runs", type=int, help="so many of each, instead of the 3 of which the median counts")
    parser.add_argument("--slack", type=float, default=0.0,
                        help="seconds that are added to each limit of an outage: for a slow or busy machine, "
                             "on which a fault is made again, too, when the machine stood still")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--docs", type=Path, help="write the table of all that was measured, and measure nothing")
    options = parser.parse_args()
    known = faults()
    if options.list:
        print("\n".join(f"{name:18} {fault.what}" for name, fault in known.items()))
        return 0
    if options.docs:
        options.docs.write_text(table(known, kept()))
        return 0
    wrong = [name for name in options.names if name not in known]
    if wrong:
        print(f"no fault {', '.join(wrong)}; there are: {' '.join(known)}", file=sys.stderr)
        return 2
    chosen = {name: fault for name, fault in known.items() if name in (options.names or known)}
    return measure(chosen, options)


def measure(chosen: dict[str, Fault], options: argparse.Namespace) -> int:
    started, interval, short = time.monotonic(), "1", False
    if not options.as_is:
        play("molecule/failover/prepare.yml")
        deploy()
    whole()
    # Those of one interval after the other: each change is a deploy
    for name, fault in sorted(chosen.items(), key=lambda item: -float(item[1].interval)):
        if time.monotonic() - started > LONGEST:
            rows = [("not-run", "no-time", "-", False)]
            if not options.slack:
                keep(name, rows, "")
        else:
            try:
                if fault.interval != interval:
                    at_interval(interval := fault.interval)
                begun = time.monotonic()
                seen = run(dataclasses.replace(fault, runs=min(fault.runs, options.runs or fault.runs)))
                rows = verdicts(fault, seen, options.slack)
                late = standstill.seen(time.monotonic() - begun) if options.slack and not all(row[-1] for row in rows) else {}
                if late:
                    print(f"AGAIN {name}: keepalived was not run for {late} seconds, and so {rows}", flush=True)
                    rows = verdicts(fault, run(dataclasses.replace(fault, runs=1)), options.slack)
                if not options.slack:
                    keep(name, rows, seen.note)
            except (LabError, AssertionError, OSError, ValueError, subprocess.TimeoutExpired) as error:
                rows = [("not-measured", str(error).splitlines()[-1][:150].replace(" ", "_"), "-", False)]
                if not options.slack:
                    keep(name, rows, "")
                whole()
        for figure, value, limit, good in rows:
            short = short or not good
            print("%-34s %12s %8s %s" % (f"{name}.{figure}", value.replace(" ", ""), limit.replace(" ", ""), "ok" if good else "SHORT"), flush=True)
    if interval != "1":
        at_interval("1")
    took = time.monotonic() - started
    print(f"{len(chosen)} faults in {took:.0f} s", flush=True)
    if len(chosen) == len(faults()):
        good = took <= LIMIT
        short = short or not good
        print("%-34s %12s %8s %s" % ("all.time", f"{took / 60:.0f}min", f"{LIMIT // 60}min", "ok" if good else "SHORT"), flush=True)
        keep(ALL, [("time", f"{took / 60:.0f} min", f"{LIMIT // 60} min", good)], "")
    return 1 if short else 0


def kept() -> dict:
    return json.loads(KEPT.read_text()) if KEPT.exists() else {}


def keep(name: str, rows: list, note: str) -> None:
    KEPT.write_text(json.dumps({**kept(), name: {"rows": rows, "note": note, "day": str(datetime.date.today())}}, indent=1))


HEAD = """# The fault matrix

What `make matrix` measured in the lab (Debian 12 and 13 as routers, User Mode Linux, one processor): a client that asks 50 times a
second, whatever became of the requests before (where some may fail, one without an answer after 0.9 s has failed; elsewhere after 8 s), six
long downloads (three by NAT, three by direct routing), and the addresses of both routers, sampled every 10 ms where the machine has the
time, and every 500 ms at worst. The outage is the longest time without an answer. Faults of a second or a minute are made three times: the
outage is the median, the rest the worst of them. In brackets: the limit. A figure that is not good enough is **bold**.

| fault | outage | two routers hold an address | requests failed | downloads kept | afterwards |
|---|---|---|---|---|---|
"""


def table(known: dict[str, Fault], measured: dict) -> str:
    lines = []
    for name, fault in known.items():
        rows = {row[0]: row for row in measured.get(name, {}).get("rows", [])}
        if not rows:
            lines.append(f"| `{name}`: {fault.what} | not run | | | | |")
            continue
        if "not-measured" in rows or "not-run" in rows:
            lines.append(f"| `{name}`: {fault.what} | **not measured** | | | | |")
            continue
        cells = [cell(rows.get(figure)) for figure in ("outage", "two-holders", "requests-failed", "downloads-kept", "afterwards")]
        lines.append(f"| `{name}`: {fault.what} | {' | '.join(cells)} |")
    missing = [name for name in known if {row[0] for row in measured.get(name, {}).get("rows", [])} <= {"not-measured", "not-run"}]
    tail = f"\n{len(known) - len(missing)} of {len(known)} faults were measured{days(measured)}; the others say nothing about how they end.\n"
    tail += "".join(f"The last whole run took {row[1]}.\n" for row in measured.get(ALL, {}).get("rows", []))
    return HEAD + "\n".join(lines) + "\n" + tail


def days(measured: dict) -> str:
    """When: the newest day, and what was measured earlier."""
    measured = {name: one for name, one in measured.items() if name != ALL}
    if not measured:
        return ""
    newest = max(one["day"] for one in measured.values())
    earlier = [f"`{name}` on {one['day']}" for name, one in measured.items() if one["day"] != newest]
    return f", on {newest}" + "".join(f", {words}" for words in earlier)


def cell(row: list | None) -> str:
    if row is None:
        return ""
    _figure, value, limit, good = row
    text = value if limit in ("-", "whole") else f"{value} [{limit}]"
    return text if good else f"**{text}**"


if __name__ == "__main__":
    sys.exit(main())
