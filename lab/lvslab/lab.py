# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One lab: started, used, stopped. Everything it makes on the machine: a network namespace, one process tree, its run folder."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import time
import tomllib
from collections.abc import Iterable
from pathlib import Path

from lvslab import access, client, hostkernel, install, kinds, packages, paths, process, roots, topology, uml
from lvslab.say import LabError, say, step

MACHINE_PREFIX = topology.MANAGEMENT.prefixlen


class Lab:
    def __init__(self, name: str) -> None:
        self.name = name
        self.namespace = f"lvslab-{name}"
        self.folder = paths.run_folder(name)
        self.sockets = Path("/run") / self.namespace      # short: the path of a socket has 107 bytes at most
        self.agent = client.Agent()

    @property
    def _owner(self) -> Path:
        """Names of namespaces are the machine's: of two clones of the project, the one that has the lab of this name."""
        return self.sockets / "folder"

    @property
    def handback(self) -> Path:
        """The only folder of the machine that the inside can write to."""
        return self.folder / "handback"

    def running(self) -> bool:
        return process.noted(self.folder / "pid") is not None

    def up(self, path: Path) -> None:
        """Start with this topology; a running lab with the same one is kept, with another one is refused."""
        wanted = topology.load(path)
        if self.running():
            if (self.folder / "topology.toml").read_text() != path.read_text():
                raise LabError(f"the lab {self.name} runs with another topology: `lab down` first, or LAB=another-name")
            say(f"{self.name} is running")
            self.enter()
            return
        self._see_that_it_is_ours()
        started = time.monotonic()
        kind = kinds.choose(wanted.nftables)
        fetch(kind, sorted({host.image for host in wanted.hosts.values()}))
        try:
            self._clean()
            self.sockets.mkdir()
            self._owner.write_text(str(self.folder))
            self.handback.mkdir(parents=True)
            shutil.copy(path, self.folder / "topology.toml")
            self._boot(kind, wanted)
        except BaseException:
            self.down()
            raise
        say(f"{self.name} is up after {time.monotonic() - started:.0f} s: {', '.join(wanted.hosts)}; it lives in {self.folder}")

    def _see_that_it_is_ours(self) -> None:
        owner = Path(self._owner.read_text()) if self._owner.exists() else self.folder
        if owner != self.folder and process.noted(owner / "pid") is not None:
            raise LabError(f"a lab {self.name} runs already, of another clone, in {owner}: choose LAB=another-name")

    def _boot(self, kind: str, wanted: topology.Topology) -> None:
        say(f"kernel: {kind}")
        subprocess.run(["ip", "netns", "add", self.namespace], check=True)
        machine_end = uml.TAP
        subprocess.run(["ip", "-n", self.namespace, "-batch", "-"], check=True, text=True, input="\n".join([
            "link set lo up", *([f"tuntap add {machine_end} mode tap"] if kinds.has_tap(kind) else []),
        ]) + "\n")
        with step("booting the lab's kernel"):
            process.note(self.folder / "pid", kinds.start(kind, self.folder, self.namespace))
            lines = [f"addr add {topology.MACHINE_ADDRESS}/{MACHINE_PREFIX} dev {machine_end}", f"link set {machine_end} up"]
            lines += [f"route add {network.cidr} via {topology.KERNEL_ADDRESS}" for network in wanted.networks.values()]
            subprocess.run(["ip", "-n", self.namespace, "-batch", "-"], check=True, text=True, input="\n".join(lines) + "\n")
            self.enter()
            self._wait_for_agent()
        public_key = access.write(self.folder, wanted)
        with step(f"booting {len(wanted.hosts)} hosts"):
            self.agent.call("build", topology=tomllib.loads((self.folder / "topology.toml").read_text()), public_key=public_key)
            self.agent.call("wait_up")

    def _wait_for_agent(self, seconds: float = 60.0) -> None:
        limit = time.monotonic() + seconds * client.patience()
        while not self.agent.answers():
            if not self.running() or time.monotonic() > limit:
                console = (self.folder / "console.log").read_text(errors="replace")[-2000:]
                raise LabError(f"the kernel did not come up; its last words:\n{console}")
            time.sleep(0.1)

    def enter(self) -> None:
        """Move this process into the lab's management network."""
        if not self.running():
            raise LabError(f"no lab {self.name} is running: `lab up` starts it")
        os.environ[client.PATIENCE] = str(kinds.facts(self.folder)["patience"])
        client.enter(self.namespace)

    def environment(self) -> dict[str, str]:
        """What commands on the machine need to reach the hosts."""
        return {
            "LVS_LAB": self.name, "LVS_LAB_FOLDER": str(self.folder), client.PATIENCE: str(client.patience()),
            "ANSIBLE_INVENTORY": str(self.folder / "inventory.json"),
            "ANSIBLE_SSH_CONTROL_PATH_DIR": str(self.sockets), "ANSIBLE_PIPELINING": "true", "ANSIBLE_TIMEOUT": f"{10 * client.patience():.0f}",
            "PATH": f"{paths.PROJECT / '.build/venv/bin'}:{os.environ['PATH']}",
        }

    def down(self) -> None:
        """Stop everything and leave nothing: processes, namespace, run folder. The caches stay."""
        with process.undisturbed():
            self._clean()

    def _clean(self) -> None:
        """Also what a killed process has left: lingering SSH masters, a kernel that it had not yet written down."""
        self._see_that_it_is_ours()
        process.end_all(self.namespace, process.noted(self.folder / "pid"))      # its whole tree: unshare --kill-child
        subprocess.run(["ip", "netns", "del", self.namespace], stderr=subprocess.DEVNULL)
        hostkernel.stop(self.name)
        shutil.rmtree(self.sockets, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)


def fetch(kind: str, suites: Iterable[str]) -> None:
    """What a lab of this kind with these images needs: from the cache, or got now. Another start that needs the same waits for it."""
    paths.CACHE.mkdir(parents=True, exist_ok=True)
    with open(paths.CACHE / "fetching", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        install.ensure_programs(kind)
        kinds.fetch(kind)
        for suite in suites:
            roots.ensure(suite)
            kinds.fetch_image(kind, suite)
            packages.ensure(suite)


def running_labs() -> list[str]:
    """The names of the labs that run."""
    if not paths.RUNS.exists():
        return []
    return [folder.name for folder in sorted(paths.RUNS.iterdir()) if Lab(folder.name).running()]


def topology_of(lab: Lab) -> topology.Topology:
    return topology.parse(tomllib.loads((lab.folder / "topology.toml").read_text()), "topology")
