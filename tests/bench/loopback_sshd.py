# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real sshd on loopback, with keys that may run one command each: what lies between two hosts of a data set."""

from __future__ import annotations

import shlex
import socket
import subprocess
import time
from pathlib import Path

SSHD = "/usr/sbin/sshd"


class LoopbackSshd:
    """In a folder of its own. `program` is the ssh to call: `program -i KEY ANY_NAME WORDS`; every name is this machine."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(mode=0o700)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.make_key(root / "host_key")
        (root / "known_hosts").write_text("loopback " + (root / "host_key.pub").read_text())
        (root / "authorized_keys").touch(mode=0o600)
        (root / "sshd_config").write_text(
            f"ListenAddress 127.0.0.1\nPort {self.port}\nHostKey {root}/host_key\nPidFile none\nUsePAM no\nStrictModes no\n"
            f"AuthorizedKeysFile {root}/authorized_keys\nPasswordAuthentication no\nPermitRootLogin prohibit-password\nMaxStartups 100\n"
        )
        (root / "ssh_config").write_text(
            f"Host *\n HostName 127.0.0.1\n Port {self.port}\n HostKeyAlias loopback\n UserKnownHostsFile {root}/known_hosts\n"
            " BatchMode yes\n IdentitiesOnly yes\n StrictHostKeyChecking yes\n LogLevel ERROR\n"
        )
        self.program = f"ssh -F {root}/ssh_config"
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # sshd's own, which its package leaves to the init system
        self.process = subprocess.Popen([SSHD, "-D", "-e", "-f", str(root / "sshd_config")], stderr=open(root / "log", "w"))
        self._await_answer()

    def _await_answer(self) -> None:
        limit = time.monotonic() + 20
        while True:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
                    assert connection.recv(4) == b"SSH-"
                return
            except OSError:
                if time.monotonic() > limit:
                    raise RuntimeError((self.root / "log").read_text()) from None
                time.sleep(0.05)

    @staticmethod
    def make_key(path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)

    def allow(self, key: Path, command: list[str]) -> None:
        """Make that key, and let it run this command, whatever it asks for."""
        self.make_key(key)
        forced = shlex.join(command).replace('"', '\\"')
        with open(self.root / "authorized_keys", "a") as stream:
            stream.write(f'restrict,command="{forced}" {key.with_suffix(".pub").read_text()}')

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)
