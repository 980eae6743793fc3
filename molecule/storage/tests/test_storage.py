# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one real server writes, the others read; the export is for them alone."""

from __future__ import annotations

import pytest
from lvslab import trial

SERVERS = ("web1", "web2")


@pytest.mark.parametrize(("writer", "reader"), [("web1", "web2"), ("web2", "web1")])
def test_what_one_writes_the_other_reads_at_once(writer, reader):
    """A new file that the reader has just looked for in vain, and then another text in it: no cache is in the way."""
    for number in range(3):
        name = f"{writer}-{number}"
        for text in ("first", "second"):
            before = trial.on(reader, f"curl -s http://127.0.0.1/uploads/{name}", check=False)
            assert text not in before, before
            trial.on(writer, f"runuser -u www-data -- sh -c 'echo {text} >/srv/uploads/{name}'")
            assert trial.on(reader, f"curl -s http://127.0.0.1/uploads/{name}").strip() == text


@pytest.mark.parametrize("server", SERVERS)
def test_it_is_mounted_as_declared(server):
    kind, options = trial.on(server, "findmnt -rn -t nfs4 -o FSTYPE,OPTIONS /srv/uploads").split()
    assert kind == "nfs4"
    for option in ("vers=4.2", "softerr", "timeo=30", "retrans=1", "lookupcache=pos", "nosuid", "nodev", "rw"):
        assert option in options.split(","), options


def test_one_that_shall_wait_is_mounted_so():
    """Its first access mounts it."""
    trial.on("web2", "ls /srv/ledger")
    options = trial.on("web2", "findmnt -rn -t nfs4 -o OPTIONS /srv/ledger").strip().split(",")
    assert "hard" in options and "softerr" not in options, options


def test_another_type_is_mounted_with_its_source_and_options_and_where_declared_alone():
    trial.on("web2", "echo kept >/srv/scratch/file")
    assert trial.on("web2", "findmnt -rn -t tmpfs -o SOURCE,FSTYPE /srv/scratch").split() == ["scratch", "tmpfs"]
    assert trial.on("web2", "findmnt -rn -t tmpfs -o OPTIONS /srv/scratch").count("size=3072k") == 1
    assert trial.on("web1", "systemctl cat srv-scratch.mount 2>&1 | grep -c Where; true").strip() == "0"


@pytest.mark.parametrize("host", ["web1", "storage"])
def test_the_domain_of_names_is_the_declared_one_on_both_sides(host):
    assert "Domain=lab.example" in trial.on(host, "cat /etc/idmapd.conf.d/lvs-cluster.conf")


def test_root_of_a_real_server_is_nobody_there():
    assert trial.on("web1", "touch /srv/uploads/of-root 2>&1; ls /srv/uploads/of-root 2>&1; true").count("denied") == 1


def test_nobody_else_may_mount_it():
    """The storage host itself, by its own address, is none of the real servers."""
    mount = "mkdir -p /mnt/try && timeout 30 mount -t nfs4 -o vers=4.2,retry=0 10.0.0.20:/srv/disk/uploads /mnt/try"
    said = trial.on("storage", f"{mount} 2>&1; echo status $?", check=False)
    assert "status 0" not in said, said


def test_the_server_listens_on_its_own_address_alone():
    listening = [line.split()[3] for line in trial.on("storage", "ss -ltnH 'sport = :2049'").splitlines()]
    assert listening == ["10.0.0.20:2049"], listening
    versions = trial.on("storage", "cat /proc/fs/nfsd/versions").split()
    assert {"-3", "-4.0", "+4.2"} <= set(versions), versions


FILES = 50
WRITE = "until [ -e /run/enough ]; do echo $(date) >/srv/uploads/cost/$n; n=$(( (n + 1) % {0} )); sleep 0.02; done"


def cost() -> dict:
    """Of files of 8 KB on the server's own disk and on the share, all of which were read before."""
    found = trial.Probe("read_cost.py", "web2", 80, FILES, 10, "/own/cost", "/uploads/cost").result()
    assert not any(one["wrong"] for one in found.values()), found
    return found


def test_what_a_read_costs_beside_one_of_the_own_disk():
    """Figures for the documentation; how fast the machine is decides nothing here."""
    made = f"mkdir -p {{0}}/cost && for n in $(seq 0 {FILES - 1}); do head -c 8000 /dev/urandom >{{0}}/cost/$n; done"
    trial.on("web2", made.format("/srv/own"))
    trial.on("web1", f"runuser -u www-data -- sh -c '{made.format('/srv/uploads')}'", seconds=120)
    idle = cost()
    trial.on("web1", "rm -f /run/enough")
    writer = trial.remote("web1", f"runuser -u www-data -- sh -c 'n=0; {WRITE.format(FILES)}'")
    try:
        busy = cost()
    finally:
        trial.on("web1", "touch /run/enough")
        writer.communicate(timeout=60)
    for what, found in (("nobody writes", idle), ("another server writes 50 times a second", busy)):
        for path, one in found.items():
            print(f"| {path}, {what} | {one['median_ms']} ms, 2 % longer than {one['slowest_ms']} ms | {one['rate']} a second, one after the other |")


def test_how_soon_a_write_is_seen_by_the_others():
    """By the clock of the lab, which all hosts share."""
    longest = 0.0
    trial.on("web1", "runuser -u www-data -- sh -c 'rm -f /srv/uploads/seen-*'")
    for number in range(5):
        look = f"until [ -s /srv/uploads/seen-{number} ]; do sleep 0.01; done; date +%s.%N"
        reader = trial.remote("web2", f"echo ready; {look}")
        assert reader.stdout.readline() == "ready\n"
        written = float(trial.on("web1", f"runuser -u www-data -- sh -c 'echo x >/srv/uploads/seen-{number}; date +%s.%N'"))
        longest = max(longest, float(reader.communicate(timeout=120)[0]) - written)
    print(f"| a write is seen by the other server | at most {max(longest, 0) * 1000:.0f} ms after it ended, five times |")
    assert longest < 5, longest
