# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of the last run: STORE/state.json for people and modules, STORE/metrics.prom for node_exporter's textfile collector. And the lock."""
from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time

from settings import Failed

FIRST_ATTEMPTS = int(os.environ.get("LVS_DATA_SYNC_ATTEMPTS", "4"))
FIRST_PAUSE = 3  # seconds

METRICS = (
    ("lvs_data_sync_ok", "ok", "Whether the last run was good."),
    ("lvs_data_sync_last_run_timestamp_seconds", "last_run", "When the last run ended."),
    ("lvs_data_sync_last_good_timestamp_seconds", "last_good", "When the last good run ended."),
    ("lvs_data_sync_files", "files", "Files that the last run transferred."),
    ("lvs_data_sync_bytes", "bytes", "Bytes that the last run transferred."),
    ("lvs_data_sync_seconds", "seconds", "How long the last run took."),
    ("lvs_data_sync_conflicts", "conflict_count", "Files changed on this host that the last run came upon."),
)


def read(config):
    try:
        with open(os.path.join(config["store"], "state.json"), encoding="utf-8") as stream:
            return json.load(stream)
    except (FileNotFoundError, ValueError):
        return {}


def write(config, found):
    replace(os.path.join(config["store"], "state.json"), json.dumps(found, indent=1, sort_keys=True) + "\n")
    lines = []
    for metric, key, words in METRICS:
        if found.get(key) is not None:
            lines += ["# HELP %s %s" % (metric, words), "# TYPE %s gauge" % metric,
                      '%s{data_set="%s"} %s' % (metric, config["name"], json.dumps(+found[key]))]
    replace(os.path.join(config["store"], "metrics.prom"), "\n".join(lines) + "\n")


def replace(path, text):
    """Write a file so that nobody reads half of it."""
    # Never through a link that somebody else put there
    handle = os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o644)
    with open(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
        os.fchmod(stream.fileno(), 0o644)
    os.rename(path + ".new", path)


@contextlib.contextmanager
def lock(config, wait=False):
    """Never two runs of one data set on one host. wait: how many seconds; otherwise a second one fails at once."""
    with open(os.path.join(config["store"], "lock"), "a", encoding="utf-8") as stream:
        limit = time.monotonic() + (wait or 0)
        while True:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= limit:
                    raise Failed("another run of this data set is under way") from None
                time.sleep(0.05)
        yield


def _patiently(work, before):
    """Right after a deploy the sources may not be ready yet."""
    for _attempt in range(FIRST_ATTEMPTS if before.get("last_good") is None else 0):
        try:
            return work()
        except Failed as failed:
            if not failed.unreachable:
                raise
        time.sleep(FIRST_PAUSE)
    return work()


def record(config, work):
    """Run `work`, which returns what it did, and keep that as state, whether it was good or failed. Returns the state."""
    before = read(config)
    began = time.time()
    # A host that loses power in a run finds this afterwards, and so does who looks meanwhile.
    write(config, {**before, "ok": before.get("ok", False), "running_since": round(began, 3)})
    found = {"files": 0, "bytes": 0, "conflicts": [], "conflict_count": 0, "source": None, "unreachable": False, "notes": []}
    try:
        found.update(_patiently(work, before))
        found.update(ok=True, reason=None)
    except Failed as failed:
        found.update(ok=False, reason=str(failed), unreachable=failed.unreachable)
    except OSError as error:
        found.update(ok=False, reason="%s: %s" % (error.filename or "this host", error.strerror))
    now = time.time()
    if before.get("running_since"):
        found["notes"].append("the run before was cut short")
    found.update(name=config["name"], last_run=round(now, 3), seconds=round(now - began, 3),
                 last_good=round(now, 3) if found["ok"] else before.get("last_good"))
    write(config, found)
    return found
