# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of the documentation: what is done about each pitfall, and what was seen without it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from case import UNIT, Case, Row

HEAD = """# Pitfalls, and what holds their handling

What goes wrong in an LVS cluster that is set up by hand, what this collection does about it, and the test that holds it. Nothing
of it has to be switched on. For an operator the first two columns are a list of what to look for elsewhere; the rest is for
whoever changes this collection.

"Taken out: red" means: the handling was removed from a copy of the collection, and that test failed; with the handling it passed.
`make pitfalls` does all that again. "Red, by hand": the tests were run one by one, green before the handling was taken out and red after, but not by
that command, whose part in a lab was not run from start to end yet. The kernel of a test:

| written | means |
|---|---|
| lab | real packets, IPVS and keepalived (2.2.7 and 2.3.3), in the lab of the scenario `forwarding` |
| lab, nftables | the same in the lab of `firewall`, on a stock kernel |
| text | no kernel: the text of a configuration or of an error, or a program with a stand-in for the host |

| pitfall | what is done about it | test | taken out |
|---|---|---|---|
"""


def where(case: Case) -> str:
    return {UNIT: "text", "firewall": "lab, nftables"}.get(case.where, "lab")


def tests(case: Case) -> str:
    names = [test.rpartition("::")[2] if "::" in test else test.rpartition("/")[2] for test in case.tests]
    return f"`{case.name}` ({where(case)}): " + ", ".join(f"`{name}`" for name in names[-1:])


def seen(case: Case, measured: Mapping[str, Mapping[str, object]]) -> str:
    found = measured.get(case.name)
    if found is None:
        return "not run"
    return ("red, by hand" if found.get("by_hand") else "red") if found["good"] else f"**{found['value']}**"


def line(row: Row, measured: Mapping[str, Mapping[str, object]]) -> str:
    done = " ".join([row.done, row.note]).strip()
    if not row.cases:
        return f"| {row.pitfall} | {done} | | no |"
    return f"| {row.pitfall} | {done} | {'<br>'.join(map(tests, row.cases))} | {'<br>'.join(seen(case, measured) for case in row.cases)} |"


def page(rows: Sequence[Row], measured: Mapping[str, Mapping[str, object]]) -> str:
    cases = [case for row in rows for case in row.cases]
    red = sum(bool(measured.get(case.name, {}).get("good")) for case in cases)
    days = sorted({str(found["day"]) for found in measured.values()})
    tail = f"\n{red} of {len(cases)} handlings were taken out and seen red" + (f", last on {days[-1]}" if days else "") + ".\n"
    return HEAD + "\n".join(line(row, measured) for row in rows) + "\n" + tail
