# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A release for everybody, decided by the acting source: staged on all, and switched on all when the last of them has it; or on none."""
from __future__ import annotations

import datetime
import os
import threading
import time

import releases
import session
import state
from settings import Failed

LONGEST_STAGE = 12 * 3600  # seconds; a target that is lost is noticed long before, by SSH
LONGEST_ANSWER = 10


def publish(config):
    """What was done, for state.record: a release, if this source's folder changed since the last that it published."""
    waiting = _as_follower(config)
    if waiting:
        return waiting
    own = _own(config)
    release = releases.snapshot(config, _name(config), own)
    notes = [] if release else ["nothing new to publish"]
    release = release or _unfinished(config, own)
    if not release:
        return {"source": config["me"], "release": releases.current(config)[0], "releases": releases.known(config), "notes": notes}
    return {**_everywhere(config, release), "source": config["me"]}


def _name(config):
    """A new one: the time in whole seconds."""
    while True:
        name = datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%SZ")
        if name not in releases.known(config):
            return name
        time.sleep(0.1)


def rollback(config, wanted):
    """Serve another release everywhere. wanted: its name, or `previous`."""
    waiting = _as_follower(config)
    if waiting:
        raise Failed("the source %s is in charge: run it there" % waiting["source"])
    have, now = releases.known(config), releases.current(config)[0]
    if wanted == "previous":
        before = [name for name in have if name < (now or "")]
        if not before:
            raise Failed("there is no release before %s" % now)
        wanted = before[-1]
    if wanted not in have:
        raise Failed("there is no release %s here; there are %s" % (wanted, ", ".join(have) or "none"))
    return {**_everywhere(config, wanted), "source": config["me"]}


def _as_follower(config):
    """What was done where an earlier source is in charge; None where this host is. Both learn first what was decided elsewhere."""
    others = [source for source in config["sources"] if source["host"] != config["me"]]
    if not session.acting(config):
        return {**releases.follow(config, [source for source in others if source in config["sources"]]), "notes": ["another source is in charge"]}
    for source in others:
        try:
            releases.follow(config, [source])
        except Failed as failed:
            if not failed.unreachable:
                raise
    return None


def _own(config):
    """The release that this source last made of its folder."""
    try:
        with open(os.path.join(config["store"], "published"), encoding="ascii") as stream:
            return stream.read().strip()
    except FileNotFoundError:
        return None


def _unfinished(config, own):
    """A release that was made, and could not be brought to all."""
    return own if own and own in releases.known(config) and own > (releases.current(config)[0] or "") and _pending(config, own) else None


def _pending(config, own):
    return os.path.exists(os.path.join(config["store"], "pending-" + own))


def _everywhere(config, release):
    before = releases.current(config)[0]
    state.replace(os.path.join(config["store"], "published"), max(release, _own(config) or "") + "\n")
    mark = os.path.join(config["store"], "pending-" + release)
    state.replace(mark, "")
    targets = [target for target in config["participants"] if target["host"] != config["me"]]
    asked = [session.Target(config, target) for target in targets]
    staged, problems = {}, {}
    try:
        _together(asked, lambda one: staged.__setitem__(one.host, one.ask(LONGEST_STAGE, "stage", release, config["me"])), problems)
        if problems and (config["releases"]["unreachable"] == "refuse" or not staged):
            raise Failed("the release %s was switched nowhere, all serve %s: %s" % (release, before, "; ".join(problems.values())))
        since = time.time()
        ready = [one for one in asked if one.host in staged]
        for one in ready:
            one.say("switch", release, repr(since))
        releases.switch(config, release, since)
        _together(ready, lambda one: one.hear(LONGEST_ANSWER), problems)
        spread = time.time() - since
    finally:
        for one in asked:
            one.close()
    os.unlink(mark)
    releases.prune(config, _own(config))
    notes = ["switched on %d hosts within %.3f s" % (len(ready) + 1, spread)]
    notes += ["without %s, which follows by itself" % words for words in problems.values()]
    return {"files": sum(one["files"] for one in staged.values()), "bytes": sum(one["bytes"] for one in staged.values()),
            "release": release, "releases": releases.known(config), "notes": notes}


def _together(asked, work, problems):
    """The same for all at the same time; what failed goes into `problems`, by host."""
    def one(target):
        try:
            work(target)
        except Failed as failed:
            problems[target.host] = str(failed)

    threads = [threading.Thread(target=one, args=(target,)) for target in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
