# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""real_server_gateway on a scratch host: check mode says what the real run does, twice is once, absent is as before."""

from __future__ import annotations

import ipaddress
import json
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args

from ansible_collections.lvs.cluster.plugins.module_utils._host import network_managers
from ansible_collections.lvs.cluster.plugins.module_utils._module import real_server_gateway


class Host:
    """Addresses, a main routing table that `ip` reads and changes, and networkd for eth0."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.routes: list[dict[str, Any]] = [
            {"dst": "default", "gateway": "10.0.0.1", "dev": "eth0", "protocol": "dhcp", "metric": 100},
            {"dst": "10.0.0.0/24", "dev": "eth0", "protocol": "kernel", "scope": "link"},
            {"type": "blackhole", "dst": "203.0.113.0/24"},
            {"dst": "default", "gateway": "fe80::1", "dev": "eth0", "protocol": "ra", "metric": 1024},
            {"dst": "2001:db8:2::/64", "dev": "eth0", "protocol": "kernel", "metric": 256},
        ]
        self.log: list[str] = []
        self.cut_off: list[str] = []
        self.asked: list[str] = []  # families
        self.watched: str | None = None

    def run(self, argv: list[str]) -> tuple[int, str, str]:
        if argv[:2] == ["ip", "-json"]:
            if "address" in argv:
                local = {"family": "inet", "local": "10.0.0.11", "prefixlen": 24, "label": "eth0"}
                local6 = {"family": "inet6", "local": "2001:db8:2::11", "prefixlen": 64}
                return 0, json.dumps([{"ifname": "lo", "addr_info": []}, {"ifname": "eth0", "addr_info": [local, local6]}]), ""
            self.asked.append(argv[2])
            return 0, json.dumps([route for route in self.routes if self.family(route) == argv[2]]), ""
        self.log.append(" ".join(argv))
        if argv[0] == "ip":
            _ip, family, _route, verb, destination, *rest = argv
            words = dict(zip(rest[::2], rest[1::2]))
            shown = destination.removesuffix("/32").removesuffix("/128")
            if verb == "del" and not any(route["dst"] == shown and route.get("gateway") == words["via"] for route in self.routes):
                return 2, "", "RTNETLINK answers: No such process"
            self.routes = [route for route in self.routes if route["dst"] != shown]
            if verb == "replace":
                assert self.family({"dst": shown}) == family
                self.routes.append({"dst": shown, "gateway": words["via"], "dev": words["dev"], "protocol": "static"})
            if self.watched and self.way(self.watched) != "10.0.0.1":
                self.cut_off.append(" ".join(argv))
        return 0, "", ""

    @staticmethod
    def family(route: dict[str, Any]) -> str:
        return "-6" if ":" in route["dst"] + route.get("gateway", "") else "-4"

    def way(self, address: str) -> str | None:
        everywhere = "::/0" if ":" in address else "0.0.0.0/0"
        networks = [(ipaddress.ip_network(route["dst"].replace("default", everywhere)), route.get("gateway"))
                    for route in self.routes if (self.family(route) == "-6") == (":" in address)]
        fitting = [entry for entry in networks if ipaddress.ip_address(address) in entry[0]]
        return max(fitting, key=lambda entry: entry[0].prefixlen)[1]

    def state(self) -> Any:
        found = {str(path.relative_to(self.root)): path.read_text() for path in sorted(self.root.rglob("*")) if path.is_file()}
        return found, sorted(json.dumps(route, sort_keys=True) for route in self.routes)


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    made = Host(tmp_path)
    monkeypatch.setattr(real_server_gateway.commands, "runner", lambda module: made.run)
    monkeypatch.setattr(real_server_gateway.controller, "controller_address", lambda: made.watched)
    monkeypatch.setattr(network_managers, "manager_of", lambda interface: (network_managers.NETWORKD, "/run/systemd/network/eth0.network"))
    files_for = network_managers.files_for
    monkeypatch.setattr(network_managers, "files_for", lambda *given: {f"{tmp_path}{path}": state for path, state in files_for(*given).items()})
    return made


@pytest.fixture
def call(host: Host, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(check: bool = False, **arguments: Any) -> dict[str, Any]:
        full = {"memory": str(host.root / "memory/real_server.json"), "gateway": "10.0.0.254", **arguments, "_ansible_check_mode": check}
        with patch_module_args(full), pytest.raises(SystemExit):
            real_server_gateway.run_module()
        return json.loads(capsys.readouterr().out)

    return run


@pytest.mark.parametrize("controller", [None, "10.0.0.5", "198.51.100.7"])
def test_check_real_again_and_absent(host: Host, call: Any, controller: str | None) -> None:
    host.watched = controller if controller != "10.0.0.5" else None
    before = host.state()
    checked = call(check=True)
    assert host.state() == before
    assert host.log == []
    real = call()
    assert (real["changed"], real["diff"], real["routes"]) == (True, checked["diff"], checked["routes"])
    assert host.way("8.8.8.8") == host.way("200.0.0.1") == "10.0.0.254"
    after = host.state()
    again = call()
    assert (again["changed"], again["diff"]) == (False, [])
    assert host.state() == after
    gone = call(check=True, state="absent")
    assert call(state="absent")["diff"] == gone["diff"] != []
    assert host.state() == before
    assert not call(state="absent")["changed"]
    assert host.cut_off == []


def test_the_old_default_route_is_never_touched(host: Host, call: Any) -> None:
    host.watched = "198.51.100.7"
    call()
    call(state="absent")
    assert not any("default" in line or "0.0.0.0/0" in line for line in host.log)


def test_both_families_each_its_own_way_and_back(host: Host, call: Any) -> None:
    before = host.state()
    call(gateway6="2001:db8:2::fe")
    assert (host.way("8.8.8.8"), host.way("2001:db8:9::1"), host.way("fd00::1")) == ("10.0.0.254", "2001:db8:2::fe", "2001:db8:2::fe")
    assert not call(gateway6="2001:db8:2::fe")["changed"]
    assert call()["changed"], "IPv6 is no longer asked for"
    assert (host.way("8.8.8.8"), host.way("2001:db8:9::1")) == ("10.0.0.254", "fe80::1")
    call(gateway6="2001:db8:2::fe")
    assert call(state="absent")["changed"]
    assert host.state() == before


def test_a_controller_of_ipv6_is_not_cut_off(host: Host, call: Any) -> None:
    host.watched = "2001:db8:9::7"
    monitored = host.way
    host.way = lambda address: "10.0.0.1" if monitored("2001:db8:9::7") == "fe80::1" else "cut"  # type: ignore[method-assign]
    call(gateway=None, gateway6="2001:db8:2::fe")
    assert monitored("2001:db8:9::1") == "2001:db8:2::fe"
    call(state="absent")
    assert host.cut_off == []


def test_a_host_without_ipv6_is_not_asked_for_it(host: Host, call: Any) -> None:
    call()
    call(state="absent")
    assert set(host.asked) == {"-4"}


def test_a_lost_route_is_set_again(host: Host, call: Any) -> None:
    call()
    host.routes = [route for route in host.routes if route["dst"] != "128.0.0.0/1"]
    result = call()
    assert result["changed"]
    assert host.way("200.0.0.1") == "10.0.0.254"


def test_another_gateway_replaces_the_first(host: Host, call: Any) -> None:
    call()
    assert call(gateway="10.0.0.253")["changed"]
    assert host.way("8.8.8.8") == "10.0.0.253"
    assert not call(gateway="10.0.0.253")["changed"]


@pytest.mark.parametrize(("arguments", "word"), [({"gateway": "192.0.2.1"}, "no interface has an address"), ({"gateway": "nonsense"}, "nonsense"),
                                                 ({"interface": "eth7"}, "interface eth7"), ({"reachable": ["x"]}, "'x'")])
def test_what_cannot_be_is_an_error_before_any_change(host: Host, call: Any, arguments: dict[str, Any], word: str) -> None:
    before = host.state()
    result = call(**arguments)
    assert result["failed"]
    assert word in result["msg"]
    assert host.state() == before
