# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's agent: listens on the management network for calls (one JSON line each) and answers with JSON lines.

`{"call": "cut", "arguments": {"host": "r1", "network_name": "public"}}` → `{"result": {}}` or `{"error": "…"}`
`{"run": ["cmd", …], "cwd": "…", "env": {…}}` → `{"output": base64}`…, `{"exit": 0}`; ends with the caller.
"""

from __future__ import annotations

import base64
import json
import os
import select
import signal
import socketserver
import subprocess
import sys

from lvslab.inside.cluster import Cluster
from lvslab.inside.commands import run
from lvslab.topology import KERNEL_ADDRESS, MANAGEMENT

PORT = 7000


class Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        line = self.rfile.readline()
        if not line:      # somebody looked whether the agent answers
            return
        request = json.loads(line)
        if "run" in request:
            self._run(request)
        else:
            self._call(request)

    def _answer(self, **fields) -> None:
        self.wfile.write(json.dumps(fields).encode() + b"\n")
        self.wfile.flush()

    def _call(self, request: dict) -> None:
        try:
            function = self.server.cluster.calls()[request["call"]]
            self._answer(result=function(**request.get("arguments", {})))
        except Exception as error:      # the caller must hear of anything that goes wrong here
            self._answer(error=f"{type(error).__name__}: {error}" if not str(error) else str(error))

    def _run(self, request: dict) -> None:
        environment = {"PATH": os.environ["PATH"], "HOME": "/root", "LC_ALL": "C.UTF-8", **request.get("env", {})}
        try:
            process = subprocess.Popen(request["run"], cwd=request.get("cwd"), env=environment, stdin=subprocess.DEVNULL,
                                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
        except OSError as error:
            self._answer(output=base64.b64encode(f"{error}\n".encode()).decode())
            self._answer(exit=127)
            return
        try:
            self._stream(process)
        except OSError:      # the caller has gone: so has its command
            os.killpg(process.pid, signal.SIGKILL)
        finally:
            process.stdout.close()

    def _stream(self, process: subprocess.Popen) -> None:
        while True:
            ready, _, _ = select.select([process.stdout, self.connection], [], [])
            if self.connection in ready:
                raise ConnectionError("the caller has gone")
            data = os.read(process.stdout.fileno(), 65536)
            if not data:
                break
            self._answer(output=base64.b64encode(data).decode())
        code = process.wait()
        self._answer(exit=code if code >= 0 else 128 - code)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, cluster: Cluster, address: str) -> None:
        self.cluster = cluster
        super().__init__((address, PORT), Handler)


def main() -> None:
    uplink = sys.argv[1]
    # until the networks are built the uplink carries the address itself
    run("ip", "addr", "add", f"{KERNEL_ADDRESS}/{MANAGEMENT.prefixlen}", "dev", uplink)
    run("ip", "link", "set", uplink, "up")
    with Server(Cluster(uplink), "0.0.0.0") as server:
        server.serve_forever()


if __name__ == "__main__":
    main()
