# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's hosts and what can be done to them: the calls that the agent offers. One call does one thing."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable

from lvslab.inside import container, disk, network
from lvslab.inside.commands import Failed
from lvslab.topology import Host, Topology, parse

# How much longer than usual things may take on this kernel
PATIENCE = float(os.environ.get("LVS_LAB_PATIENCE", "1"))
AT_A_TIME = 2


class Cluster:
    """All hosts of the lab. State of a host: off, on, frozen."""

    def __init__(self, uplink: str) -> None:
        self.uplink = uplink
        self.topology = Topology({}, {})
        self.pids: dict[str, int] = {}
        self.state: dict[str, str] = {}
        self.lock = threading.RLock()

    def calls(self) -> dict[str, Callable]:
        return {name: getattr(self, name) for name in
                ("build", "state_of_hosts", "power_off", "power_on", "reboot", "freeze", "thaw", "cut", "mend", "slow", "lossy", "wait_up")}

    def build(self, topology: dict, public_key: str) -> dict:
        """Networks, disks, all hosts started; returns at once, wait_up waits. A slow kernel boots few at a time: systemd has time limits."""
        self.topology = parse(topology, "topology")
        network.create_networks(self.topology, self.uplink)
        for host in self.topology.hosts.values():
            disk.mount(host, self.topology, public_key)
            self.state[host.name] = "off"
            self.power_on(host.name)
            if PATIENCE > 1:
                self._wait_for_all_but(AT_A_TIME - 1, list(self.state))
        threading.Thread(target=self._watch, daemon=True).start()
        return {"hosts": list(self.topology.hosts)}

    def state_of_hosts(self) -> dict:
        return dict(self.state)

    def power_off(self, host: str) -> dict:
        """Pull the plug: links gone, every process dead, without a word to anybody."""
        with self.lock:
            found = self._host(host)
            self.state[host] = "off"
            network.unplug(found)
            if host in self.pids:      # else it is off, and process 0 would be the agent's own group
                container.kill(found, self.pids.pop(host))
        return {}

    def power_on(self, host: str) -> dict:
        """A new boot: fresh network namespace, empty /run, the disk as it was left."""
        with self.lock:
            found = self._host(host)
            if self.state[host] != "off":
                raise Failed(f"{host} is {self.state[host]}")
            network.plug_in(found)
            self.pids[host] = container.start(found)
            self.state[host] = "on"
        return {}

    def reboot(self, host: str) -> dict:
        with self.lock:
            self.power_off(host)
            return self.power_on(host)

    def freeze(self, host: str) -> dict:
        with self.lock:
            container.freeze(self._host(host))
            self.state[host] = "frozen"
        return {}

    def thaw(self, host: str) -> dict:
        with self.lock:
            container.thaw(self._host(host))
            self.state[host] = "on"
        return {}

    def cut(self, host: str, network_name: str, carrier: bool = True) -> dict:
        network.cut(self._cabled(host, network_name), network_name, carrier)
        return {}

    def mend(self, host: str, network_name: str) -> dict:
        network.mend(self._cabled(host, network_name), network_name)
        return {}

    def slow(self, host: str, network_name: str, milliseconds: float) -> dict:
        """Each packet waits so long, each way."""
        network.disturb(self._cabled(host, network_name), network_name, "delay", f"{float(milliseconds)}ms")
        return {}

    def lossy(self, host: str, network_name: str, percent: float) -> dict:
        """So many of a hundred packets are lost, each way."""
        network.disturb(self._cabled(host, network_name), network_name, "loss", f"{float(percent)}%")
        return {}

    def wait_up(self, hosts: list[str] | None = None, seconds: float = 120.0) -> dict:
        """Wait until sshd of each host answers; fails with the names of those that do not."""
        self._wait_for_all_but(0, hosts or list(self.topology.hosts), seconds)
        return {}

    def _wait_for_all_but(self, few: int, hosts: list[str], seconds: float = 120.0) -> None:
        waiting = [self._host(name) for name in hosts]
        limit = time.monotonic() + seconds * PATIENCE
        while len(waiting) > few and time.monotonic() < limit:
            waiting = [host for host in waiting if not _answers(host.management_address)]
            if len(waiting) > few:
                time.sleep(0.3 * PATIENCE)
        if len(waiting) > few:
            raise Failed(f"not up within {seconds * PATIENCE:.0f} s: {', '.join(host.name for host in waiting)}")

    def _host(self, name: str) -> Host:
        if name not in self.topology.hosts:
            raise Failed(f"no host {name}: there are {', '.join(self.topology.hosts)}")
        return self.topology.hosts[name]

    def _cabled(self, name: str, network_name: str) -> Host:
        host = self._host(name)
        if network_name not in network.cables(host):
            raise Failed(f"{name} has no interface in {network_name}: it has {', '.join(network.cables(host))}")
        return host

    def _watch(self) -> None:
        """A host whose init has ended by itself has rebooted: it boots again, as a machine does."""
        while True:
            time.sleep(0.5)
            with self.lock:
                for name, pid in list(self.pids.items()):
                    if self.state[name] == "on" and not container.alive(pid):
                        self.reboot(name)


def _answers(address: str) -> bool:
    try:
        # Each question starts an sshd: on a slow kernel many that nobody waits for any more would keep the host from ever answering
        with socket.create_connection((address, 22), timeout=0.5 if PATIENCE == 1 else 10 * PATIENCE) as connection:
            return connection.recv(4).startswith(b"SSH")
    except OSError:
        return False
