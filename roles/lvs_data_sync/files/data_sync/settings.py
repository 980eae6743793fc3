# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a host knows of a data set: written by the role, read by everything here.

CONFIG/NAME.json: name, path, source_path, store, me, sources and targets ([{host, address}]), exclude, owner, group, modes, delete,
delete_limit (files), conflicts, backup_limit (MB), bandwidth (KiB/s), transport, interval (seconds), releases (or null: {keep, unreachable}),
behind (or null: {limit in seconds, file}).
"""
from __future__ import annotations

import json
import os
import re

CONFIG = os.environ.get("LVS_DATA_SYNC_CONFIG", "/etc/lvs-cluster/data-sync")
NAME = re.compile(r"[a-z][a-z0-9_-]{0,30}\Z")
RELEASE = re.compile(r"[0-9]{8}T[0-9]{6}Z\Z")


class Failed(Exception):
    """A run that did not do what it should. reason: a sentence for a person; unreachable: no source answered at all."""

    def __init__(self, reason, unreachable=False):
        super().__init__(reason)
        self.unreachable = unreachable


def names():
    """All data sets of this host."""
    found = (entry[:-5] for entry in os.listdir(CONFIG) if entry.endswith(".json"))
    return sorted(name for name in found if NAME.match(name))


def load(name):
    if not NAME.match(name):
        raise Failed("%r is no name of a data set" % name)
    try:
        with open(os.path.join(CONFIG, name + ".json"), encoding="utf-8") as stream:
            return json.load(stream)
    except FileNotFoundError:
        raise Failed("this host has no data set %s; it has %s" % (name, ", ".join(names()) or "none")) from None


def is_source(config):
    return config["me"] in [source["host"] for source in config["sources"]]


def is_target(config):
    return config["me"] in [target["host"] for target in config["targets"]]


def others_before(config):
    """The sources that this host takes the data from, in their order: those before itself, or all."""
    found = []
    for source in config["sources"]:
        if source["host"] == config["me"]:
            break
        found.append(source)
    return found


def private(path):
    """Make a folder of our own, which others may read: a web server serves releases from it."""
    os.makedirs(path, mode=0o755, exist_ok=True)
    return path
