# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Releases on one host: complete copies below STORE/releases, and STORE/current, a link to the one that is served.

STORE/releases/CURRENT says "RELEASE TIME": which one is in force, and since when (seconds since 1970) it was decided so.
"""
from __future__ import annotations

import os
import re
import shutil

import state
import transfer
from settings import RELEASE, Failed, private

# rsync's own list of what it would do: made, transferred, deleted, or of other mode or owner
CHANGE = re.compile(r"[<>ch][fdLDS]|\*deleting|\.[fd]\S*[pog]")
STABLE = 5  # a source that changes while it is copied is copied again, at most so often


def folder(config):
    return os.path.join(config["store"], "releases")


def known(config):
    """The releases that this host has completely, the oldest first."""
    return sorted(name for name in os.listdir(private(folder(config))) if RELEASE.match(name))


def current(config):
    """(release, when it was decided) of this host; (None, 0) before the first."""
    return _parse(os.path.join(folder(config), "CURRENT"))


def _parse(path):
    try:
        with open(path, encoding="ascii") as stream:
            name, _blank, since = stream.read().strip().partition(" ")
        return (name, float(since)) if RELEASE.match(name) else (None, 0)
    except (FileNotFoundError, ValueError):
        return None, 0


def stage(config, release, source):
    """Have the release here completely, from a source, or do nothing if it is. What is half there goes on."""
    if not RELEASE.match(release):
        raise Failed("%r is no release" % release)
    place = os.path.join(folder(config), release)
    if os.path.isdir(place):
        return {"files": 0, "bytes": 0}
    part = os.path.join(private(folder(config)), ".part-" + release)
    for name in os.listdir(folder(config)):
        if name.startswith(".part-") and name != ".part-" + release:
            shutil.rmtree(os.path.join(folder(config), name))
    origin, way = transfer.remote(config, source, release + "/")
    plain = {**config, "exclude": [], "owner": None, "group": None, "modes": None}  # the release is as it shall be already
    # Files of the last releases that are the same are not copied again, and share the disk.
    alike = ["--link-dest=" + os.path.join(folder(config), name) for name in known(config)[-3:]]
    done = transfer.run([*transfer.options(plain), *way, *alike, "--delete", origin, part + "/"], source["host"])
    os.sync()
    os.rename(part, place)
    return {"files": done["files"], "bytes": done["bytes"]}


def switch(config, release, since):
    """Serve the release from now on: one rename. since: when it was decided, the same on all hosts."""
    if release not in known(config):
        raise Failed("this host does not have the release %s completely" % release)
    link = os.path.join(config["store"], "current")
    new = link + ".new"
    if os.path.lexists(new):
        os.unlink(new)
    os.symlink(os.path.join("releases", release), new)
    os.rename(new, link)
    state.replace(os.path.join(folder(config), "CURRENT"), "%s %r\n" % (release, since))


def prune(config, *kept):
    """Keep the newest releases, the current one, and those named."""
    have = known(config)
    keep = {*have[-config["releases"]["keep"]:], current(config)[0], *kept}
    for name in have:
        if name not in keep:
            shutil.rmtree(os.path.join(folder(config), name))


def follow(config, sources):
    """Catch up with the first source that answers; never back to what was decided earlier. What was done, for state.record."""
    lost = []
    for source in sources:
        origin, way = transfer.remote(config, source, "CURRENT")
        asked = os.path.join(config["store"], "asked")
        try:
            transfer.run(["--times", "--stats", "--timeout=%d" % transfer.SILENCE, *way, origin, asked], source["host"])
        except Failed as failed:
            if "No such file" in str(failed):
                return {"source": source["host"], "notes": ["the source has no release yet"]}
            lost.append(str(failed))
            continue
        release, since = _parse(asked)
        done = {"files": 0, "bytes": 0}
        if release and since > current(config)[1]:
            done = stage(config, release, source)
            switch(config, release, since)
            prune(config)
        return {**done, "source": source["host"], "release": current(config)[0], "releases": known(config)}
    raise Failed("; ".join(lost) or "there is no other source", unreachable=True)


def snapshot(config, release, like):
    """A release of this host's own source folder, or None where that is as the release `like`. Nobody else has it yet."""
    if not os.path.isdir(config["source_path"]):
        raise Failed("the source folder %s is not there" % config["source_path"])
    place = os.path.join(private(folder(config)), release)
    part = os.path.join(folder(config), ".part-own")
    origin = config["source_path"] + "/"
    arguments = [*transfer.options(config), "--delete"]
    old = os.path.join(folder(config), like) if like in known(config) else None
    if old:
        same = transfer.run([*arguments, "--dry-run", "--out-format=%i %n", origin, old + "/"], config["me"])
        if not any(CHANGE.match(line) for line in same["lines"]):
            return None
    alike = ["--link-dest=" + old] if old else []
    for _pass in range(STABLE):
        done = transfer.run([*arguments, *alike, origin, part + "/"], config["me"])
        if not done["files"] and not done["deleted"]:
            break
    else:
        raise Failed("%s kept changing while it was copied, %d times: publish when it is complete" % (origin, STABLE))
    if not os.listdir(part):
        raise Failed("the source folder %s is empty" % config["source_path"])
    os.rename(part, place)
    return release
