# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans between random tables, carried out on the fake kernel, end in the table that was wanted."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.lvs.cluster.plugins.module_utils._kernel import changes, ipvs
from ansible_collections.lvs.cluster.plugins.module_utils._model import ipvsadm_parse, ipvsadm_text, plan, table
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report
from tests.unit.kernel.fake_kernel import FakeKernel
from tests.unit.kernel.tables import tables


def complete(raw, have=(), state="overridden"):
    report = Report()
    want = plan.target(have, table.read_services(raw, "services", report), state, report)
    assert report == []
    return want


@settings(max_examples=120, deadline=None)
@given(tables(), tables())
def test_from_any_table_to_any_other(first, second):
    kernel = FakeKernel()
    have, want = complete(first), complete(second)
    assert changes.execute(kernel, plan.difference([], have)) == []
    assert ipvs.read_table(kernel) == have
    operations = plan.difference(have, want)
    assert changes.execute(kernel, operations) == []
    assert ipvs.read_table(kernel) == want == plan.apply_to(have, operations)
    assert plan.difference(ipvs.read_table(kernel), want) == []


@settings(max_examples=80, deadline=None)
@given(tables(), tables(), st.sampled_from(plan.STATES), st.booleans())
def test_every_state_ends_and_stays(first, second, state, drain):
    have = complete(first)
    want = complete(second, have, state)
    after = plan.apply_to(have, plan.difference(have, want, drain))
    assert drain or after == want
    again = complete(second, after, state)
    assert plan.difference(after, again, drain) == []


@settings(max_examples=80, deadline=None)
@given(tables())
def test_text_and_back(raw):
    want = complete(raw)
    text = "\n".join(ipvsadm_text.lines(want))
    assert ipvsadm_parse.parse(text) == (want, [])
    assert ipvsadm_parse.render(want) == (text + "\n" if text else "", [])


@settings(max_examples=50, deadline=None)
@given(tables(), tables())
def test_commands_say_what_the_operations_do(first, second):
    """Carried out as text on a table as text, the lines give the same end."""
    have, want = complete(first), complete(second)
    lines = {}
    for line in ipvsadm_text.lines(have):
        lines[key_of(line)] = line
    for operation in plan.difference(have, want):
        line = ipvsadm_text.command(operation)[len("ipvsadm ") :]
        action, rest = line.split(" ", 1)
        key = key_of(line)
        if action in ("-D", "-d"):
            for name in [name for name in lines if name == key or (action == "-D" and name[0] == key[0])]:
                del lines[name]
        else:
            assert (action in ("-A", "-a")) == (key not in lines)
            lines[key] = {"-E": "-A", "-e": "-a"}.get(action, action) + " " + rest
    assert sorted(lines.values()) == sorted(ipvsadm_text.lines(want))


def key_of(line):
    """(what names the service, what names the destination or '') of a line without 'ipvsadm'."""
    words = line.split()
    service = " ".join(words[1:4]) if words[1] == "-f" and words[3:4] == ["-6"] else " ".join(words[1:3])
    return service, words[words.index("-r") + 1] if "-r" in words else ""


ONE = {"address": "192.0.2.1", "port": 80, "scheduler": "mh", "scheduler_flags": ["mh-port"], "persistence_timeout": 60}
ROWS = [{"address": "10.0.0.1", "weight": 5, "forward": "direct"}, {"address": "10.0.0.2", "weight": 7}]


def commands(have, raw, state, drain=False):
    have = complete(have)
    want = complete(raw, have, state)
    return [ipvsadm_text.command(operation) for operation in plan.difference(have, want, drain)]


@pytest.mark.parametrize(
    ("raw", "state", "drain", "expected"),
    [
        # What is left out stays, when merged …
        ({"destinations": [{"address": "10.0.0.1", "weight": 6}]}, "merged", False, ["-e -t 192.0.2.1:80 -r 10.0.0.1:80 -g -w 6"]),
        # … and the flags of one scheduler do not follow to another.
        ({"scheduler": "sh"}, "merged", False, ["-E -t 192.0.2.1:80 -s sh -p 60"]),
        ({"persistence_timeout": 0}, "merged", False, ["-E -t 192.0.2.1:80 -s mh -b mh-port"]),
        ({"scheduler_flags": []}, "merged", False, ["-E -t 192.0.2.1:80 -s mh -p 60"]),
        (
            dict(ONE, destinations=ROWS[:1]),
            "replaced",
            False,
            ["-d -t 192.0.2.1:80 -r 10.0.0.2:80"],
        ),
        (dict(ONE, destinations=ROWS[:1]), "replaced", True, ["-e -t 192.0.2.1:80 -r 10.0.0.2:80 -m -w 0"]),
        (
            {"port": 81},
            "overridden",
            False,
            ["-A -t 192.0.2.1:81 -s wlc", "-D -t 192.0.2.1:80"],
        ),
        ({}, "deleted", False, ["-D -t 192.0.2.1:80"]),
        ({"port": 81}, "deleted", False, []),
    ],
)
def test_states_by_example(raw, state, drain, expected):
    raw = dict({"address": "192.0.2.1", "port": 80}, **raw)
    assert commands([dict(ONE, destinations=ROWS)], [raw], state, drain) == ["ipvsadm " + line for line in expected]


def test_a_failed_service_hides_its_destinations_failures():
    want = complete([{"address": "192.0.2.1", "port": 80, "scheduler": "twos", "destinations": ROWS}])
    failures = changes.execute(FakeKernel(), plan.difference([], want))
    assert len(failures) == 3
    (root,) = changes.roots(failures)
    assert "no scheduler twos (module ip_vs_twos)" in str(root)
    assert not root.conflict
