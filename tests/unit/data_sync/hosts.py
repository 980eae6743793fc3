# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts of data sets as folders of this machine: the real program and the real rsync, with a stand-in for ssh between them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

PROGRAM = Path(__file__).resolve().parents[3] / "roles/lvs_data_sync/files/data_sync"

# ssh -i KEY ADDRESS COMMAND: what sshd would do on the host of that address with the key's forced command.
SSH = """#!{python} -ISB
import json, os, sys
words = sys.argv[1:]
key = os.path.basename(words[words.index("-i") + 1])
rest = words[words.index("-i") + 2:]
address, command = rest[0], " ".join(rest[1:])
host = {root!r} + "/" + address
if os.path.exists(host + "/down"):
    print("ssh: connect to host " + address + ": No route to host", file=sys.stderr)
    sys.exit(255)
os.environ["LVS_DATA_SYNC_CONFIG"] = host + "/config"
if key.endswith("-control"):
    os.execv(sys.executable, [sys.executable, {program!r}, "session", key[:-8]])
config = json.load(open(host + "/config/www.json"))
folder = config["store"] + "/releases" if config["releases"] else config["source_path"]
os.environ["SSH_ORIGINAL_COMMAND"] = command
# As sshd has it: rrsync shall not start by the Python of a virtual environment
os.environ["PATH"] = "/usr/bin:/bin"
for name in [name for name in os.environ if name.startswith("PYTHON")]:
    del os.environ[name]
if key == "by-hand" or os.path.exists(host + "/not-deployed-yet"):
    os.execvp("rrsync", ["rrsync", "-ro", folder])
os.execv("/usr/bin/python3", ["/usr/bin/python3", "-ISB", {program!r} + "/reader.py", folder])
"""

SET: dict[str, Any] = {
    "name": "www",
    "exclude": [],
    "owner": None,
    "group": None,
    "modes": None,
    "delete": True,
    "delete_limit": 1000,
    "conflicts": "overwrite",
    "backup_limit": 100,
    "bandwidth": None,
    "transport": "ssh",
    "interval": 600,
    "retries": True,
    "watched": False,
    "releases": None,
    "behind": None,
}


class Hosts:
    def __init__(self, root: Path, names: list[str], sources: list[str], **changes: Any) -> None:
        self.root = root
        places = [{"host": name, "address": name} for name in names]
        for name in names:
            host = root / name
            for folder in ("config", "sets/www/releases", "sets/www/backups", "served", "work"):
                (host / folder).mkdir(parents=True)
            own = {**SET, **changes, "me": name, "store": str(host / "sets/www"), "path": str(host / "served")}
            own["source_path"] = str(host / ("work" if own["releases"] else "served"))
            own["sources"] = [place for source in sources for place in places if place["host"] == source]
            own["targets"] = own["participants"] = places
            if own["behind"]:
                own["behind"] = {"limit": own["behind"], "file": str(host / "in-step")}
            (host / "config/www.json").write_text(json.dumps(own))
        stand_in = root / "ssh"
        stand_in.write_text(SSH.format(python=sys.executable, root=str(root), program=str(PROGRAM)))
        stand_in.chmod(0o755)
        self.ssh = str(stand_in)
        self.python = sys.executable

    def start(self, host: str, *words: str) -> subprocess.Popen[str]:
        own = {"LVS_DATA_SYNC_CONFIG": str(self.root / host / "config"), "LVS_DATA_SYNC_SSH": self.ssh}
        environment = {**os.environ, **own}
        command = [self.python, "-ISB", str(PROGRAM), words[0], "www", *words[1:]]
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.PIPE, text=True)

    def run(self, host: str, *words: str) -> dict[str, Any]:
        """The state after a run."""
        process = self.start(host, *words)
        output, errors = process.communicate(timeout=300)
        assert errors == "", errors
        return {**self.state(host), "said": output}

    def state(self, host: str) -> dict[str, Any]:
        path = self.root / host / "sets/www/state.json"
        return json.loads(path.read_text()) if path.exists() else {}

    def down(self, host: str, down: bool = True) -> None:
        mark = self.root / host / "down"
        if down:
            mark.touch()
        else:
            mark.unlink()

    def files(self, host: str, folder: str = "served") -> dict[str, str]:
        top = self.root / host / folder
        return {str(path.relative_to(top)): path.read_text() for path in sorted(top.rglob("*")) if path.is_file()}

    def current(self, host: str) -> dict[str, str]:
        return self.files(host, "sets/www/current/.")
