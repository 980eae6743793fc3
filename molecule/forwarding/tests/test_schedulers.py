# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The character of each scheduler, by who answered a client's connections. Five real servers, web1 to web5, with the weights 1 to 5."""

from __future__ import annotations

import itertools
import json
import re
import time
from collections import Counter

import pytest
from lvslab import trial

pytestmark = pytest.mark.lane("packets")
VIP = "192.0.2.106"
PORTS = {name: 7001 + number for number, name in enumerate(
    ["rr", "wrr", "lc", "wlc", "sed", "nq", "sh", "dh", "lblc", "lblcr", "ovf", "sh-port", "fo", "mh", "kept"])} | {"packets": 7000}
SERVERS = [f"web{number}" for number in range(1, 6)]
WEIGHTS = {server: number for number, server in enumerate(SERVERS, 1)}
SOURCES = [f"192.0.2.{number}" for number in range(128, 254)]


@pytest.fixture(scope="module")
def active() -> str:
    (router,) = trial.holders(VIP, ["r1", "r2"])
    assert trial.eventually(lambda: in_table(router, "fo") == in_table(router, "mh") == set(SERVERS), 20)
    return router


@pytest.fixture(scope="module", autouse=True)
def many_addresses():
    """The client answers for all of 192.0.2.128 to .255, without having each on an interface."""
    trial.on("client", "ip route replace local 192.0.2.128/25 dev lo")


@pytest.fixture(scope="module", autouse=True)
def kept(active, many_addresses):
    """(What two sources of one mask got, what a source of another got, when): asked first, so that others' time is the silence."""
    before = trial.on(active, "ipvsadm -L --timeout").split(":")[1].split()
    # Persistence outlasts the connections under it: UDP's are to end after 2 s instead of 5 min
    trial.on(active, "ipvsadm --set 0 0 2")
    yield servers("kept", "--udp --flows 3 --each 3", SOURCES[:2]), servers("kept", "--udp", SOURCES[16:17]), time.monotonic()
    trial.on(active, f"ipvsadm --set {' '.join(before)}")


def in_table(router: str, service: str) -> set[str]:
    """The real servers that a TCP service has now."""
    return {f"web{number}" for number in re.findall(r"-> 10\.0\.0\.1(\d):7000", trial.on(router, f"ipvsadm -Ln -t {VIP}:{PORTS[service]}"))}


def answers(service: str, options: str, sources: list[str] | None = None) -> list[tuple[str, str | None]]:
    """(source, server) for each question; see lab/probes/choices.py."""
    chosen = f"--sources {','.join(sources)}" if sources else ""
    program = (trial.PROBES / "choices.py").read_text()
    output = trial.on("client", f"/usr/bin/python3 - {VIP} {PORTS[service]} {options} {chosen} <<'END'\n{program}\nEND")
    return [tuple(pair) for pair in json.loads(output)]


def servers(service: str, options: str, sources: list[str] | None = None) -> list[str | None]:
    return [server for _, server in answers(service, options, sources)]


def homes(service: str) -> dict[str, str | None]:
    """Each source's server."""
    return dict(answers(service, "", SOURCES))


def moves(chosen: list[str | None]) -> int:
    return sum(1 for one, other in itertools.pairwise(chosen) if one != other)


def test_rr_takes_turns_whatever_the_weights():
    assert Counter(servers("rr", "--each 50")) == dict.fromkeys(SERVERS, 10)


def test_wrr_shares_by_weight():
    assert Counter(servers("wrr", "--each 60")) == {server: 4 * weight for server, weight in WEIGHTS.items()}


def test_lc_levels_open_connections_whatever_the_weights():
    assert Counter(servers("lc", "--each 40 --hold")) == dict.fromkeys(SERVERS, 8)


def test_wlc_levels_open_connections_by_weight():
    assert Counter(servers("wlc", "--each 30 --hold")) == {server: 2 * weight for server, weight in WEIGHTS.items()}


def test_sed_spares_the_weakest_and_nq_leaves_nobody_idle():
    """Both end at the weights; what differs is the beginning."""
    sed, nq = (servers(service, "--each 15 --hold") for service in ("sed", "nq"))
    assert Counter(sed) == Counter(nq) == WEIGHTS
    assert Counter(sed[:10]) == {server: weight - 1 for server, weight in WEIGHTS.items() if weight > 1}
    assert set(nq[:5]) == set(SERVERS)


def test_ovf_fills_the_heaviest_before_the_next():
    """The weight is the number of open connections that it may exceed by one."""
    chosen = servers("ovf", "--each 17 --hold")
    assert Counter(chosen) == {"web5": 6, "web4": 5, "web3": 4, "web2": 2}
    assert moves(chosen) == 3


def test_sh_keeps_a_source_with_its_server():
    first = homes("sh")
    assert set(first.values()) == set(SERVERS)
    assert homes("sh") == first
    assert len(set(servers("sh", "--each 20"))) == 1


def test_sh_port_counts_the_port_too():
    assert len(set(servers("sh-port", "--each 40")) & set(SERVERS)) >= 3


def test_dh_sends_a_destination_to_one_server_whoever_asks():
    """One destination: what it does with many needs a service by firewall mark."""
    assert len(set(homes("dh").values()) & set(SERVERS)) == len(set(homes("dh").values())) == 1


def test_lblc_and_lblcr_stay_with_the_server_of_a_destination_until_it_is_overloaded():
    """One destination. Then lblc moves it to another server, and lblcr adds servers to its set and shares among them."""
    for service in ("lblc", "lblcr"):
        assert len(set(servers(service, "--each 20")) & set(SERVERS)) == 1, service
    lblc, lblcr = (servers(service, "--each 40 --hold") for service in ("lblc", "lblcr"))
    assert set(lblc) == set(lblcr) == set(SERVERS)
    assert moves(lblc) == 4
    assert moves(lblcr) > 10


def test_when_a_server_leaves_fo_takes_the_next_and_mh_moves_its_clients_alone(active):
    """The heaviest of five, by its health check."""
    before = homes("mh")
    assert set(before.values()) == set(SERVERS)
    assert homes("mh") == before
    assert set(servers("fo", "--each 10")) == {"web5"}
    trial.on("web5", "systemctl stop responder")
    try:
        assert trial.eventually(lambda: in_table(active, "fo") == in_table(active, "mh") == set(SERVERS) - {"web5"}, 10)
        assert set(servers("fo", "--each 10")) == {"web4"}
        without = homes("mh")
    finally:
        trial.on("web5", "systemctl start responder")
    assert set(without.values()) == set(SERVERS) - {"web5"}
    theirs = [source for source, server in before.items() if server != "web5"]
    stayed = sum(without[source] == before[source] for source in theirs)
    assert trial.eventually(lambda: in_table(active, "fo") == in_table(active, "mh") == set(SERVERS), 10)
    assert set(servers("fo", "--each 10")) == {"web5"}
    again = homes("mh")
    back = sum(again[source] == before[source] for source in SOURCES)
    print(f"mh: {stayed} of {len(theirs)} clients of the others stayed; {back} of {len(SOURCES)} were where they had been when web5 was back")
    assert stayed >= 0.9 * len(theirs)
    # Not all of them: the kernel's table also goes by the order in which the servers joined
    assert back >= 0.9 * len(SOURCES)


def test_packets_of_one_flow_go_each_where_they_like():
    assert Counter(servers("packets", "--udp --each 30")) == dict.fromkeys(SERVERS[:3], 10)


def test_persistence_keeps_the_clients_of_a_mask_together_until_they_were_silent(kept):
    together, apart, asked = kept
    assert len(together) == 18
    assert len(set(together)) == len(set(apart)) == 1
    assert None not in together + apart
    assert set(together) != set(apart)
    time.sleep(max(0.0, asked + 7 - time.monotonic()))
    (moved,) = set(servers("kept", "--udp --flows 3", SOURCES[:1]))
    assert moved in SERVERS
    assert moved != together[0]
