# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""data_sync VERB NAME [RELEASE]: what the units of a data set run. Verbs: pull, publish, rollback, pause, behind, judge, watch, session."""
from __future__ import annotations

import contextlib
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

# What a verb alone needs is imported there: a run that finds nothing to do takes little longer than Python's start
import state
from settings import Failed, load, others_before


def say(text):
    print(text, flush=True)


def run(config, verb, wanted):
    """One run with its state. Exit status 0 when it was good."""
    if config["releases"] or verb == "rollback":
        import publish
        import releases
    else:
        import plain
    with contextlib.suppress(FileNotFoundError):
        os.unlink(os.path.join(config["store"], "wanted"))
    with state.lock(config, wait=2 if verb == "pull" else 60):
        if verb == "rollback":
            found = state.record(config, lambda: publish.rollback(config, wanted))
        elif config["releases"] and config["me"] in [source["host"] for source in config["sources"]]:
            found = state.record(config, lambda: publish.publish(config))
        elif config["releases"]:
            found = state.record(config, lambda: releases.follow(config, config["sources"]))
        else:
            last_good = state.read(config).get("last_good")
            found = state.record(config, lambda: plain.pull(config, last_good))
    say(json.dumps({key: found[key] for key in ("ok", "reason", "source", "files", "bytes", "seconds", "notes", "conflict_count")}))
    return 0 if found["ok"] else 1


def main(arguments):
    verb, name = arguments[0], arguments[1]
    wanted = arguments[2] if len(arguments) > 2 else "previous"
    config = load(name)
    if verb in ("pull", "publish", "rollback"):
        return run(config, verb, wanted)
    if verb == "pause":
        state.pause(config)
    elif verb == "behind":
        import plain
        import releases
        if config["releases"]:
            say(json.dumps({"behind": None, "files": None, "release": releases.current(config)[0]}))
        else:
            say(json.dumps(plain.behind(config)))
    elif verb == "judge":
        import judge
        why = judge.judge(config)
        if why:
            say(why)
    elif verb == "watch":
        import watch
        if others_before(config):
            say("watching too: while an earlier source answers, the targets take the data from there")
        watch.watch(config, say)
    elif verb == "session":
        import session
        session.serve(config, sys.stdin, lambda text: (sys.stdout.write(text), sys.stdout.flush()))
    else:
        raise Failed("unknown verb %r" % verb)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Failed as failure:
        print(failure, file=sys.stderr)
        sys.exit(1)
