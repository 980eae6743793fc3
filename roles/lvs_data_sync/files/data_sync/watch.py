# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""On change: inotifywait tells that something changed below the source, and all targets are asked to sync at the same moment.

A later source watches too, and keeps silent while an earlier one answers: what changes there then is what it copied itself.
"""
from __future__ import annotations

import re
import select
import subprocess
import threading
import time

import session
from settings import Failed

QUIET = 0.3      # seconds without a change until it is told
LONGEST = 2.0    # and at most so long after the first one
SPECIAL = re.compile(r"[][.^$*+?(){}|\\]")  # what has a meaning in the extended regular expressions of inotifywait
EVENTS = "close_write,create,delete,move,attrib"


def watch(config, say):
    """For ever. Ends with Failed when the watching ends, as systemd then starts it anew."""
    command = ["inotifywait", "--monitor", "--recursive", "--quiet", "--event", EVENTS, "--format", "%w%f", *own(config), config["source_path"]]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    tell(config, say)  # what changed while nobody watched
    try:
        while True:
            if not process.stdout.read1(65536):
                raise Failed("inotifywait ended (%s); more folders than fs.inotify.max_user_watches?" % process.wait())
            first = time.monotonic()
            while time.monotonic() - first < LONGEST and select.select([process.stdout], [], [], QUIET)[0]:
                if not process.stdout.read1(65536):
                    break
            tell(config, say)
    finally:
        process.kill()


def own(config):
    """The file that the judge of this host writes is nobody's change."""
    file = (config["behind"] or {}).get("file", "")
    return ["--exclude", "^%s(\\.new)?$" % SPECIAL.sub(r"\\\g<0>", file)] if file.startswith(config["source_path"] + "/") else []


def tell(config, say):
    """Ask all targets at once, if this source is the first that answers; a target that does not answer has its timer."""
    if not session.acting(config):
        return

    def one(target):
        try:
            asked = session.Target(config, target)
            asked.ask(10, "now")
            asked.close()
        except Failed as failed:
            say(str(failed))

    # The first source gets from nobody
    others = [target for target in config["targets"] if target["host"] not in (config["me"], config["sources"][0]["host"])]
    threads = [threading.Thread(target=one, args=(target,)) for target in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
