# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`make test`: every step, each by its own make target; a table and the count at the end."""

from __future__ import annotations

import sys

import tree
from steps import Step, chosen, run_all


def scenarios() -> list[str]:
    """The molecule scenarios, `default` first; it is expected even where it is missing."""
    there = {path.parent.name for path in (tree.ROOT / "molecule").glob("*/molecule.yml")}
    return ["default", *sorted(there - {"default"})]


def steps() -> list[Step]:
    return [
        Step("lint", ["make", "lint"], "about 30 s", aside=True),
        Step("unit", ["env", "LVS_SKIPS=fail", "make", "unit"], "about 1 min", aside=True),
        Step("sanity", ["make", "sanity"], "about 1 min the first time, then 10 s", aside=True),
        Step("build", ["make", "build"], "builds, installs offline, compares with the tree", aside=True),
        # A lab of its own, on the processor that the scenario beside it leaves
        Step("lab-test", ["make", "lab-test"], "the lab itself", aside=True),
        Step("integration", ["env", "LVS_SKIPS=fail", "make", "integration"], "modules on a real kernel"),
        *(Step(f"scenario-{name}", ["make", "scenario", f"NAME={name}"], "molecule") for name in scenarios()),
        Step("demo", ["make", "demo"], "what an operator sees"),
    ]


if __name__ == "__main__":
    # What installs on the machine comes first, alone: apt has one lock.
    if run_all("set-up", [Step("checkers", ["make", "checkers"], "about 1 min the first time"),
                          Step("lab-fetch", ["make", "lab-fetch"], "about 2 min the first time")]):
        sys.exit(1)
    sys.exit(run_all("test", chosen(steps(), sys.argv[1:])))
