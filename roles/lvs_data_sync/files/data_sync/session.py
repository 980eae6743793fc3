# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a source may ask of a target over its restricted key: five words, one JSON object a line back. And the asking side.

now: sync at the next moment; state; stage RELEASE; switch RELEASE SINCE; releases.
The words come by standard input; what the client wanted to run is not looked at, so the key is good for nothing else.
"""
from __future__ import annotations

import json
import os
import queue
import shlex
import subprocess
import threading

import releases
import state
import transfer
from settings import Failed, others_before

LONGEST_LINE = 200


def serve(config, lines, answer):
    """Answer the words of one session. `answer` takes one text."""
    for line in iter(lambda: lines.readline(LONGEST_LINE), ""):
        words = line.split()
        try:
            found = _do(config, words)
        except (Failed, OSError, ValueError) as error:
            found = {"ok": False, "reason": str(error)}
        answer(json.dumps(found) + "\n")


def _do(config, words):
    if words == ["state"]:
        return {"ok": True, "state": state.read(config)}
    if words == ["now"] and not config["releases"]:
        # A unit of systemd waits for this file: the session has no rights to start one.
        with open(os.path.join(config["store"], "wanted"), "w", encoding="ascii"):
            return {"ok": True}
    if not config["releases"]:
        raise Failed("not known: %r" % " ".join(words))
    if words == ["releases"]:
        return {"ok": True, "releases": releases.known(config), "current": releases.current(config)[0]}
    if len(words) == 3 and words[0] == "stage":
        source = next((one for one in config["sources"] if one["host"] == words[2]), None)
        if source is None:
            raise Failed("%r is no source" % words[2])
        with state.lock(config, wait=60):
            return {"ok": True, **releases.stage(config, words[1], source)}
    if len(words) == 3 and words[0] == "switch":
        with state.lock(config, wait=1):
            releases.switch(config, words[1], float(words[2]))
        if os.path.exists(os.path.join(config["store"], "state.json")):
            state.write(config, {**state.read(config), "release": words[1]})
        return {"ok": True}
    raise Failed("not known: %r" % " ".join(words))


class Target:
    """A session to one target. Answers are awaited with a deadline, so that a target that hangs holds up nobody."""

    def __init__(self, config, target):
        self.host = target["host"]
        self.answers = queue.Queue()
        command = [*shlex.split(transfer.ssh()), "-i", transfer.key(config, "control"), target["address"], "session"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        for line in self.process.stdout:
            self.answers.put(line)
        self.answers.put("")

    def say(self, *words):
        try:
            self.process.stdin.write(" ".join(words) + "\n")
            self.process.stdin.flush()
        except (BrokenPipeError, ValueError):
            pass  # the answer that does not come says it

    def hear(self, seconds):
        try:
            line = self.answers.get(timeout=seconds)
        except queue.Empty:
            line = ""
        if not line:
            self.close()
            words = self.process.stderr.read().strip().splitlines()
            raise Failed("%s does not answer%s" % (self.host, " (%s)" % words[-1] if words else ""), unreachable=True)
        found = json.loads(line)
        if not found.get("ok"):
            raise Failed("%s: %s" % (self.host, found.get("reason")))
        return found

    def ask(self, seconds, *words):
        self.say(*words)
        return self.hear(seconds)

    def close(self):
        try:
            self.process.stdin.close()
            self.process.wait(timeout=2)
        except (OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()


def acting(config):
    """Whether no source before this one answers: then this host decides what is published."""
    for source in others_before(config):
        origin, way = transfer.remote(config, source, "")
        try:
            transfer.run(["--timeout=%d" % transfer.SILENCE, "--list-only", *way, origin], source["host"])
            return False
        except Failed as failed:
            if not failed.unreachable:
                return False
    return True
