# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The part of the table that is about the data behind the service: copied to the real servers, or shared by them. See schema.py."""

from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._model.containers import ListOf, Record
from ansible_collections.lvs.cluster.plugins.module_utils._model.fields import Field
from ansible_collections.lvs.cluster.plugins.module_utils._model.kinds import Boolean, Choice, Integer, Seconds, Text
from ansible_collections.lvs.cluster.plugins.module_utils._model.schema_routers import HOST, NETWORK_NAME

# Paths stand in units of systemd, in authorized_keys and in /etc/exports: nothing in them may mean anything there.
PATH = Text("an absolute path of letters, digits, . _ - and /", "(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+", longest=120)
DATA_NAME = Text("a name of a-z, 0-9, _ and -, beginning with a letter, at most 31 characters", "[a-z][a-z0-9_-]{0,30}")
ACCOUNT = Text("the name of a user or group of the hosts", "[A-Za-z_][A-Za-z0-9_-]{0,31}")
PATTERN = Text("a pattern as rsync --exclude takes it", "[^\\s].*", forbidden="", longest=200)
MODES = Text("modes as rsync --chmod takes them, such as D755,F644", "[DF]?[ugoa0-7+=,rwxXst-]+(,[DF]?[ugoa0-7+=rwxXst-]+)*")
UNIT = Text("a service such as nginx.service", "[A-Za-z0-9@._-]{1,60}\\.service")
HOSTS = ListOf(HOST, 1, "a list of hosts")

SOURCE = (
    Field("hosts", HOSTS, "The hosts that have the data, in order: the first that answers is taken. Real servers, a router, or any other host.", required=True),
    Field("path", PATH, "The folder there.", derived="`path`; with `releases` it must be another one"),
)

RELEASES = (
    Field("keep", Integer(1, 1000, "a number of releases"), "So many releases stay on each host, to go back to.", default=3),
    Field(
        "unreachable",
        Choice(("refuse", "go_on")),
        "What a target that can't be reached means: no release for anybody, or one without it; it follows by itself when it is back.",
        default="refuse",
    ),
)

BEHIND = (
    Field("limit", Seconds(1, 2678400, 1), "So long after its last good run a target is behind.", required=True),
    Field(
        "file",
        PATH,
        "A file on each target that is there as long as the target is not behind, for a health check to fetch by the web server; "
        "outside the release where there are `releases`.",
        required=True,
    ),
)

DATA_SET = (
    Field("name", DATA_NAME, "The name; unique in the cluster.", required=True),
    Field("path", PATH, "The folder on the targets. With `releases` a link to the one in force.", required=True),
    Field("source", Record(SOURCE, "a mapping with hosts"), "Where the data comes from.", required=True),
    Field("targets", HOSTS, "The hosts that get it.", derived="all real servers of the inventory"),
    Field("exclude", ListOf(PATTERN, words="a list of patterns"), "What is neither copied nor deleted, as `rsync --exclude` takes it.", default=[]),
    Field("owner", ACCOUNT, "Whose the files are. Needs root on the targets, with few of its rights.", derived="`lvs-sync`, the user who copies"),
    Field("group", ACCOUNT, "Their group.", derived="that of the owner's name"),
    Field("modes", MODES, "Their modes, such as `D755,F644`.", derived="as at the source"),
    Field("delete", Boolean(), "Whether files that the source has no longer go on the targets.", default=True),
    Field(
        "delete_limit",
        Integer(0, 10**9, "a number of files"),
        "A run that would delete more files than this stops and says so: an empty disk at the source must not empty all servers.",
        default=1000,
    ),
    Field(
        "conflicts",
        Choice(("overwrite", "keep")),
        "What becomes of a file that was changed on a target: it is replaced, or stays while it is newer than the source's. Both are reported.",
        default="overwrite",
    ),
    Field(
        "backup_limit",
        Integer(0, 10**9, "megabytes"),
        "Files that a run replaces or deletes are kept, the newest up to so many MB.",
        default=100,
    ),
    Field("bandwidth", Integer(1, 10**9, "KiB per second"), "The most that a target takes, in KiB per second.", derived="unlimited"),
    Field("interval", Seconds(0, 2678400, 1), "Time between two runs; 0: only when asked.", default=300),
    Field("on_change", Boolean(), "Whether a change at the source is brought to all targets within seconds, beside the interval.", default=False),
    Field("transport", Choice(("ssh", "daemon")), "By SSH, or from an rsync daemon with a secret; nothing of that is encrypted.", default="ssh"),
    Field(
        "releases",
        Record(RELEASES, "a number, or a mapping with keep", "keep"),
        "All or nothing: the whole folder is staged on every host, then switched everywhere at once.",
        derived="file by file",
    ),
    Field("behind", Record(BEHIND, "a mapping with limit and file"), "Takes a target out by its health check while it is behind."),
)

DATA_SYNC = (
    Field("network", NETWORK_NAME, "The network that carries the copies.", derived="the first network with a gateway, else the last network"),
    Field("sets", ListOf(Record(DATA_SET, "a mapping with name, path and source"), 1, "a list of data sets"), "The data sets.", required=True),
)
