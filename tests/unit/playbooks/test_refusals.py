# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wrong definitions given to the playbook `deploy` itself: refused with path and remedy, and no host is connected to."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from ..model.samples import INVENTORY, MINIMAL, changed
from ..model.wrong import WRONG

ROOT = Path(__file__).resolve().parents[3]
DEPLOY = ROOT / "playbooks" / "deploy.yml"
CHOSEN = """unknown top-level key; unknown key of a virtual server; field of a later issue; list where a mapping belongs; no virtual servers;
name missing; host bits; gateway outside; overlapping networks; virtual router id 256; router not in the inventory; unknown group; one router;
six routers; dead time too short; bad address; VIP in no network; VIP outside its network; port 0; port 70000; duplicate service;
unknown scheduler; direct with another port; weight out of range; sorry server without port; empty group; empty list;
unknown pool; mixed families; bad check type; bad field; bad regular expression; external without command"""
SECONDS = 30.0  # processor seconds on a slow machine; on one of its time 2 to 3


class Case(NamedTuple):
    what: str
    inventory: dict[str, Any]
    words: list[str]        # all of them stand in one line of the output: path, what is wrong, remedy


class Outcome(NamedTuple):
    status: int
    seconds: float
    output: str
    connections: str


def inventory(*definitions: dict[str, Any]) -> dict[str, Any]:
    """The hosts of the unit tests' inventory; the first definition for all, further ones for hosts of their own with the same names and a prefix."""
    groups: dict[str, Any] = {}
    for number, definition in enumerate(definitions):
        prefix = "" if not number else "c%d_" % number
        children = {prefix + name: {"hosts": dict.fromkeys(prefix + host for host in hosts)} for name, hosts in INVENTORY["groups"].items()}
        groups["cluster%d" % number] = {"children": children, "vars": {"lvs_cluster": definition}}
    return {"all": {"children": groups}}


def other(**changes: Any) -> dict[str, Any]:
    """A second cluster with its own hosts and VIP beside the minimal one."""
    base = {"name": "other", "routers.group": "c1_lvs_routers", "real_servers.group": "c1_lvs_real_servers", "virtual_servers[0].address": "192.0.2.101"}
    return changed(MINIMAL, {**base, "networks.private": {"cidr": "10.9.0.0/24", "gateway": "10.9.0.254"}, **changes})


def cases() -> list[Case]:
    by_name = {case.what: case for case in WRONG}
    found = [by_name[what] for what in " ".join(CHOSEN.split()).split("; ")]
    result = [Case(case.what, inventory(changed(MINIMAL, case.changes)), ["%s: " % case.path, case.message, case.remedy]) for case in found]
    routed = changed(MINIMAL, {"networks.public.virtual_router_id": 7})
    pairs = {
        "clash of virtual router ids": (
            [routed, other(**{"networks.public.virtual_router_id": 7})],
            ["web: networks.public.virtual_router_id", "other: networks.public.virtual_router_id", "192.0.2.0/24, 7", "give one of them another number"],
        ),
        "clash of VIPs": (
            [MINIMAL, other(**{"virtual_servers[0].address": "192.0.2.100"})],
            ["web: virtual_servers[0].address", "other: virtual_servers[0].address", "192.0.2.100", "keep it in one"],
        ),
        "one name for two clusters": (
            [MINIMAL, other(name="web")],
            ["web: networks.private.cidr: ", "is not the same on all hosts", "name the second cluster differently"],
        ),
    }
    result += [Case(what, inventory(*definitions), words) for what, (definitions, words) in pairs.items()]
    return result


CASES = cases()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A folder, and an environment in which each attempt to connect is written to the file that RECORD names, and fails."""
    folder = tmp_path_factory.mktemp("refusals")
    ssh = folder / "ssh"
    ssh.write_text('#!/bin/sh\necho "$@" >>"$RECORD"\nexit 255\n', encoding="utf-8")
    ssh.chmod(0o755)
    return folder, {
        **{key: value for key, value in os.environ.items() if not key.startswith("ANSIBLE_")},
        "ANSIBLE_TRANSPORT": "ssh",
        "ANSIBLE_SSH_EXECUTABLE": str(ssh),
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".build" / "tree"),
        "ANSIBLE_CONFIG": str(ROOT / "tools" / "ansible.cfg"),
        "ANSIBLE_HOME": str(folder / "home"),
        "ANSIBLE_LOCAL_TEMP": str(folder / "tmp"),
        "ANSIBLE_NOCOLOR": "1",
        "LC_ALL": "C.UTF-8",
    }


def written(folder: Path, name: str, content: dict[str, Any]) -> Path:
    path = folder / (name + ".yml")
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def outcomes(world: tuple[Path, dict[str, str]]) -> dict[str, Outcome]:
    """All of CASES through deploy.yml, one process each."""
    folder, environment = world
    runs: list[dict[str, Any]] = []
    for number, case in enumerate(CASES):
        path = written(folder, "case%d" % number, case.inventory)
        runs.append(
            {
                "arguments": ["-i", str(path), str(DEPLOY)],
                "output": str(folder / ("output%d" % number)),
                "environment": {"RECORD": str(folder / ("record%d" % number))},
            }
        )
    program = Path(__file__).with_name("many_plays.py")
    done = subprocess.run([sys.executable, str(program)], env=environment, cwd=folder, input=json.dumps(runs), text=True, capture_output=True, timeout=300)
    assert done.returncode == 0, done.stderr
    found = {}
    for case, run, ended in zip(CASES, runs, json.loads(done.stdout), strict=True):
        record = Path(run["environment"]["RECORD"])
        connections = record.read_text(encoding="utf-8") if record.exists() else ""
        found[case.what] = Outcome(ended["status"], ended["seconds"], Path(run["output"]).read_text(encoding="utf-8"), connections)
    return found


@pytest.mark.parametrize("case", CASES, ids=[case.what for case in CASES])
def test_refused_before_any_connection(case: Case, outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes[case.what]
    assert outcome.status == 2, outcome.output
    assert "nothing was changed" in outcome.output
    assert any(all(words in line for words in case.words) for line in outcome.output.splitlines() if line.startswith("  ")), outcome.output
    assert outcome.connections == ""
    assert "TASK [Read the host]" not in outcome.output
    assert outcome.seconds < SECONDS


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 25
    assert len({case.what for case in CASES}) == len(CASES)


def alone(world: tuple[Path, dict[str, str]], name: str, content: dict[str, Any], *arguments: str, playbook: Path = DEPLOY) -> Outcome:
    """One run of ansible-playbook as a person starts it."""
    folder, environment = world
    record = folder / (name + ".record")
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(written(folder, name, content)), str(playbook), *arguments]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, env={**environment, "RECORD": str(record)}, cwd=folder, text=True, capture_output=True, timeout=300)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Outcome(done.returncode, seconds, done.stdout + done.stderr, record.read_text(encoding="utf-8") if record.exists() else "")


def test_the_whole_command_takes_no_longer(world: tuple[Path, dict[str, str]]) -> None:
    """With the imports that the runs above share. By processor time: the clock depends on what else the machine does."""
    outcome = alone(world, "alone", inventory(changed(MINIMAL, {"virtual_servers[0].port": 70000})))
    assert (outcome.status, outcome.connections) == (2, ""), outcome.output
    assert outcome.seconds < SECONDS


@pytest.mark.parametrize("definitions", [[MINIMAL], [MINIMAL, other()]], ids=["one cluster", "two clusters"])
def test_a_right_definition_is_connected_for(world: tuple[Path, dict[str, str]], definitions: list[dict[str, Any]]) -> None:
    """That no connection was seen above says something only if one would have been."""
    outcome = alone(world, "right%d" % len(definitions), inventory(*definitions))
    assert outcome.status != 0
    assert "nothing was changed" not in outcome.output
    asked = set(outcome.connections.split())
    for prefix in ["", "c1_"][: len(definitions)]:
        assert {prefix + host for host in ("r1", "r2", "web1", "web2", "web3")} <= asked


def test_a_limit_that_tears_the_routers_apart(world: tuple[Path, dict[str, str]]) -> None:
    outcome = alone(world, "limit", inventory(MINIMAL, other()), "--limit", "r1,web1")
    assert (outcome.status, outcome.connections) == (2, ""), outcome.output
    said = "The limit leaves out r2 of the cluster web: the routers of a cluster are changed together, so take both or none of r1, r2"
    assert said in outcome.output
    assert "virtual_servers" not in outcome.output  # not the whole cluster, in which nobody finds the reason


def test_a_host_left_out_that_can_not_be_read_is_named(world: tuple[Path, dict[str, str]]) -> None:
    """The routers and a real server are this machine, whose addresses do not fit either: nothing is changed on it."""
    content = inventory(MINIMAL)
    content["all"]["hosts"] = {host: {"ansible_connection": "local", "ansible_python_interpreter": sys.executable} for host in ("r1", "r2", "web2")}
    outcome = alone(world, "left-out", content, "--limit", "r1,r2")
    assert outcome.status == 2
    assert "web: real_servers (web1): there are no facts of web1: see that Ansible reaches it" in outcome.output, outcome.output
    assert "web: real_servers (web2): web2 has no address of its own" in outcome.output, "what was read of another one is kept"
    assert "PLAY [Prepare the routers" not in outcome.output


@pytest.mark.parametrize(
    ("playbook", "given", "words"),
    [
        # Read as 0 it would wait for no connection
        ("drain", {"lvs_deadline": "5m"}, "lvs_deadline is 5m: give seconds, such as 300"),
        ("rolling_update", {"lvs_deadline": "5m"}, "lvs_deadline is 5m: give seconds, such as 300"),
        # Noticed by nobody until the first server is drained and has booted
        ("rolling_update", {"lvs_healthy_within": "soon"}, "lvs_healthy_within is soon: give seconds, such as 120"),
        # All of them at once, for Ansible
        ("rolling_update", {"lvs_batch": 0}, "lvs_batch is 0: give how many at a time, such as 1 or 25%"),
        ("rolling_update", {"lvs_batch": "half"}, "lvs_batch is half: give how many at a time, such as 1 or 25%"),
    ],
)
def test_numbers_that_are_none_are_refused(world: tuple[Path, dict[str, str]], playbook: str, given: dict[str, Any], words: str) -> None:
    outcome = alone(world, "number", inventory(MINIMAL), "-e", json.dumps(given), "-e", "lvs_servers=web1", playbook=DEPLOY.with_name(playbook + ".yml"))
    assert outcome.status == 2
    assert (words in " ".join(outcome.output.split()), outcome.connections) == (True, ""), outcome.output


@pytest.mark.parametrize("given", [{"lvs_deadline": 2.5, "lvs_healthy_within": "60", "lvs_batch": [1, "25%"]}, {"lvs_batch": "2", "lvs_deadline": 0}, {}])
def test_numbers_that_are_some_are_not(world: tuple[Path, dict[str, str]], given: dict[str, Any]) -> None:
    outcome = alone(world, "numbers", inventory(MINIMAL), "-e", json.dumps(given), playbook=DEPLOY.with_name("rolling_update.yml"))
    assert outcome.connections, outcome.output
