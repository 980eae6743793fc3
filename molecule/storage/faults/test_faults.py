# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The storage goes: requests for its files fail in time, others go on, and all is well by itself when it is back. The removal is the last."""

from __future__ import annotations

import time

import pytest
from lvslab import trial
from lvslab.playbook import play

INVENTORY = "molecule/storage/inventory"


def ask(server: str, path: str, seconds: int = 60) -> tuple[str, float]:
    """(status of the answer, seconds)"""
    curl = f"curl -s -m {seconds} -o /dev/null -w '%{{http_code}} %{{time_total}}' http://127.0.0.1{path}"
    status, took = trial.on(server, curl, check=False, seconds=120).split()
    return status, float(took)


@pytest.fixture
def storage_is_there():
    yield
    if trial.agent().call("state_of_hosts")["storage"] == "off":
        trial.agent().call("power_on", host="storage")
        trial.agent().call("wait_up", hosts=["storage"])


CLIENTS = 5   # on each real server: fewer than its web server has workers, as each may have to wait
LOAD = ("rm -f /run/enough; for client in $(seq {clients}); do (until [ -e /run/enough ]; do curl -s -m 90 -o /dev/null -w '%{{http_code}} %{{time_total}}\\n' "
        "http://127.0.0.1/uploads/before; sleep 0.1; done) & done; wait")


def test_the_storage_host_boots_under_load(storage_is_there):
    """Declared is `fail`: a request gets its file, or an error (500) in time; never another answer, none hangs. A share with `wait`: no error,
    the file comes when the storage is back. Files of the server's own are served all the time. Nobody has to lend a hand."""
    trial.on("web1", "runuser -u www-data -- sh -c 'echo before >/srv/uploads/before; echo booked >/srv/ledger/entry; sync'")
    assert ask("web1", "/uploads/before")[0] == ask("web2", "/uploads/before")[0] == "200"
    # `wait` is for a share that is mounted: without its storage it can't be mounted
    assert trial.on("web2", "ls /srv/ledger").split() == ["entry"]
    loads = {server: trial.remote(server, LOAD.format(clients=CLIENTS)) for server in ("web1", "web2")}
    time.sleep(3)
    trial.agent().call("power_off", host="storage")
    began = time.monotonic()
    waiting = trial.remote("web2", "cat /srv/ledger/entry; echo status $?")
    status, took = ask("web1", "/uploads/before")
    own = [ask("web1", "/own/index.html") for _ in range(3)]
    print(f"| a request while the storage is away | {status} after {took:.1f} s |")
    print(f"| one for a file of the server's own then | {own[-1][0]} after {max(one[1] for one in own):.1f} s |")
    still_waiting = waiting.poll() is None
    trial.agent().call("power_on", host="storage")
    trial.agent().call("wait_up", hosts=["storage"])
    up = time.monotonic()
    assert trial.eventually(lambda: ask("web1", "/uploads/before")[0] == ask("web2", "/uploads/before")[0] == "200", 120)
    served = time.monotonic()
    assert trial.eventually(lambda: trial.on("web2", "timeout 60 runuser -u www-data -- sh -c 'echo after >/srv/uploads/after' && cat /srv/uploads/after",
                                             check=False).strip() == "after", 120)
    print(f"| the storage host boots | read again {served - up:.0f} s after it is up, written {time.monotonic() - up:.0f} s; in all {up - began:.0f} s away |")
    waited = waiting.communicate(timeout=180)[0].split()
    print(f"| a read of a share with `wait` | {waited[0]} {time.monotonic() - began:.0f} s after the storage went |")
    time.sleep(3)
    for server in loads:
        trial.on(server, "touch /run/enough")
    answers = [line.split() for load in loads.values() for line in load.communicate(timeout=180)[0].splitlines()]
    longest = max(float(seconds) for _status, seconds in answers)
    told = {one: sum(answer[0] == one for answer in answers) for one in sorted({answer[0] for answer in answers})}
    print(f"| {len(answers)} requests under load, by status | {told} | the longest took {longest:.1f} s |")
    # What a boot does while a share that waits is mounted is not tried here
    for server in loads:
        trial.on(server, "systemctl stop srv-ledger.mount", check=False)
    assert still_waiting and waited == ["booked", "status", "0"], (still_waiting, waited)
    assert status == "500", status
    assert len(answers) >= 60 and set(told) == {"200", "500"}, told
    assert longest < 90 and all(one[0] == "200" for one in own), (longest, own)
    assert trial.on("web1", "cat /srv/uploads/before").strip() == "before"


def test_a_real_server_boots_without_the_storage(storage_is_there):
    """It boots; the service that needs the share waits, and starts by itself when the storage is there."""
    trial.agent().call("power_off", host="storage")
    began = time.monotonic()
    trial.agent().call("reboot", host="web2")
    trial.agent().call("wait_up", hosts=["web2"])
    up = time.monotonic()
    asked = "systemctl is-active srv-uploads.automount multi-user.target"
    assert trial.eventually(lambda: trial.on("web2", asked, check=False).split() == ["active"] * 2, 90), \
        trial.on("web2", "systemctl list-jobs --no-pager; systemctl --failed --no-pager", check=False)
    print(f"| a real server boots without the storage | SSH after {up - began:.0f} s, booted after {time.monotonic() - began:.0f} s |")
    assert trial.on("web2", "systemctl is-active nginx", check=False).strip() != "active"
    trial.agent().call("power_on", host="storage")
    trial.agent().call("wait_up", hosts=["storage"])
    back = time.monotonic()
    assert trial.eventually(lambda: ask("web2", "/uploads/before")[0] == "200", 180), trial.on("web2", "journalctl -q -u nginx -n 20 --no-pager")
    print(f"| its service starts by itself | {time.monotonic() - back:.0f} s after the storage is back |")


def test_the_removal_in_check_mode_tells_what_it_would_do_and_does_nothing():
    run = play("lvs.cluster.remove", "--check", inventory=INVENTORY)
    assert set(run.changed) >= {"web1", "web2", "storage"}, run.output[-3000:]
    assert trial.on("web1", "cat /srv/uploads/before").strip() == "before"
    assert trial.on("storage", "exportfs -s | wc -l").strip() != "0"


def test_the_removal_leaves_the_files_and_nothing_else():
    run = play("lvs.cluster.remove", inventory=INVENTORY)
    for server in ("web1", "web2"):
        look = ("for path in uploads ledger scratch; do findmnt -rn /srv/$path; done; ls /etc/systemd/system | grep -E 'srv-|lvs-shared'; "
                "ls -d /etc/systemd/system/nginx.service.d 2>/dev/null; true")
        left = trial.on(server, look)
        assert left == "", f"{server}: {left}\n{run.output[-3000:]}"
        assert trial.on(server, "systemctl is-active nginx").strip() == "active"
    assert trial.on("storage", "cat /srv/disk/uploads/before; ls /etc/exports.d/lvs-cluster.exports 2>&1 | grep -c 'No such'").split() == ["before", "1"]
    for host in ("web1", "web2", "storage"):
        assert trial.on(host, "ls /var/lib/lvs-cluster 2>/dev/null | grep shared_storage; true") == "", f"{host} was not forgotten"
    assert play("lvs.cluster.remove", inventory=INVENTORY).changed == {}
