# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What lvs-prober costs: 2,000 dialogues a second on one core, and beside keepalived's own ways to check.

One line a figure: `figure value limit ok|SHORT`; exit status 1 if any is SHORT. `make bench-prober` runs both parts:

    prober.py              on the machine's kernel: 10,000 servers on loopback, each asked every 5 s
    prober.py --beside     in the lab's kernel, which has IPVS: the processor time of one check by lvs-prober, by keepalived
                           (HTTP_GET), and by a bash script that keepalived starts (MISC_CHECK), one after the other

Processor time is what /proc tells of the process and of the children that it has waited for; the number of checks is what the
servers have counted.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import multiprocessing
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
START = "import sys; sys.path.insert(0, %r); from _prober.__main__ import main; sys.exit(main(sys.argv[1:]))" % str(ROOT / "plugins/module_utils")
KEEPALIVED_ROOT = ROOT / ".build/checkers/bookworm"
PORT = 16379
TICKS = os.sysconf("SC_CLK_TCK")
short = False


def say(name, value, unit, least=None, most=None):
    global short
    well = (least is None or value >= least) and (most is None or value <= most)
    short = short or not well
    limit = "-" if least is None and most is None else "%.1f" % (most if least is None else least)
    print("%-58s %10.3f %-8s %9s %s" % (name, value, unit, limit, "ok" if well else "SHORT"), flush=True)


class Answering(asyncio.Protocol):
    """+PONG to a line, and an answer of HTTP to a request of HTTP."""

    counted = None

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        if data.startswith(b"GET"):
            self.transport.write(b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nwell\n")
            self.transport.close()
        else:
            self.transport.write(b"+PONG\r\n")
        Answering.counted.value += 1


def serve(counted, ready, core):
    if core is not None:
        os.sched_setaffinity(0, {core})
    Answering.counted = counted

    async def run():
        await asyncio.get_running_loop().create_server(Answering, "0.0.0.0", PORT, backlog=4096)
        ready.set()
        await asyncio.Event().wait()

    asyncio.run(run())


@contextlib.contextmanager
def servers(core=None):
    """The counter of their answers."""
    counted, ready = multiprocessing.Value("L", 0, lock=False), multiprocessing.Event()
    process = multiprocessing.Process(target=serve, args=(counted, ready, core), daemon=True)
    process.start()
    ready.wait(10)
    try:
        yield counted
    finally:
        process.terminate()
        process.join()


def configuration(addresses, interval):
    check = {
        "transport": "tcp", "steps": [{"send": "PING\\r\\n"}, {"expect": "+PONG"}], "match": "prefix", "interval": interval, "timeout": min(2, interval),
        "connect_timeout": min(2, interval), "limit": 16384, "warmup": interval, "fall": 2, "rise": 1, "reentry_delay": 0, "slow_start": 0, "start": "up",
    }  # fmt: skip
    probes = [{"id": "s%d" % number, "server": "s%d" % number, "services": ["redis"], "address": address, "port": PORT, "check": "ping", "weights": [100]}
              for number, address in enumerate(addresses)]  # fmt: skip
    return json.dumps({"version": 1, "checks": {"ping": check}, "probes": probes})


def usage(pid):
    """Processor seconds of a process, its threads, and the children that it has waited for."""
    fields = pathlib.Path("/proc/%d/stat" % pid).read_text().rpartition(")")[2].split()
    return sum(int(field) for field in fields[11:15]) / TICKS


def peak(pid):
    """Memory, in MB."""
    status = pathlib.Path("/proc/%d/status" % pid).read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


@contextlib.contextmanager
def prober(folder, text, core=None):
    (folder / "config.json").write_text(text)
    pin = (lambda: os.sched_setaffinity(0, {core})) if core is not None else None
    process = subprocess.Popen(["/usr/bin/python3", "-I", "-c", START, str(folder / "config.json"), str(folder)], stdout=subprocess.DEVNULL, preexec_fn=pin)
    try:
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def quantile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def state(folder):
    return json.loads((folder / "state.json").read_text())


def many(seconds, number_of_servers):
    """10,000 servers, asked every 5 s: 2,000 dialogues a second, on one core; the servers have the other."""
    cores = sorted(os.sched_getaffinity(0))
    addresses = ["127.1.%d.%d" % divmod(number, 250) for number in range(number_of_servers)]
    with tempfile.TemporaryDirectory(dir="/dev/shm") as scratch, servers(cores[-1]) as counted:
        folder = pathlib.Path(scratch)
        with prober(folder, configuration(addresses, 5), cores[0]) as pid:
            limit = time.monotonic() + 120
            while counted.value < 2 * len(addresses):  # the spread of the start is over
                if time.monotonic() > limit:
                    sys.exit("in 120 s the prober has asked %d times" % counted.value)
                time.sleep(0.5)
            before, answered, began = usage(pid), counted.value, time.monotonic()
            failed = state(folder)["failed_checks"]
            waits = []
            while time.monotonic() < began + seconds:
                time.sleep(5)
                waits += [entry["latency_ms"] for entry in state(folder)["probes"].values() if entry["good"]]
            passed, checks, cost = time.monotonic() - began, counted.value - answered, usage(pid) - before
            failed = state(folder)["failed_checks"] - failed
            say("prober: checks a second, %d servers" % number_of_servers, checks / passed, "/s", least=0.995 * number_of_servers / 5)
            say("prober: failed checks", failed, "", most=0)
            say("prober: checks that one core could make", checks / cost, "/s", least=2000)
            say("prober: processor time of a check", 1000 * cost / checks, "ms")
            say("prober: latency, median", statistics.median(waits), "ms")
            say("prober: jitter: latency, 99.9 per cent less median", quantile(waits, 0.999) - statistics.median(waits), "ms", most=100)
            say("prober: latency, longest", max(waits), "ms")
            say("prober: memory, peak", peak(pid), "MB", most=80)


def keepalived(folder, addresses, interval, check):
    """keepalived's configuration: one virtual server, with the check for each real server."""
    rows = "\n".join("real_server %s %d {\n weight 1\n %s }" % (address, PORT, check % {"address": address, "port": PORT}) for address in addresses)
    text = "global_defs {\n script_user root\n enable_script_security\n}\n"
    text += "virtual_server 10.255.0.1 80 {\n delay_loop %d\n lvs_method NAT\n protocol TCP\n%s\n}\n"
    (folder / "keepalived.conf").write_text(text % (interval, rows))


SCRIPT = """#!/bin/bash
exec 3<>/dev/tcp/$1/$2 || exit 1
printf 'PING\\r\\n' >&3
IFS= read -t 2 -r line <&3 && [[ $line == +PONG* ]]
"""
NATIVE = "HTTP_GET {\n url {\n path /\n status_code 200\n }\n connect_timeout 2\n }"
MISC = 'MISC_CHECK {\n misc_path "/mnt/script %(address)s %(port)s"\n misc_timeout 2\n }'


def measured(pid_of, counted, seconds):
    """Milliseconds of processor time a check."""
    time.sleep(4)
    before, answered = usage(pid_of), counted.value
    time.sleep(seconds)
    checks = counted.value - answered
    if not checks:
        sys.exit("no check has come to the servers")
    return 1000 * (usage(pid_of) - before) / checks, checks


def beside(seconds):
    """The same 40 servers every second, by each of the three."""
    addresses = ["10.1.0.%d" % number for number in range(1, 41)]
    subprocess.run(["ip", "-batch", "-"], check=True, text=True,
                   input="link set lo up\n" + "".join("addr replace %s/32 dev lo\n" % address for address in [*addresses, "10.255.0.1"]))  # fmt: skip
    found = {}
    with servers() as counted:
        with tempfile.TemporaryDirectory() as scratch, prober(pathlib.Path(scratch), configuration(addresses, 1)) as pid:
            found["lvs-prober, send and expect"] = measured(pid, counted, seconds)
        for name, check in (("keepalived, HTTP_GET", NATIVE), ("keepalived, a bash script a check (MISC_CHECK)", MISC)):
            with checker(addresses, check) as pid:
                found[name] = measured(pid, counted, seconds)
    for name, (cost, checks) in found.items():
        say("processor time of a check: " + name, cost, "ms")
        say("  checks a second", checks / seconds, "/s")
    own, _native, script = (cost for cost, _checks in found.values())
    say("a script costs so many times what lvs-prober costs", script / own, "", least=1)


@contextlib.contextmanager
def checker(addresses, check):
    """keepalived of the checkers' root with these checks: the pid of the process that makes them."""
    bench = KEEPALIVED_ROOT / "mnt"
    mounted = [KEEPALIVED_ROOT / name for name in ("mnt", "run", "tmp", "proc")]
    for where in mounted:
        kind = "proc" if where.name == "proc" else "tmpfs"
        subprocess.run(["mount", "-t", kind, kind, str(where)], check=True)
    subprocess.run(["mount", "--bind", "/dev", str(KEEPALIVED_ROOT / "dev")], check=True)
    (bench / "script").write_text(SCRIPT)
    (bench / "script").chmod(0o755)
    keepalived(bench, addresses, 1, check)
    command = ["chroot", str(KEEPALIVED_ROOT), "keepalived", "-n", "-l", "-C", "-f", "/mnt/keepalived.conf"]
    with open("/tmp/bench-keepalived.log", "a", encoding="utf-8") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        time.sleep(2)
        children = pathlib.Path("/proc/%d/task/%d/children" % (process.pid, process.pid)).read_text().split()
        if not children:
            sys.exit("keepalived did not start:\n" + pathlib.Path("/tmp/bench-keepalived.log").read_text()[-2000:])
        yield int(children[0])
    finally:
        process.terminate()
        process.wait(20)
        for where in [*mounted, KEEPALIVED_ROOT / "dev"]:
            subprocess.run(["umount", "-l", str(where)], check=True)


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--beside", action="store_true")
    options.add_argument("--seconds", type=int, default=20)
    options.add_argument("--servers", type=int, default=10000)
    asked = options.parse_args()
    if asked.beside:
        beside(asked.seconds)
    else:
        many(asked.seconds, asked.servers)
    sys.exit(short)
