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

RETRY_FIRST, RETRY_MOST = 5, 300  # seconds from a failed run to the next try; twice as long each time

METRICS = (
    ("lvs_data_sync_ok", "ok", "Whether the last run was good."),
    ("lvs_data_sync_last_run_timestamp_seconds", "last_run", "When the last run ended."),
    ("lvs_data_sync_last_good_timestamp_seconds", "last_good", "When the last good run ended."),
    ("lvs_data_sync_files", "files", "Files that the last run transferred."),
    ("lvs_data_sync_bytes", "bytes", "Bytes that the last run transferred."),
    ("lvs_data_sync_seconds", "seconds", "How long the last run took."),
    ("lvs_data_sync_failures", "failures", "Runs that failed since the last good one."),
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


def _next_try(config, failures, now):
    """When the retry unit runs it again, seconds since 1970; None where none does. Spread, as many targets may wait for one source."""
    if not failures or not config["retries"]:
        return None
    import random
    pause = min(RETRY_FIRST * 2 ** min(failures - 1, 10), RETRY_MOST, config["interval"] or RETRY_MOST)
    return round(now + pause * random.uniform(1, 1.25), 3)


def pause(config):
    """Sleep until the next try is due: the unit that does this starts the run when it ends."""
    found = read(config)
    if not found:
        # The unit failed before the program began: its folder was not there yet, say
        time.sleep(RETRY_FIRST)
        return
    due = found.get("next_try")
    if due is None:
        raise Failed("no run of this data set has to be tried again")
    # A clock that was set back must not make it longer
    time.sleep(min(max(due - time.time(), 0), RETRY_MOST * 1.25))


def record(config, work):
    """Run `work`, which returns what it did, and keep that as state, whether it was good or failed. Returns the state."""
    before = read(config)
    began = time.time()
    # A host that loses power in a run finds this afterwards, and so does who looks meanwhile.
    write(config, {**before, "ok": before.get("ok", False), "running_since": round(began, 3)})
    found = {"files": 0, "bytes": 0, "conflicts": [], "conflict_count": 0, "source": None, "unreachable": False, "notes": []}
    try:
        found.update(work())
        found.update(ok=True, reason=None)
    except Failed as failed:
        found.update(ok=False, reason=str(failed), unreachable=failed.unreachable)
    except OSError as error:
        found.update(ok=False, reason="%s: %s" % (error.filename or "this host", error.strerror))
    now = time.time()
    if before.get("running_since"):
        found["notes"].append("the run before was cut short")
    failures = 0 if found["ok"] else before.get("failures", 0) + 1
    found.update(failures=failures, next_try=_next_try(config, failures, now))
    found.update(name=config["name"], last_run=round(now, 3), seconds=round(now - began, 3),
                 last_good=round(now, 3) if found["ok"] else before.get("last_good"))
    write(config, found)
    return found
