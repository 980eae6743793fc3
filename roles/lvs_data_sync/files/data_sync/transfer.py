# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One rsync: its arguments, what it did, and what went wrong in words."""
from __future__ import annotations

import os
import re
import shlex
import subprocess

from settings import CONFIG, Failed

# Exit statuses of rsync(1) and ssh(1) that mean: nobody there, or gone in the middle.
LOST = {5, 10, 12, 30, 35, 255}
VANISHED = 24
TOO_MANY = 25
SILENCE = 30  # seconds without a byte until the other side counts as gone
LONGEST_LOOK = 600  # seconds
BEGAN = re.compile(r"^lvs-data-sync: it is ([0-9.]+) ([0-9.]+)\n", re.MULTILINE)  # see reader.py
WORDS = {
    1: "rsync was called wrongly", 2: "the two versions of rsync don't fit", 3: "a folder can't be read or made",
    11: "a file can't be written", 14: "rsync can't start", 20: "rsync was stopped", 22: "no memory is left", 23: "some files could not be copied",
}


def ssh():
    return os.environ.get("LVS_DATA_SYNC_SSH") or "ssh -F %s/ssh_config" % CONFIG


def remote(config, source, inside=""):
    """(how rsync names the source's data, the arguments that lead there)."""
    if config["transport"] == "daemon":
        # The unit has the secret in RSYNC_PASSWORD
        return "rsync://lvs-sync@%s/%s/%s" % (source["address"], config["name"], inside), ["--contimeout=5"]
    return "%s:./%s" % (source["address"], inside), ["--rsh=%s -i %s" % (ssh(), key(config, "read"))]


def key(config, kind):
    return os.path.join(os.path.dirname(os.path.dirname(config["store"])), "keys", "%s-%s" % (config["name"], kind))


def options(config):
    """What to copy, and how it shall be here."""
    found = ["--recursive", "--links", "--times", "--perms", "--timeout=%d" % SILENCE, "--stats", "--no-human-readable"]
    if config["owner"] or config["group"]:
        found += ["--owner", "--group", "--chown=%s:%s" % (config["owner"] or "", config["group"] or config["owner"])]
    if config["modes"]:
        found.append("--chmod=" + config["modes"])
    if config["bandwidth"]:
        found.append("--bwlimit=%d" % config["bandwidth"])
    return found + ["--exclude=" + pattern for pattern in config["exclude"]]


def run(arguments, source):
    """What rsync did: {files, bytes, deleted, lines, notes, began}. Raises Failed. began: two times, as the reader at the source said them."""
    try:
        done = subprocess.run(["rsync", *arguments], capture_output=True, text=True, errors="surrogateescape", check=False,
                              stdin=subprocess.DEVNULL, env={**os.environ, "LC_ALL": "C"})
    except FileNotFoundError:
        raise Failed("rsync is not installed") from None
    began, complaints = BEGAN.search(done.stderr), BEGAN.sub("", done.stderr)
    notes = []
    if done.returncode == VANISHED:
        notes.append("files vanished at the source while they were copied")
    elif done.returncode:
        raise Failed(reason(done.returncode, complaints, source), unreachable=done.returncode in LOST)
    return {"files": number(done.stdout, "regular files transferred"), "bytes": number(done.stdout, "Total transferred file size"),
            "deleted": number(done.stdout, "Number of deleted files"), "lines": done.stdout.splitlines(), "notes": notes,
            "began": began.groups() if began else None}


def changed_meanwhile(config, source, began):
    """Whether anything was changed at the source since a copy began. Asked there; true where nobody can say it, as a daemon of rsync can't."""
    if config["transport"] == "daemon" or not began:
        return True
    command = [*shlex.split(ssh()), "-i", key(config, "read"), source["address"], "changed", *began]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=LONGEST_LOOK)
    except subprocess.TimeoutExpired:
        return True
    return done.stdout != "no\n"


def number(text, words):
    found = re.search(re.escape(words) + r": ([0-9]+)", text)
    return int(found.group(1)) if found else 0


def reason(status, complaints, source):
    last = [line for line in complaints.splitlines() if line and not line.startswith("rsync error")]
    # The first line says what; of a program of Python at the source, the last one
    if "Traceback (most recent call last):" in last:
        last = [line for line in last if not line.startswith("rsync:")][-1:]
    detail = last[0].strip()[:300] if last else "exit status %d" % status
    if "No space left on device" in complaints:
        return "no space is left on this host's disk (%s)" % detail
    if status == TOO_MANY:
        return "more files would be deleted than delete_limit says; the rest was kept. Look at the source; if it is right, raise delete_limit"
    if status in LOST:
        return "the source %s does not answer, or was lost in the middle (%s)" % (source, detail)
    return "%s (%s)" % (WORDS.get(status, "rsync ended with status %d" % status), detail)
