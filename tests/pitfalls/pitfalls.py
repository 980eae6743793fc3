# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`make pitfalls`: takes the handling of each pitfall out of a copy of the collection, and sees a test fail that else passes.

    pitfalls.py --where unit|SCENARIO [--as-is] [NAME…]      those cases, or all of that place
    pitfalls.py --list                                       their names
    pitfalls.py --docs FILE                                  the table of all that was measured
A line a case: `pitfall value ok|SHORT`. Exit status 1 if any is SHORT: if the test passed without the handling, failed for another
reason, or failed with it. Those of a scenario run in its lab, prepared here unless it is there as it is.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

from case import ROOT, UNIT, Case
from rows import CASES, ROWS

sys.path.insert(0, str(ROOT / "tools"))
import tree

LOGS = ROOT / ".build" / "log"
KEPT = Path(__file__).with_name("seen.json")      # with the sources: the page is made of it
TREE = ROOT / ".build" / "pitfalls"
COPY = TREE / "ansible_collections" / "lvs" / "cluster"
SHARED = ("venv", "checkers")      # of .build, which the copy has too


def copied(cases: list[Case]) -> None:
    """The copy of the collection, without the handling of these."""
    tree.copy(tree.files(), COPY, keep=(".build",))
    build = COPY / ".build"
    (build / "tree" / "ansible_collections" / "lvs").mkdir(parents=True, exist_ok=True)
    for link, target in [(build / name, ROOT / ".build" / name) for name in SHARED] + [(build / "tree/ansible_collections/lvs/cluster", COPY)]:
        if not link.is_symlink():
            link.symlink_to(target)
    for edit in dict.fromkeys(edit for case in cases for edit in case.edits):
        path = COPY / edit.file
        path.write_text(edit.taken_out(path.read_text()))


def asked(tests: list[str], lab: bool) -> tuple[int, str]:
    """(pytest's exit status, its output). Without a lab the tests are the copy's, and test the copy."""
    command = [str((ROOT if lab else COPY) / "tools/env"), "env", *(["PYTHONPATH=lab"] if lab else []),
               "python", "-m", "pytest", *(["-p", "lvslab.fixtures"] if lab else []), "--tb=short", "--no-header", "-rA", *tests]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout


def verdict(case: Case, out: tuple[int, str], untouched: bool | None) -> tuple[str, bool]:
    """out: what the tests said without the handling; untouched: whether they pass with it, None where that is not known yet."""
    status, output = out
    failed = status == 1 and re.search(r"^FAILED ", output, re.MULTILINE) is not None
    words = "red" if failed else "green" if status == 0 else "no-test"
    good = failed
    if failed and case.says and not re.search(case.says, output):
        words, good = "red-for-another-reason", False
    return f"{words}/{'green' if untouched else 'red'}", good and bool(untouched)


def without_a_lab(cases: list[Case]) -> dict[str, tuple[str, bool]]:
    copied([])
    untouched = asked(sorted({test for case in cases for test in case.tests}), lab=False)
    if untouched[0]:
        print(untouched[1])
    found = {}
    for case in cases:
        copied([case])
        seen = asked(list(case.tests), lab=False)
        found[case.name] = verdict(case, seen, untouched[0] == 0)
        tell(case, found[case.name], seen[1])
    return found


def in_a_lab(scenario: str, cases: list[Case], as_is: bool) -> dict[str, tuple[str, bool]]:
    from lvslab import trial
    from lvslab.playbook import play
    from lvslab.say import LabError

    def deployed() -> None:
        run = play("lvs.cluster.deploy", inventory=f"molecule/{scenario}/inventory", environment={"ANSIBLE_COLLECTIONS_PATH": str(TREE)}, check=False)
        print(f"# deploy: {run.seconds:.0f} s" + (", and it says that the cluster is not well" if run.status else ""), flush=True)
        (LOGS / "pitfalls-deploy.log").write_text(run.output)
        if not any(run.changed.values()):
            raise LabError("the deploy changed nothing, so nothing was taken out or put back: see .build/log/pitfalls-deploy.log")

    def ordered(commands: dict[str, str]) -> None:
        for host, command in commands.items():
            if host == "kernel":
                if trial.agent().run(command.split()):
                    raise LabError(f"the lab's kernel: {command} failed")
            else:
                trial.on(host, command)

    if not as_is:
        play(f"molecule/{scenario}/prepare.yml", inventory=f"molecule/{scenario}/inventory")
    seen = {}
    for turn in sorted({case.turn for case in cases}):
        together = sorted((case for case in cases if case.turn == turn), key=lambda case: case.last)
        copied(together)
        deployed()
        for case in together:
            ordered({**case.before, **case.clean})
            started = time.monotonic()
            seen[case.name] = asked(list(case.tests), lab=True)
            print(f"# {case.name}: {'passed' if seen[case.name][0] == 0 else 'failed'} without it, {time.monotonic() - started:.0f} s", flush=True)
    copied([])
    deployed()
    # What was learned without the handling, too
    trial.on("client", "ip neigh flush all")
    found = {}
    for case in cases:
        ordered(case.clean)
        whole = asked(list(case.tests), lab=True)
        found[case.name] = verdict(case, seen[case.name], whole[0] == 0)
        tell(case, found[case.name], seen[case.name][1] if whole[0] == 0 else whole[1])
    return found


def tell(case: Case, found: tuple[str, bool], output: str) -> None:
    value, good = found
    print(f"{case.name:30} {value:24} {'ok' if good else 'SHORT'}", flush=True)
    LOGS.mkdir(exist_ok=True)
    (LOGS / f"pitfall-{case.name}.log").write_text(output)


def kept() -> dict[str, dict[str, object]]:
    return json.loads(KEPT.read_text()) if KEPT.exists() else {}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--where", default=UNIT)
    parser.add_argument("--as-is", action="store_true", help="the lab is prepared already")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--docs", type=Path)
    options = parser.parse_args()
    if options.list:
        print("\n".join(f"{case.name:30} {case.where:12} {', '.join(case.tests)}" for case in CASES.values()))
        return 0
    if options.docs:
        from page import page
        options.docs.write_text(page(ROWS, kept()))
        return 0
    wrong = [name for name in options.names if name not in CASES]
    if wrong:
        print(f"no pitfall {', '.join(wrong)}; there are: {' '.join(CASES)}", file=sys.stderr)
        return 2
    cases = [case for case in CASES.values() if case.where == options.where and case.name in (options.names or CASES)]
    if not cases:
        return 0
    found = without_a_lab(cases) if options.where == UNIT else in_a_lab(options.where, cases, options.as_is)
    day = str(datetime.date.today())
    seen = {**kept(), **{name: {"value": value, "good": good, "day": day} for name, (value, good) in found.items()}}
    KEPT.write_text(json.dumps(seen, indent=1, sort_keys=True) + "\n")
    short = [name for name, (_value, good) in found.items() if not good]
    print(f"{len(found) - len(short)} of {len(found)} ok" + (f", SHORT: {' '.join(short)}" if short else ""), flush=True)
    return 1 if short else 0


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
