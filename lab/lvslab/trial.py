# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests and the demo do with a running lab: commands on its hosts, clients that watch, calls to the agent.

The process must run in the lab's management network (`lab run -- …`).
"""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

from lvslab.client import Agent, patience
from lvslab.say import LabError

PROBES = Path(__file__).parents[1] / "probes"
# Waits are written for a machine with nothing else to do; so much longer they may take on another one, and cost nothing where all is well
SLOWER = 3
PATIENT = 3.0  # seconds for one answer of a cluster that is left in peace


def folder() -> Path:
    """The run folder of the lab that this process is in."""
    if "LVS_LAB_FOLDER" not in os.environ:
        raise LabError("not inside a lab: start this by `lab run -- …`")
    return Path(os.environ["LVS_LAB_FOLDER"])


def _ssh(host: str, command: str) -> list[str]:
    control = Path("/run") / f"lvslab-{os.environ['LVS_LAB']}"
    control.mkdir(exist_ok=True)
    return ["ssh", "-F", str(folder() / "ssh_config"), "-o", "ControlMaster=auto", "-o", f"ControlPath={control}/t-%n", "-o", "ControlPersist=60",
            host, command]


def on(host: str, command: str, check: bool = True, seconds: float = 60.0) -> str:
    """Standard output of a shell command on a host."""
    done = subprocess.run(_ssh(host, command), capture_output=True, text=True, timeout=seconds * patience())
    if check and done.returncode:
        raise LabError(f"{host}: {command}: {done.returncode}: {done.stderr.strip()[-2000:]}")
    return done.stdout


def remote(host: str, command: str, talks: bool = False) -> subprocess.Popen:
    """A shell command on a host, at work in the background, with its words as text; `talks`: it can be told something."""
    return subprocess.Popen(_ssh(host, command), stdin=subprocess.PIPE if talks else subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def agent() -> Agent:
    return Agent()


class Probe:
    """A program of lab/probes at work on a host, in the background; `result()` waits for it and gives what it saw."""

    def __init__(self, probe: str, client: str, *words: object, **options: float | str) -> None:
        arguments = " ".join([*map(str, words), *(f"--{key} {value}" for key, value in options.items())])
        with open(PROBES / probe) as program:
            self.process = subprocess.Popen(_ssh(client, f"/usr/bin/python3 - {arguments}"), stdin=program,
                                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def result(self, seconds: float = 180.0) -> dict:
        output, words = self.process.communicate(timeout=seconds * patience())
        if self.process.returncode:
            raise LabError(f"the client's program ended with {self.process.returncode}: {words[-2000:]}")
        return json.loads(output)


class Watch(Probe):
    """A client that asks again and again (see http_watch.py)."""

    def __init__(self, client: str, address: str, port: int = 80, **options: float | str) -> None:
        super().__init__("http_watch.py", client, address, port, **options)


class HoldersWatch:
    """Who holds the addresses, every 10 ms, in the background; `result()` waits for it (see holders_watch.py)."""

    def __init__(self, hosts: list[str], addresses: list[str], seconds: float, until: str = "") -> None:
        self.lines: list[str] = []
        command = ["python3", str(PROBES / "holders_watch.py"), "--hosts", ",".join(hosts), "--addresses", ",".join(addresses), "--seconds", str(seconds)]
        command += ["--until", until] if until else []
        self.thread = threading.Thread(target=self._run, args=(command,), daemon=True)
        self.thread.start()

    def _run(self, command: list[str]) -> None:
        self.lines.append(agent().read(command))

    def result(self, seconds: float = 180.0) -> dict:
        self.thread.join(seconds)
        if not self.lines:
            raise LabError("the watch of the addresses gave no result")
        return json.loads(self.lines[0])


def watch(client: str, address: str, port: int = 80, **options: float) -> dict:
    """The same, in the foreground, where nothing is being broken meanwhile: patient with a machine that stands still for a moment."""
    return Watch(client, address, port, **{"timeout": PATIENT, **options}).result()


def eventually(question: Callable[[], object], seconds: float, every: float = 0.2) -> bool:
    """Whether it becomes true within so many seconds, on a slow machine SLOWER times as many."""
    limit = time.monotonic() + seconds * SLOWER * patience()
    while time.monotonic() < limit:
        if question():
            return True
        time.sleep(every)
    return bool(question())


def holders(address: str, hosts: tuple[str, ...] | list[str]) -> list[str]:
    """Those of the hosts that have the address on an interface now; a host without power has none."""
    states = agent().call("state_of_hosts")
    return [host for host in hosts if states[host] == "on"
            and f" {address}/" in on(host, "ip -o addr show", check=False)]


# What a play may change on a host: packages, files, units, addresses, routes, sysctls. Not: logs, counters, the modules of the shared kernel.
_FINGERPRINT = r"""
dpkg-query -W -f='package ${Package} ${Version} ${Status}\n'
find /etc /usr/libexec /usr/local /var/lib/lvs-cluster /run/lvs-cluster -xdev ! -type d -printf 'file %p %m %u %l\n' 2>/dev/null
find /etc /usr/libexec /usr/local /var/lib/lvs-cluster /run/lvs-cluster -xdev -type f -print0 2>/dev/null | xargs -0 sha256sum
systemctl list-units --type=service --state=running --no-legend --plain | awk '{print "running", $1}' | grep -v session
ip -o addr show | awk '{print "address", $2, $4}'
ip route show | sed 's/^/route /'
sysctl -a -r '^net[./]ipv[46][./](ip_forward|vs|conf[./](all|eth[0-9]+)[./](forwarding|send_redirects|promote_secondaries|rp_filter|arp_))' | sed 's/^/sysctl /'
getent passwd | sed 's/^/user /'
"""


def fingerprint(host: str) -> set[str]:
    """The host's state, a line per thing; the difference of two of them is what has changed in between."""
    return set(on(host, _FINGERPRINT, seconds=120).splitlines())
