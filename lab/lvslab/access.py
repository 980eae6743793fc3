# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How people and tools reach the lab's hosts: SSH key, ssh_config, Ansible inventory; all in the lab's run folder."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from lvslab import paths
from lvslab.client import patience
from lvslab.topology import Topology


def write(folder: Path, topology: Topology) -> str:
    """Write them; return the public key."""
    key = folder / "id_ed25519"
    if not key.exists():
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "lvs-lab", "-f", str(key)], check=True)
    host_key = {suite: (paths.ROOTS / suite / "etc/ssh/ssh_host_ed25519_key.pub").read_text().split()[:2] for suite in
                {host.image for host in topology.hosts.values()}}
    known = [f"{host.management_address} {' '.join(host_key[host.image])}" for host in topology.hosts.values()]
    (folder / "known_hosts").write_text("\n".join(known) + "\n")
    blocks = [f"Host {host.name}\n  HostName {host.management_address}\n" for host in topology.hosts.values()]
    blocks.append(f"Host *\n  User root\n  IdentityFile {key}\n  IdentitiesOnly yes\n  UserKnownHostsFile {folder}/known_hosts\n"
                  f"  ConnectTimeout {10 * patience():.0f}\n  ServerAliveInterval {5 * patience():.0f}\n  ServerAliveCountMax 4\n  LogLevel ERROR\n")
    (folder / "ssh_config").write_text("\n".join(blocks))
    (folder / "inventory.json").write_text(json.dumps(inventory(folder, topology), indent=2) + "\n")
    return key.with_suffix(".pub").read_text()


def inventory(folder: Path, topology: Topology) -> dict:
    """Addresses and groups alone, as an Ansible YAML/JSON inventory; what the cluster is to be stands in another one."""
    hosts = {host.name: {"ansible_host": host.management_address} for host in topology.hosts.values()}
    return {"all": {
        "hosts": hosts,
        "vars": {
            "ansible_user": "root", "ansible_python_interpreter": "/usr/bin/python3",
            "ansible_ssh_common_args": f"-F {folder}/ssh_config",
        },
        "children": {group: {"hosts": dict.fromkeys(names, {})} for group, names in topology.groups().items()},
    }}
