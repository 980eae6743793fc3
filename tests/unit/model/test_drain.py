# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drained real servers: what stands in the files, what changes them, who must not go, and what is waited for."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._model import drain, drain_plan, drain_wait

NOTE = {"since": "2026-11-23T05:40:12Z", "reason": "kernel update"}
SERVERS = ("web1", "web2", "web3")


def service(name: str = "www", quorum: int = 1, **more: Any) -> dict[str, Any]:
    members = [{"name": server, "address": f"10.0.0.1{number}", "port": 80, "weight": 100, "forward": "nat"} for number, server in enumerate(SERVERS, 1)]
    port = 80 if name == "www" else 8080
    return {"name": name, "protocol": "tcp", "address": "192.0.2.100", "port": port, "firewall_mark": None, "family": 4,
            "quorum": {"servers": quorum, "hysteresis": 0}, "real_servers": members, **more}


def cluster(*services: dict[str, Any]) -> dict[str, Any]:
    return {"name": "web", "real_servers": [{"name": name} for name in (*SERVERS, "db1")], "virtual_servers": list(services or (service(), service("api")))}


def table(services: list[dict[str, Any]], **weights: int | None) -> list[dict[str, Any]]:
    """As the kernel has it; None: the server is not there."""
    return [
        {**{key: one[key] for key in ("protocol", "address", "port", "firewall_mark")}, "family": "ipv4",
         "destinations": [{"address": server["address"], "port": server["port"], "weight": weights.get(server["name"], 100)}
                          for server in one["real_servers"] if weights.get(server["name"], 100) is not None]}
        for one in services
    ]


def test_each_server_has_a_file_for_all_and_one_for_each_of_its_virtual_servers():
    assert drain.paths(cluster()) == [*(f"servers/{name}" for name in SERVERS), *(f"services/api/{name}" for name in SERVERS),
                                      *(f"services/www/{name}" for name in SERVERS)]


def test_a_note_survives_its_file_and_begins_with_the_number_that_keepalived_reads():
    assert drain.text(NOTE).splitlines()[0] == "-65534"
    assert drain.read(drain.text(NOTE)) == NOTE
    assert drain.read(drain.text({**NOTE, "reason": " two\nlines\t-1 "}))["reason"] == "two lines -1"


@pytest.mark.parametrize("weight", [1, 100, 65534])
def test_the_number_takes_any_weight_to_0_and_is_no_failed_check(weight):
    assert max(0, weight + drain.DRAINED) == 0
    assert drain.DRAINED > -65535, "keepalived takes -65535 and less for a failed check, and the server's connections with it"


@pytest.mark.parametrize(("content", "damaged"), [("0\n", False), (None, True), ("", True), ("garbage\n", True), ("0\nsince then\n", True)])
def test_what_keepalived_takes_for_not_drained_is(content, damaged):
    assert drain.read(content) is None
    assert drain.damaged(content) is damaged


def test_a_file_of_somebody_else_s_making_still_drains():
    assert drain.read("-100\n") == {"since": "", "reason": ""}
    assert drain.wording({"since": "", "reason": ""}) == "drained"
    assert drain.wording(NOTE) == "drained since 2026-11-23 05:40 UTC (kernel update)"


def test_drained_for_all_or_for_one():
    notes = {"servers/web1": NOTE, "services/www/web2": NOTE}
    assert [bool(drain.of(notes, *pair)) for pair in (("www", "web1"), ("api", "web1"), ("www", "web2"), ("api", "web2"))] == [True, True, True, False]


def test_what_is_drained_already_keeps_its_note():
    texts = {"servers/web1": drain.text(NOTE), "servers/web2": "0\n"}
    later = {"since": "2027-01-01T00:00:00Z", "reason": "other"}
    assert drain_plan.drained(texts, ["web1", "web2", "web3"], [], later) == {"servers/web2": drain.text(later), "servers/web3": drain.text(later)}
    assert drain_plan.drained({}, ["web1"], ["www", "api"], later) == {f"services/{name}/web1": drain.text(later) for name in ("www", "api")}


def test_undrained_as_a_whole_is_undrained_for_each():
    texts = {"servers/web1": drain.text(NOTE), "services/www/web1": drain.text(NOTE), "services/www/web2": drain.text(NOTE), "servers/web3": "0\n"}
    assert drain_plan.undrained(texts, ["web1", "web3"], [], "") == {"servers/web1": "0\n", "services/www/web1": "0\n"}
    assert drain_plan.undrained(texts, ["web1"], [], "other reason") == {}
    assert set(drain_plan.undrained(texts, ["web1"], [], " kernel  update")) == {"servers/web1", "services/www/web1"}


def test_drained_as_a_whole_is_not_undrained_for_one():
    with pytest.raises(ValueError, match=r"web1 is drained since 2026-11-23 05:40 UTC \(kernel update\) for all its virtual servers: undrain it without"):
        drain_plan.undrained({"servers/web1": drain.text(NOTE)}, ["web1"], ["www"], "")


@pytest.mark.parametrize(("quorum", "weights", "leaving", "refused"), [
    (1, {}, ["web1", "web2"], None),
    (1, {}, ["web1", "web2", "web3"], "www would be left with no real server, and needs 1 that serves"),
    (1, {"web2": 0, "web3": None}, ["web1"], "www would be left with no real server, and needs 1 that serves"),
    (1, {"web1": 0, "web2": 0, "web3": None}, ["web1"], None),     # it serves nobody already
    (1, {"web2": None}, ["web2"], None),                            # a dead one may go
    (2, {}, ["web1", "web2"], "www would be left with web3 alone, and needs 2 that serve"),
    (2, {}, ["web1"], None),
])
def test_the_last_ones_do_not_go(quorum, weights, leaving, refused):
    services = drain_plan.concerned(cluster(service(quorum=quorum)), leaving, [])
    notes = {drain.server_path(name): NOTE for name in leaving}
    assert drain_plan.refusals(services, table(services, **weights), notes) == ([refused] if refused else [])


def test_only_the_virtual_servers_that_have_the_server_count():
    other = service("api", real_servers=[{"name": "db1", "address": "10.0.0.20", "port": 80, "weight": 1, "forward": "nat"}])
    assert [one["name"] for one in drain_plan.concerned(cluster(service(), other), ["web1"], [])] == ["www"]
    assert [one["name"] for one in drain_plan.concerned(cluster(), ["web1"], ["api"])] == ["api"]


@pytest.mark.parametrize(("servers", "services", "words"), [
    (["wbe1"], [], "has no real server wbe1; did you mean web1"),
    (["web1"], ["wwww"], "has no virtual server wwww; did you mean www"),
    (["db1"], [], "db1 is no real server of any virtual server"),
])
def test_wrong_names_are_told(servers, services, words):
    problems = drain_plan.unknown(cluster(), servers, services)
    assert words in " ".join(str(problem) for problem in problems).replace(": did", "; did")
    assert not drain_plan.unknown(cluster(), ["web1"], ["www"])


def test_a_cluster_is_replaced_by_what_the_router_has_to_know():
    arguments = {"cluster": cluster(), "servers": ["web1"], "state": "drained"}
    taken, problems = drain_plan.take_cluster(arguments)
    assert (taken, problems) == (cluster(), [])
    assert arguments == {"servers": ["web1"], "state": "drained", "virtual_servers": drain_plan.concerned(cluster(), ["web1"], [])}
    assert [one["name"] for one in arguments["virtual_servers"]] == ["www", "api"]


def test_a_wrong_name_replaces_nothing_and_without_a_cluster_there_is_nothing_to_replace():
    arguments = {"cluster": cluster(), "servers": ["wbe1"]}
    _taken, problems = drain_plan.take_cluster(arguments)
    assert [problem.path for problem in problems] == ["servers"]
    assert "virtual_servers" not in arguments
    given = {"servers": ["web1"], "virtual_servers": [{"name": "www"}]}
    assert drain_plan.take_cluster(given) == (None, [])
    assert given == {"servers": ["web1"], "virtual_servers": [{"name": "www"}]}


def test_without_keepalived_the_table_gets_the_weights_itself():
    services = drain_plan.concerned(cluster(), ["web1", "web2"], [])
    before = table(services, web2=0, web3=7)
    after = drain_plan.reweighted(before, services, {"services/www/web1": NOTE}, ["web1", "web2"])
    assert [[row["weight"] for row in one["destinations"]] for one in after] == [[0, 100, 7], [100, 100, 7]]
    assert before[0]["destinations"][0]["weight"] == 100, "the table that was read stays as it is"


def row(**more: Any) -> dict[str, Any]:
    return {"real_server": "web1", "virtual_server": "www", "weight": 0, "declared_weight": 100, "drained": NOTE,
            "active_connections": 0, "inactive_connections": 0, "persistent_connections": 0, **more}


@pytest.mark.parametrize(("what", "persistent", "active", "one", "missing"), [
    ("no_connections", False, True, row(), ""),
    ("no_connections", False, True, row(active_connections=2, inactive_connections=1), "web1 in www: 2 active, 1 inactive, 0 persistent connections"),
    ("no_connections", False, True, row(inactive_connections=9, persistent_connections=1), ""),
    ("no_connections", True, True, row(persistent_connections=1), "web1 in www: 0 active, 0 inactive, 1 persistent connections"),
    ("no_connections", True, False, row(active_connections=2, persistent_connections=1), ""),
    ("healthy", False, True, row(weight=None), "web1 is out of www: its health check fails"),
    ("healthy", False, True, row(), ""),
    ("weight", False, True, row(), ""),
    ("weight", False, True, row(drained=None), "web1 has weight 0 in www: its health check fails"),
    ("weight", False, True, row(drained=None, weight=None), "web1 is out of www: its health check fails"),
    ("weight", False, True, row(drained=None, declared_weight=0), ""),
    ("weight", False, True, row(drained=None, weight=100), ""),
    ("nothing", True, True, row(active_connections=2), ""),
])
def test_what_is_waited_for(what, persistent, active, one, missing):
    assert drain_wait.waiting_for(what, persistent, {"active": active, "real_servers": [one]}) == ([missing] if missing else [])


def test_a_single_router_s_table_knows_who_is_drained():
    services = drain.with_drained(cluster()["virtual_servers"], {"services/www/web2": NOTE})
    assert [[server["weight"] for server in one["real_servers"]] for one in services] == [[100, 0, 100], [100, 100, 100]]
    contents = {f"{drain.FOLDER}/services/www/web2": drain.text(NOTE), f"{drain.FOLDER}/servers/web1": None}
    assert drain.notes_of(cluster(), contents) == {"services/www/web2": NOTE}
