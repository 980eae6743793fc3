# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A data set that is copied file by file into its place: from the first source that answers, each file by a rename of its own."""
from __future__ import annotations

import os
import time

import transfer
from settings import Failed, is_source, others_before, private

PASSES = 3     # a source that changes while it is copied is copied again, at most so often
SHOWN = 20     # conflicts that are named; all are counted


def pull(config, last_good):
    """What was done, for state.record. last_good: the end of the last good run, seconds since 1970."""
    sources = others_before(config)
    if not sources:
        return {"source": config["me"], "notes": ["this host is the source"]}
    lost = []
    for source in sources:
        try:
            return _from(config, source, last_good or 0)
        except Failed as failed:
            if not failed.unreachable:
                raise
            lost.append(str(failed))
    if is_source(config):
        return {"source": config["me"], "notes": ["no source before this one answers: this host is the source"]}
    raise Failed("; ".join(lost), unreachable=True)


def _from(config, source, last_good):
    origin, way = transfer.remote(config, source)
    kept_in = os.path.join(config["store"], "backups", _moment())
    arguments = [*transfer.options(config), *way, "--backup", "--backup-dir=" + kept_in]
    if config["delete"]:
        arguments += ["--delete-delay", "--max-delete=%d" % config["delete_limit"]]
    if config["conflicts"] == "keep":
        arguments += ["--update", "--info=skip1"]
    total = {"files": 0, "bytes": 0, "notes": []}
    skipped = []
    for _pass in range(PASSES):
        done = transfer.run([*arguments, origin, config["path"] + "/"], source["host"])
        total["files"] += done["files"]
        total["bytes"] += done["bytes"]
        total["notes"] += done["notes"]
        skipped = [line[:-len(" is newer")] for line in done["lines"] if line.endswith(" is newer")]
        # What was copied while somebody wrote it has another time at the source now. A source that is watched tells it itself
        if not done["files"] or config["watched"] or not transfer.changed_meanwhile(config, source, done["began"]):
            break
    else:
        total["notes"].append("the source kept changing while it was copied")
    conflicts = sorted({*_changed_here(kept_in, last_good), *skipped})
    total["notes"] += limit(os.path.join(config["store"], "backups"), config["backup_limit"])
    return {**total, "source": source["host"], "conflicts": conflicts[:SHOWN], "conflict_count": len(conflicts)}


def _moment():
    """A name that sorts by time, to the microsecond."""
    now = time.time_ns() // 1000
    return time.strftime("%Y%m%dT%H%M%S", time.gmtime(now // 1000000)) + ".%06dZ" % (now % 1000000)


def _changed_here(folder, last_good):
    """Files that were overwritten or deleted although they had been changed here since the last good run."""
    found = []
    for parent, _folders, files in os.walk(folder):
        for name in files:
            path = os.path.join(parent, name)
            if last_good and os.lstat(path).st_mtime > last_good:
                found.append(os.path.relpath(path, folder))
    return found


def limit(folder, megabytes):
    """Keep the newest backups up to so many MB; says what went. The newest run's stay whatever they weigh, unless the limit is 0."""
    notes, total = [], 0
    if not os.path.isdir(folder):
        return notes
    for position, name in enumerate(sorted(os.listdir(folder), reverse=True)):
        path = os.path.join(folder, name)
        total += sum(os.lstat(os.path.join(parent, file)).st_size for parent, _folders, files in os.walk(path) for file in files)
        if total > megabytes * 1000000 and (position or not megabytes):
            import shutil  # a tenth of the start of a run that needs it not
            shutil.rmtree(path)
            notes.append("the backups of %s were dropped: more than %d MB" % (name, megabytes))
    return notes


def behind(config):
    """How many files differ from the source by their checksums, and their first names."""
    sources = others_before(config)
    if not sources:
        return {"behind": 0, "files": []}
    last = None
    for source in sources:
        origin, way = transfer.remote(config, source)
        arguments = [*transfer.options(config), *way, "--dry-run", "--checksum", "--out-format=%i %n", *(["--delete"] if config["delete"] else [])]
        try:
            done = transfer.run([*arguments, origin, private_target(config)], source["host"])
        except Failed as failed:
            if not failed.unreachable:
                raise
            last = failed
            continue
        names = [line.split(" ", 1)[1].strip() for line in done["lines"] if line[:2] in ("<f", ">f", "cL") or line.startswith("*deleting")]
        return {"behind": len(names), "files": names[:SHOWN]}
    raise last


def private_target(config):
    """Where the data set is served from."""
    if not os.path.isdir(config["path"]):
        private(config["path"])
    return config["path"] + "/"
