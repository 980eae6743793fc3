# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`make test`: every step, each by its own make target; a table and the count at the end."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable

import tree
from steps import Step, chosen, run_all

# Begins in the first lane; the others' limits have more room for a machine that is busy
FIRST = {"default"}
# Not part of `make test` yet, and why
BY_HAND = {
    "forwarding": "it takes 17 to 27 min on a slow machine: changes under load, 62 tests of packets, a boot of the kernel and of every host",
    "health": "some 30 checks a second keep the lab's one processor busy: on a slow machine they starve the routers' keepalived",
    "heartbeat": "three routers, what they watch beside the heartbeat, every failure of a drill and the watchdog take 25 to 35 min",
    "data": "it takes 20 min; its last whole run failed in one test, whose cause is mended, and it was not run again",
    "maintenance": "boots under 50 requests a second and drains through failovers take 20 to 30 min",
    "storage": "a storage host that boots under load, real servers without it and the removal take 8 to 20 min",
}


def topology(scenario: str) -> str:
    return f"molecule/{scenario}/topology.toml"


def scenarios() -> tuple[dict[str, str], dict[str, str]]:
    """The molecule scenarios with the lab's kernel for each, `default` first; and those that are not run, with the reason and the command."""
    there = {path.parent.name for path in (tree.ROOT / "molecule").glob("*/molecule.yml")}
    served, left_out = {}, {}
    for name in ["default", *sorted(there - {"default"})]:
        asked = subprocess.run(["lab/lab", "kind", topology(name)], cwd=tree.ROOT, capture_output=True, text=True)
        if name in BY_HAND:
            left_out[name] = f"{BY_HAND[name]} (make scenario NAME={name})"
        elif asked.returncode == 0:
            served[name] = asked.stdout.strip()
        elif (tree.ROOT / topology(name)).exists():
            reason = asked.stderr.strip().splitlines()[-1].removeprefix("lab: ")
            left_out[name] = f"{reason} (LAB_KERNEL=vm make scenario NAME={name})"
        else:      # the step itself says it better
            served[name] = "uml"
    return served, left_out


def tell(left_out: dict[str, str]) -> None:
    for name, reason in left_out.items():
        print(f"NOT RUN: scenario-{name}: {reason}", flush=True)


def steps(served: Iterable[str]) -> list[Step]:
    return [
        Step("lint", ["make", "lint"], "about 30 s", aside=True),
        Step("unit", ["env", "LVS_SKIPS=fail", "make", "unit"], "about 1 min", aside=True),
        Step("sanity", ["make", "sanity"], "about 1 min the first time, then 10 s", aside=True),
        Step("build", ["make", "build"], "builds, installs offline, compares with the tree", aside=True),
        # A lab of its own, on the processor that the scenario beside it leaves
        Step("lab-test", ["make", "lab-test"], "the lab itself", aside=True),
        Step("integration", ["env", "LVS_SKIPS=fail", "make", "integration"], "modules on a real kernel"),
        *(Step(f"scenario-{name}", ["make", "scenario", f"NAME={name}"], "molecule", aside=name not in FIRST) for name in served),
        Step("demo", ["make", "demo"], "what an operator sees"),
    ]


if __name__ == "__main__":
    # What installs on the machine comes first, alone: apt has one lock.
    if run_all("set-up", [Step("checkers", ["make", "checkers"], "about 1 min the first time"),
                          Step("lab-fetch", ["make", "lab-fetch"], "about 2 min the first time")]):
        sys.exit(1)
    served, left_out = scenarios()
    fetched = [Step(f"lab-fetch-{name}", ["lab/lab", "fetch", topology(name)], "a kernel with nf_tables") for name in served if served[name] == "vm"]
    if fetched and run_all("set-up", fetched):
        sys.exit(1)
    tell(left_out)
    status = run_all("test", chosen(steps(served), sys.argv[1:]))
    tell(left_out)
    sys.exit(status)
