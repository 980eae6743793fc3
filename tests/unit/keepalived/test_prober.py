# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""keepalived and lvs-prober are told of the same files, and the prober reads what it is given."""

from __future__ import annotations

import re

from ansible_collections.lvs.cluster.plugins.filter.detection_time import detection_time
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived import prober
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.render import render
from ansible_collections.lvs.cluster.plugins.module_utils._model.health import needs_prober
from ansible_collections.lvs.cluster.plugins.module_utils._prober.config import parse
from ansible_collections.lvs.cluster.plugins.module_utils._prober.dialogue import steps

from .cases import CASES, check_send_expect, cluster, load_feedback, vip_check


def test_every_file_that_keepalived_watches_is_one_that_the_prober_writes():
    whole = check_send_expect()
    config = parse(prober.configuration(whole, "r1"))
    written = {target.id for target in config.targets}
    written |= {f"{target.id}.w{weight}" for target in config.targets if config.checks[target.check].rules.slow_start for weight in target.weights}
    watched = set(re.findall(r'file "/run/lvs-prober/verdicts/([^"]+)"', render(whole, "r1")))
    assert watched == written
    assert len(written) == 9


def test_one_question_serves_all_virtual_servers_that_ask_the_same():
    config = parse(prober.configuration(check_send_expect(), "r1"))
    shared = [target for target in config.targets if len(target.services) == 2]
    assert [(target.server, target.services, target.port) for target in shared] == [(f"web{n}", ("redis", "cache"), 6379) for n in (1, 2, 3)]
    assert len(config.checks) == 2


def test_every_member_that_has_the_vip_is_asked_for_it_by_its_own_way():
    whole = vip_check()
    config = parse(prober.configuration(whole, "r1"))
    asked = [(target.services, target.server, config.checks[target.check].path) for target in config.targets]
    assert [(services, *path) for services, server, path in asked if server == "web1"] == [
        (("www",), "192.0.2.100", 80, True, "direct", None), (("far",), "192.0.2.101", 80, True, "gue", 6080),
        (("talk",), "192.0.2.102", 0, False, "direct", None)]
    assert len(asked) == 9
    watched = set(re.findall(r'file "/run/lvs-prober/verdicts/([^"]+)"', render(whole, "r1")))
    assert watched == {target.id for target in config.targets}
    assert detection_time(whole) == 12


def test_a_member_behind_nat_is_not_asked_for_the_vip():
    whole = vip_check()
    whole["virtual_servers"][0]["real_servers"][0]["forward"] = "nat"
    assert len(parse(prober.configuration(whole, "r1")).targets) == 8


def test_a_rolling_update_knows_how_long_a_dialogue_takes():
    assert detection_time(check_send_expect()) == 12


def test_no_prober_where_nothing_needs_it():
    assert not needs_prober(cluster())
    assert prober.configuration(cluster(), "r1") == ""
    assert [name for name, make in CASES.items() if needs_prober(make()[0])] == ["check_send_expect", "load_feedback", "vip_check"]


def test_what_follows_the_load_is_written_by_the_prober_too():
    whole = load_feedback()
    config = parse(prober.configuration(whole, "r1"))
    agents = {target.id: target for target in config.targets if config.checks[target.check].agent}
    assert [(target.server, target.port, target.services, target.weights) for target in agents.values()] == [
        *((f"web{n}", 9999, ("www", "shop"), (100,)) for n in (1, 2, 3)), *((f"web{n}", 80, ("api",), (100,)) for n in (1, 2, 3))]
    written = {f"{target.id}.w100" for target in agents.values()}
    watched = set(re.findall(r'file "/run/lvs-prober/verdicts/([^"]+)"', render(whole, "r1")))
    assert watched == written, "an agent gives no verdict"
    asked = next(config.checks[target.check] for target in agents.values() if target.services == ("api",))
    assert asked.header == "X-Load"
    assert steps(asked.steps, asked.match, "10.0.0.11", 80)[0].startswith(b"GET /load%41?x HTTP/1.0\r\nHost: 10.0.0.11\r\n")


def test_questions_come_from_each_router_s_own_address_in_the_network_and_the_files_are_the_same():
    whole = check_send_expect()
    for service in whole["virtual_servers"]:
        service["health_check"]["source_network"] = "private"
    first, second = (parse(prober.configuration(whole, host)) for host in ("r1", "r2"))
    assert {check.source for check in first.checks.values()} == {"10.0.0.2"}
    assert {check.source for check in second.checks.values()} == {"10.0.0.3"}
    assert [target.id for target in first.targets] == [target.id for target in second.targets]
    watched = set(re.findall(r'file "/run/lvs-prober/verdicts/([^".]+)"', render(whole, "r1")))
    assert watched == {target.id for target in first.targets}
