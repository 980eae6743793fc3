# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading what a user gives: leniency, spellings, and every wrong argument with its path."""

from __future__ import annotations

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._model import plan, table
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report
from tests.unit.kernel.wrong_arguments import WRONG


def problems(raw):
    report = Report()
    given = table.read_services(raw, "services", report)
    if not report:
        plan.target([], given, "overridden", report)
    return report


@pytest.mark.parametrize(("raw", "path", "word"), WRONG)
def test_wrong_arguments_are_named_with_path_and_remedy(raw, path, word):
    found = problems(raw)
    assert path in [problem.path for problem in found]
    assert word in " ".join(str(problem) for problem in found if problem.path == path)
    assert all(problem.remedy for problem in found)


def test_there_are_at_least_40_of_them():
    assert len(WRONG) >= 40


def test_all_problems_are_told_at_once():
    raw = [services[0] for services, unused, unused2 in WRONG if isinstance(services[0], dict)]
    report = Report()
    table.read_services(raw, "services", report)
    assert len({problem.path for problem in report}) > 40


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ({"port": "80"}, {"port": 80}),
        ({"one_packet": "yes", "protocol": "udp"}, {"one_packet": True}),
        ({"scheduler": "sh", "scheduler_flags": "sh-port,sh-fallback"}, {"scheduler_flags": ["sh-fallback", "sh-port"]}),
        ({"scheduler": "mh", "scheduler_flags": ["flag-2"]}, {"scheduler_flags": ["mh-port"]}),
        ({"persistence_timeout": 5, "persistence_netmask": 24}, {"persistence_netmask": "255.255.255.0"}),
        ({"persistence_timeout": 5}, {"persistence_netmask": "255.255.255.255"}),
        ({"persistence_timeout": 0}, {"persistence_timeout": None, "persistence_netmask": None}),
        ({"address": "2001:DB8:0::1"}, {"address": "2001:db8::1", "family": "ipv6"}),
        ({"protocol": None, "destinations": None}, {"protocol": "tcp", "destinations": []}),
    ],
)
def test_spellings(given, plain):
    report = Report()
    services = table.read_services([dict({"address": "192.0.2.1", "port": 80}, **given)], "services", report)
    (service,) = plan.target([], services, "overridden", report)
    assert report == []
    assert {name: service[name] for name in plain} == plain


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ({}, {"port": 80, "forward": "nat", "weight": 1, "tunnel_type": None}),
        ({"forward": "tunnel"}, {"tunnel_type": "ipip", "tunnel_port": None, "tunnel_checksum": None}),
        ({"forward": "tunnel", "tunnel_type": "gre"}, {"tunnel_checksum": "nocsum"}),
    ],
)
def test_defaults_of_destinations(given, plain):
    service = table.read_service({"address": "192.0.2.1", "port": 80}, "", Report())
    row = table.complete_destination(table.read_destination(dict(given, address="10.0.0.1"), service, "", Report()))
    assert {name: row[name] for name in plain} == plain


def test_a_destination_that_leaves_its_tunnel_forgets_it():
    have = dict(table.DESTINATION_DEFAULTS, address="10.0.0.1", port=80, forward="tunnel", tunnel_type="gue", tunnel_port=6080)
    have["tunnel_checksum"] = "remcsum"
    row = table.complete_destination({"address": "10.0.0.1", "port": 80, "forward": "nat"}, have)
    assert (row["tunnel_type"], row["tunnel_port"], row["tunnel_checksum"]) == (None, None, None)
    row = table.complete_destination({"address": "10.0.0.1", "port": 80, "tunnel_type": "gre"}, have)
    assert (row["tunnel_type"], row["tunnel_port"], row["tunnel_checksum"]) == ("gre", None, "nocsum")
