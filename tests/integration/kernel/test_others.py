# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Other people's changes: two tasks at once, a table that changes between reading and writing, a keepalived."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._kernel import changes, connection, errors, ipvs, owner

SERVICE = {"address": "192.0.2.1", "port": 80}


def rows(first, count=200):
    return [{"address": "10.%d.0.%d" % (first, number), "weight": 1} for number in range(1, count + 1)]


def start(services):
    """ipvs_services with state overridden in a process of its own, as Ansible starts it."""
    arguments = json.dumps({"ANSIBLE_MODULE_ARGS": {"services": services, "state": "overridden"}})
    program = (
        "import sys; from ansible.module_utils import basic\n"
        "basic._ANSIBLE_ARGS = sys.stdin.buffer.read(); basic._ANSIBLE_PROFILE = 'legacy'\n"
        "from ansible_collections.lvs.cluster.plugins.modules import ipvs_services; ipvs_services.main()"
    )
    process = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    process.stdin.write(arguments)
    process.stdin.close()
    return process


def test_two_tasks_at_once_end_in_one_of_the_two_tables(kernel):
    tables = [[dict(SERVICE, destinations=rows(first))] for first in (1, 2)]
    for _round in range(3):
        processes = [start(table) for table in tables]
        results = [json.loads(process.stdout.read()) for process in processes]
        assert [process.wait(60) for process in processes] == [0, 0], results
        saved = kernel.saved()
        assert len(saved) == 201
        assert len({line.split()[4].split(".")[1] for line in saved if line.startswith("-a")}) == 1


def test_a_change_between_reading_and_writing_is_planned_anew(kernel, monkeypatch):
    execute = changes.execute
    calls = []

    def after_somebody_else(opened, operations):
        calls.append(len(operations))
        if len(calls) == 1:
            kernel.ipvsadm("-A", "-t", "192.0.2.1:80", "-s", "rr")
            kernel.ipvsadm("-a", "-t", "192.0.2.1:80", "-r", "10.0.0.9:80", "-m")
        return execute(opened, operations)

    monkeypatch.setattr(changes, "execute", after_somebody_else)
    result = kernel.module("ipvs_services", services=[dict(SERVICE, destinations=rows(1, 2))], state="overridden")
    assert not result.get("failed"), result["msg"]
    assert len(calls) == 2
    assert kernel.saved() == [
        "-A -t 192.0.2.1:80 -s wlc",
        "-a -t 192.0.2.1:80 -r 10.1.0.1:80 -m -w 1",
        "-a -t 192.0.2.1:80 -r 10.1.0.2:80 -m -w 1",
    ]


def test_somebody_who_never_stops_is_told_of(kernel, monkeypatch):
    execute = changes.execute

    def after_somebody_else(opened, operations):
        kernel.ipvsadm("-C")
        return execute(opened, operations)

    kernel.ipvsadm("-A", "-t", "192.0.2.1:80", "-s", "rr")
    monkeypatch.setattr(changes, "execute", after_somebody_else)
    known = kernel.module("ipvs_info")["services"]
    monkeypatch.setattr(ipvs, "read_table", lambda opened: known)
    result = kernel.module("ipvs_service", scheduler="wrr", **SERVICE)
    assert result["failed"]
    assert "change the service tcp 192.0.2.1:80" in result["msg"] and "somebody else" in result["msg"]


def test_the_lock_is_waited_for_and_then_said(kernel):
    with owner.lock():
        with pytest.raises(errors.KernelError, match="another task"):
            with owner.lock(wait=0.2):
                pass
    with owner.lock(wait=0.2):
        pass


def test_a_keepalived_here_owns_the_table(kernel, tmp_path):
    program = tmp_path / "keepalived"
    shutil.copy(shutil.which("sleep"), program)
    process = subprocess.Popen([str(program), "60"])
    try:
        for name, arguments in (
            ("ipvs_service", SERVICE),
            ("ipvs_services", {"services": [SERVICE]}),
            ("ipvs_timeouts", {"tcp": 5}),
            ("ipvs_sync_daemon", {"role": "backup", "interface": "net0"}),
            ("vip", {"address": "192.0.2.9", "interface": "net0"}),
        ):
            message = kernel.fails(name, **arguments)
            assert "keepalived (process %d)" % process.pid in message and "force: true" in message
        assert not kernel.module("ipvs_info").get("failed")
        kernel.changes("ipvs_service", force=True, **SERVICE)
    finally:
        process.kill()
        process.wait()
    kernel.changes("ipvs_service", scheduler="rr", **SERVICE)


def test_only_root_may(kernel, as_nobody):
    def refused():
        with pytest.raises(errors.KernelError) as caught, connection.Connection() as opened:
            list(opened.dump(4))
        return caught.value.kind == "no_permission"

    assert as_nobody(refused)


def test_counters_can_be_zeroed_and_the_table_flushed(kernel):
    kernel.module("ipvs_service", **SERVICE)
    with connection.Connection() as opened:
        changes.zero(opened)
        changes.zero(opened, dict(SERVICE, protocol="tcp", firewall_mark=None, family="ipv4"))
        with pytest.raises(errors.KernelError, match="no such service"):
            changes.zero(opened, dict(SERVICE, port=81, protocol="tcp", firewall_mark=None, family="ipv4"))
        changes.flush(opened)
    assert kernel.saved() == []
