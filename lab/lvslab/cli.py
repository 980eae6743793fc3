# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's command line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from lvslab import kinds, process, topology
from lvslab import lab as labs
from lvslab.say import LabError, say

TOPOLOGIES = Path(__file__).parents[1] / "topologies"
HELP = """A cluster of containers with systemd on a kernel with IPVS: the host's own where it has ip_vs, else User Mode Linux.

  lab up [TOPOLOGY]              start (default: topologies/default.toml)
  lab fetch [TOPOLOGY]           get all that labs need beforehand: programs, kernel, images, packages
  lab run -- COMMAND…            a command on this machine, in the lab's management network: ansible-playbook, ssh, pytest
  lab kernel -- COMMAND…         a command as root inside the lab's kernel
  lab ssh HOST [COMMAND…]        a shell, or a command, on a host
  lab kind [TOPOLOGY]            which kernel it would run on here (host, uml, vm); 2 and the reason where on none
  lab status                     what runs
  lab down                       stop; nothing stays but the caches
  lab power_off|power_on|reboot|freeze|thaw HOST
  lab cut HOST NETWORK [silent]  pull a cable (silent: the carrier stays, every packet is lost)
  lab slow HOST NETWORK MS · lab lossy HOST NETWORK PERCENT · lab mend HOST NETWORK
  lab wait_up [HOST…]            until SSH answers

LAB=name chooses among labs side by side (default: default). LAB_KERNEL=host|uml|vm chooses the kernel by hand
(vm: a stock kernel in a virtual machine, which has nf_tables).
"""


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(HELP)
        return 0
    lab = labs.Lab(os.environ.get("LAB", "default"))
    process.interrupt_on_signals()
    try:
        return command(lab, arguments[0], [a for i, a in enumerate(arguments[1:]) if not (i == 0 and a == "--")])
    except LabError as error:
        say(str(error))
        return 2
    except KeyboardInterrupt:
        say("interrupted")
        return 130


def topology_path(rest: list[str]) -> Path:
    name = rest[0] if rest else "default"
    return Path(name) if name.endswith(".toml") else TOPOLOGIES / f"{name}.toml"


def command(lab: labs.Lab, verb: str, rest: list[str]) -> int:
    if verb == "up":
        lab.up(topology_path(rest))
        return 0
    if verb == "down":
        lab.down()
        return 0
    if verb == "fetch":
        labs.fetch(kinds.choose(bool(rest) and topology.load(topology_path(rest)).nftables), topology.IMAGES)
        return 0
    if verb == "kind":
        print(kinds.choose(topology.load(topology_path(rest)).nftables))
        return 0
    if verb == "status":
        names = labs.running_labs()
        print("\n".join(names) if names else "no lab runs")
        return 0
    lab.enter()
    if verb in ("run", "kernel") and not rest:
        raise LabError(f"lab {verb} -- COMMAND…: the command is missing")
    if verb == "run":
        try:
            return subprocess.run(rest, env={**os.environ, **lab.environment()}).returncode
        except FileNotFoundError as error:
            raise LabError(f"there is no {error.filename}") from None
    if verb == "kernel":
        passed = {key: value for key, value in os.environ.items() if key.startswith(("PYTEST", "PYTHON", "LVS_"))}
        return lab.agent.run(rest, {**passed, "LVS_LAB_HANDBACK": str(lab.handback)})
    if verb in ("ssh", "shell"):
        return subprocess.run(["ssh", "-F", str(lab.folder / "ssh_config"), *rest]).returncode
    return call(lab, verb, rest)


def call(lab: labs.Lab, verb: str, rest: list[str]) -> int:
    """The calls of the agent, by name."""
    shapes = {"power_off": 1, "power_on": 1, "reboot": 1, "freeze": 1, "thaw": 1, "mend": 2, "slow": 3, "lossy": 3}
    if verb == "wait_up":
        lab.agent.call("wait_up", hosts=rest or None)
    elif verb == "cut" and (len(rest) == 2 or rest[2:] == ["silent"]):
        lab.agent.call("cut", host=rest[0], network_name=rest[1], carrier=rest[2:] != ["silent"])
    elif shapes.get(verb) == len(rest):
        keys = {1: ["host"], 2: ["host", "network_name"], 3: ["host", "network_name", {"slow": "milliseconds"}.get(verb, "percent")]}
        lab.agent.call(verb, **dict(zip(keys[len(rest)], rest)))
    else:
        raise LabError(f"what is `lab {verb} {' '.join(rest)}`? `lab help` tells")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
