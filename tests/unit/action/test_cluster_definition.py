# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action plugin through a real ansible-playbook, on the inventories that are shipped, without a host to connect to."""

from __future__ import annotations

import base64
import json
import os
import re
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
# Processor seconds, on a slow machine too: what grows by the square takes minutes
SLOWEST = 30.0
MINIMAL = ROOT / "inventories" / "minimal"
COMPLETE = ROOT / "inventories" / "complete"
# The hosts have no address that answers; whoever tries to connect fails at once.
NO_CONNECTION = {"ANSIBLE_TRANSPORT": "ssh", "ANSIBLE_SSH_EXECUTABLE": "/bin/false"}


def processor_seconds() -> float:
    """Of the programs that were run: the time on the clock depends on what else the machine does."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.fixture
def play(tmp_path: Path) -> Any:
    """A function that runs a playbook (a path, or tasks for one) and returns (exit status, output, processor seconds)."""

    def run(inventory: Path, playbook: Path | list[dict[str, Any]], *arguments: str, hosts: str = "localhost", extra: Any = None) -> tuple[int, str, float]:
        if isinstance(playbook, list):
            path = tmp_path / "play.yml"
            path.write_text(yaml.safe_dump([{"hosts": hosts, "gather_facts": False, "tasks": playbook}]), encoding="utf-8")
            playbook = path
        if extra is not None:
            (tmp_path / "extra.yml").write_text(yaml.safe_dump(extra), encoding="utf-8")
            arguments = (*arguments, "-e", "@%s" % (tmp_path / "extra.yml"))
        command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(inventory), str(playbook), *arguments]
        environment = {
            **os.environ,
            **NO_CONNECTION,
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".build" / "tree"),
            "ANSIBLE_HOME": str(tmp_path / "home"),
            "ANSIBLE_LOCALHOST_WARNING": "0",
            "ANSIBLE_NOCOLOR": "1",
            "LC_ALL": "C.UTF-8",
        }
        begin = processor_seconds()
        done = subprocess.run(command, env=environment, cwd=tmp_path, text=True, capture_output=True, check=False, timeout=300)
        seconds = processor_seconds() - begin
        for host, encoded in re.findall(r"@@([^:@]+):([^@]+)@@", done.stdout):
            (tmp_path / ("result-%s.json" % host)).write_bytes(base64.b64decode(encoded))
        return done.returncode, done.stdout + done.stderr, seconds

    return run


def saved(tmp_path: Path, host: str = "localhost") -> dict[str, Any]:
    return json.loads((tmp_path / ("result-%s.json" % host)).read_text(encoding="utf-8"))


def asking(**arguments: Any) -> list[dict[str, Any]]:
    """Tasks that ask, and print the result where `saved` finds it: a module that writes a file would take half a second."""
    return [
        {"lvs.cluster.cluster_definition": arguments, "register": "asked", "ignore_errors": True},
        {"ansible.builtin.debug": {"msg": "@@{{ inventory_hostname }}:{{ asked | to_json | b64encode }}@@"}},
    ]


def test_show_prints_lines(play: Any) -> None:
    status, output, seconds = play(MINIMAL, ROOT / "playbooks" / "show.yml")
    assert status == 0, output
    lines = output.splitlines()
    assert "Cluster web" in lines
    assert "  192.0.2.100   public    :100 *   www" in lines
    assert "\\n" not in output
    # The plugin itself takes milliseconds; the rest is the start of ansible-playbook.
    assert seconds < SLOWEST, seconds


def test_the_minimal_inventory_is_short() -> None:
    text = (MINIMAL / "group_vars" / "lvs.yml").read_text(encoding="utf-8")
    assert len(text.replace("---\n", "").splitlines()) <= 12


def test_hosts_and_their_parts(play: Any, tmp_path: Path) -> None:
    status, output, _seconds = play(COMPLETE, asking(), hosts="shop-r2:intra-web1:backup1")
    assert status == 0, output
    assert set(saved(tmp_path, "shop-r2")["clusters"]) == {"shop", "intranet"}
    found = {host: saved(tmp_path, host) for host in ("shop-r2", "intra-web1", "backup1")}
    assert {host: result["part"] for host, result in found.items()} == {"shop-r2": "router", "intra-web1": "real_server", "backup1": None}
    assert [result["cluster"] and result["cluster"]["name"] for result in found.values()] == ["shop", "intranet", None]
    assert not any(result["changed"] for result in found.values())


def test_one_cluster_of_several_in_check_mode(play: Any, tmp_path: Path) -> None:
    status, output, _seconds = play(COMPLETE, asking(names=["intranet"]), "--check")
    assert status == 0, output
    assert list(saved(tmp_path)["clusters"]) == ["intranet"]
    assert "Cluster shop" not in saved(tmp_path)["text"]


@pytest.mark.parametrize("verb", ["show", "deploy", "verify", "remove"])
def test_no_cluster_anywhere_is_not_a_success(play: Any, tmp_path: Path, verb: str) -> None:
    inventory = tmp_path / "hosts.yml"
    inventory.write_text("all: {hosts: {a: , b: }, vars: {lvs_clusters: {name: web}}}", encoding="utf-8")
    status, output, _seconds = play(inventory, ROOT / "playbooks" / (verb + ".yml"))
    assert status == 2, output
    assert "lvs_cluster: no host of the inventory has this variable: put it into group_vars/all.yml" in output


def minimal(**changes: Any) -> dict[str, Any]:
    definition = yaml.safe_load((MINIMAL / "group_vars" / "lvs.yml").read_text(encoding="utf-8"))["lvs_cluster"]
    return {"lvs_cluster": {**definition, **changes}}


def test_all_problems_one_per_line(play: Any, tmp_path: Path) -> None:
    wrong = minimal(virtual_servers=[{"name": "www", "address": "192.0.2.100", "port": 70000, "schedular": "rr"}], routers={"hosts": ["r1", "r7"]})
    status, output, seconds = play(MINIMAL, ROOT / "playbooks" / "show.yml", extra=wrong)
    assert status == 2
    lines = output.splitlines()
    assert "  web: virtual_servers[0].port: 70000 is not a port (in www): give 1 to 65535" in lines
    assert "  web: virtual_servers[0].schedular: unknown key (in www): did you mean scheduler?" in lines
    assert any(line.startswith("  web: routers.hosts[1]: there is no host in the inventory named r7") for line in lines)
    assert seconds < SLOWEST
    play(MINIMAL, asking(), extra=wrong)
    result = saved(tmp_path)
    assert result["failed"] and not result["changed"]
    assert {"path": "web: virtual_servers[0].port", "message": "70000 is not a port (in www)", "remedy": "give 1 to 65535"} in result["problems"]


def test_templates_in_the_definition(play: Any, tmp_path: Path) -> None:
    servers = [{"name": "www", "address": "{{ vip }}", "port": "{{ vip_port }}"}]
    _status, output, _seconds = play(MINIMAL, asking(), extra={**minimal(virtual_servers=servers), "vip": "192.0.2.77", "vip_port": 8080})
    service = saved(tmp_path)["cluster"] or saved(tmp_path)["clusters"]["web"]
    assert (service["virtual_servers"][0]["address"], service["virtual_servers"][0]["port"]) == ("192.0.2.77", 8080), output


def test_an_undefined_variable_names_host_and_variable(play: Any, tmp_path: Path) -> None:
    play(MINIMAL, asking(), extra=minimal(name="{{ nowhere_defined }}"))
    result = saved(tmp_path)
    assert result["failed"]
    assert any("lvs_cluster of r1" in problem["path"] and "nowhere_defined" in problem["message"] for problem in result["problems"]), result


def test_unknown_name(play: Any, tmp_path: Path) -> None:
    play(COMPLETE, asking(names=["intranett"]))
    assert saved(tmp_path)["problems"] == [{"path": "names", "message": "there is no cluster intranett", "remedy": "did you mean intranet?"}]


def facts_of(addresses: dict[str, dict[str, str]]) -> list[dict[str, Any]]:
    """Tasks that set facts as setup would have gathered them."""
    every = {
        host: {
            "interfaces": list(interfaces),
            **{name: {"active": True, "device": name, "ipv4": {"address": address, "prefix": "24"}} for name, address in interfaces.items()},
        }
        for host, interfaces in addresses.items()
    }
    return [
        {
            "ansible.builtin.set_fact": {
                "cacheable": True,
                "interfaces": "{{ every[item].interfaces }}",
                "eth0": "{{ every[item].eth0 }}",
                "eth1": "{{ every[item].eth1 | default({}) }}",
            },
            "delegate_to": "{{ item }}",
            "delegate_facts": True,
            "loop": list(addresses),
            "vars": {"every": every},
        }
    ]


ADDRESSES = {
    "r1": {"eth0": "192.0.2.2", "eth1": "10.0.0.2"},
    "r2": {"eth0": "192.0.2.3", "eth1": "10.0.0.3"},
    "web1": {"eth0": "10.0.0.11"},
    "web2": {"eth0": "10.0.0.12"},
    "web3": {"eth0": "10.0.0.13"},
}


def test_stage_facts(play: Any, tmp_path: Path) -> None:
    status, output, _seconds = play(MINIMAL, [*facts_of(ADDRESSES), *asking(stage="facts")])
    assert status == 0, output
    cluster = saved(tmp_path)["clusters"]["web"]
    assert cluster["routers"][0]["networks"]["private"] == {"address": "10.0.0.2", "address6": None, "interface": "eth1"}
    assert [server["address"] for server in cluster["virtual_servers"][0]["real_servers"]] == ["10.0.0.11", "10.0.0.12", "10.0.0.13"]


def test_stage_facts_without_a_host(play: Any, tmp_path: Path) -> None:
    some = {host: interfaces for host, interfaces in ADDRESSES.items() if host != "web2"}
    play(MINIMAL, [*facts_of(some), *asking(stage="facts")])
    assert [problem["path"] for problem in saved(tmp_path)["problems"]] == ["web: real_servers (web2)"]


def test_stage_facts_partly(play: Any, tmp_path: Path) -> None:
    some = {host: interfaces for host, interfaces in ADDRESSES.items() if host not in ("r1", "web2")}
    status, output, _seconds = play(MINIMAL, [*facts_of(some), *asking(stage="facts", partial=True)])
    assert status == 0, output
    cluster = saved(tmp_path)["clusters"]["web"]
    assert ([router["networks"] == {} for router in cluster["routers"]], cluster["unresolved"]) == ([True, False], [])


def test_a_large_inventory_is_quick(play: Any, tmp_path: Path) -> None:
    names = ["s%d" % number for number in range(20)]
    inventory = tmp_path / "hosts.yml"
    children = {"lvs_routers": {"hosts": {"r1": None, "r2": None}}, "lvs_real_servers": {"hosts": dict.fromkeys(names)}}
    services = [
        {"name": "v%d" % n, "address": "198.18.1.%d" % (n + 1), "port": 80, "real_servers": [{"host": host, "weight": n + 1} for host in names]}
        for n in range(100)
    ]
    definition = {
        **minimal(virtual_servers=services)["lvs_cluster"],
        "networks": {"public": {"cidr": "198.18.0.0/16"}, "private": {"cidr": "10.0.0.0/24", "gateway": "10.0.0.254"}},
    }
    inventory.write_text(yaml.safe_dump({"all": {"children": children, "vars": {"lvs_cluster": definition}}}), encoding="utf-8")
    status, output, seconds = play(inventory, [{"lvs.cluster.cluster_definition": {}}])
    assert status == 0, output
    assert seconds < SLOWEST, seconds
    print("100 virtual servers x 20 real servers: %.2f s" % seconds)
