# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client of a virtual server: asks again and again over new connections, keeps others open, and tells what was lost.

Its folder steers it: the file `phase` names what is being measured now, `stop` ends it. `started` is there as soon as it has begun.
"""
from __future__ import annotations

import os
import socket
import threading
import time

KEPT_EVERY = 0.5    # seconds between two requests on a connection that is kept
KEPT_PATIENCE = 30.0    # seconds that an answer on it may take: the client's own TCP tries for longer
EXAMPLES = 5        # failures that are told in words


def request(address, port, path, name, timeout):
    """One good answer over a new connection; without a path the connection alone. OSError or ValueError when there is none."""
    with socket.create_connection((address, port), timeout=timeout) as connection:
        connection.settimeout(timeout)
        if path is None:
            return
        connection.sendall(_words(path, name, "close"))
        data = b""
        while b"\r\n" not in data:
            more = connection.recv(65536)
            if not more:
                raise ValueError("closed without an answer")
            data += more
        _status(data)
        while connection.recv(65536):
            pass


def _words(path, name, connection):
    return ("GET %s HTTP/1.1\r\nHost: %s\r\nConnection: %s\r\n\r\n" % (path, name, connection)).encode()


def _status(head):
    line = head.split(b"\r\n")[0]
    if not line.startswith(b"HTTP/") or line[9:10] not in (b"2", b"3"):
        raise ValueError(line[:80].decode(errors="replace") or "no answer")


class Kept(threading.Thread):
    """One connection that stays open: a request on it every KEPT_EVERY seconds."""

    def __init__(self, address, port, path, name):
        super().__init__(daemon=True)
        self.place, self.path, self.name_ = (address, port), path, name
        self.ended = threading.Event()
        self.answers, self.refused, self.lost = 0, False, None

    def run(self):
        try:
            with socket.create_connection(self.place, timeout=KEPT_PATIENCE) as connection:
                stream = connection.makefile("rb")
                while not self.ended.wait(KEPT_EVERY):
                    connection.sendall(_words(self.path, self.name_, "keep-alive"))
                    if not self._answer(stream):
                        self.refused = self.answers == 1  # this server keeps no connections: nothing can be learnt from it
                        break
        except (OSError, ValueError) as error:
            self.lost = str(error) or type(error).__name__

    def _answer(self, stream):
        """Read one answer; whether the connection stays."""
        line = stream.readline()
        _status(line)
        fields = {}
        while line.strip():
            line = stream.readline()
            name, _colon, value = line.decode("latin-1").partition(":")
            fields[name.strip().lower()] = value.strip().lower()
        length = int(fields.get("content-length", "-1"))
        if length > 0:
            stream.read(length)
        self.answers += 1
        return length >= 0 and fields.get("connection") != "close"


class Phase:
    """What was seen while the phase had this name."""

    def __init__(self):
        self.asked, self.failed, self.longest, self.examples = 0, 0, 0.0, []

    def told(self):
        return {"asked": self.asked, "failed": self.failed, "outage_ms": round(self.longest * 1000), "failures": self.examples}


def watch(folder, address, port, path, name, interval, timeout, connections, seconds):
    """{"phases": {name: {"asked", "failed", "outage_ms", "failures"}}, "connections": {"of", "kept", "lost": [why]}, "seconds"}.

    outage_ms: the longest time between two good answers that ended in that phase, less the interval.
    """
    kept = [Kept(address, port, path, name) for _number in range(connections if path is not None else 0)]
    for one in kept:
        one.start()
    phases, started = {}, time.monotonic()
    last = started
    with open(os.path.join(folder, "started"), "w", encoding="ascii"):
        pass
    while time.monotonic() - started < seconds and not os.path.exists(os.path.join(folder, "stop")):
        begun = time.monotonic()
        phase = phases.setdefault(_phase(folder), Phase())
        phase.asked += 1
        try:
            request(address, port, path, name, timeout)
        except (OSError, ValueError) as error:
            phase.failed += 1
            if len(phase.examples) < EXAMPLES:
                phase.examples.append("after %.1f s: %s" % (begun - started, error or type(error).__name__))
            gap = time.monotonic() - last
        else:
            gap, last = time.monotonic() - last, time.monotonic()
        phase.longest = max(phase.longest, gap - interval)
        time.sleep(max(0.0, interval - (time.monotonic() - begun)))
    for one in kept:
        one.ended.set()
    for one in kept:
        one.join(2 * KEPT_EVERY)
    able = [one for one in kept if not one.refused]
    lost = [one.lost or "no answer" for one in able if one.lost or one.is_alive()]
    return {"phases": {word: phase.told() for word, phase in phases.items()}, "seconds": round(time.monotonic() - started, 1),
            "connections": {"of": len(able), "kept": len(able) - len(lost), "lost": lost}}


def _phase(folder):
    try:
        with open(os.path.join(folder, "phase"), encoding="utf-8") as stream:
            return stream.read().strip() or "before"
    except OSError:
        return "before"
