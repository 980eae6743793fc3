# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The part of the table that is about storage that the real servers share. See schema.py, and docs/shared_storage.md."""

from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._model.containers import ListOf, Record
from ansible_collections.lvs.cluster.plugins.module_utils._model.fields import Field
from ansible_collections.lvs.cluster.plugins.module_utils._model.kinds import Boolean, Choice, Text
from ansible_collections.lvs.cluster.plugins.module_utils._model.schema_data import ACCOUNT, DATA_NAME, HOSTS, PATH, UNIT
from ansible_collections.lvs.cluster.plugins.module_utils._model.schema_routers import HOST, NETWORK_NAME

# They stand in units of systemd, where % and blanks mean something
FSTYPE = Text("a type of file system as mount -t takes it, such as cifs, ceph or fuse.glusterfs", "[a-z][a-z0-9._-]{0,30}")
SOURCE = Text("what is mounted, as mount takes it, without blanks, % and backslashes", "[^\\s%\\\\]+", forbidden="", longest=200)
OPTIONS = Text("options as mount -o takes them, without blanks, % and backslashes", "[^\\s%\\\\]+", forbidden="", longest=400)
DOMAIN = Text("a name of a domain", "[A-Za-z0-9]([A-Za-z0-9.-]{0,60}[A-Za-z0-9])?")

EXPORT = (
    Field("host", HOST, "The storage host, one of the inventory, which gets an NFS server.", required=True),
    Field("path", PATH, "The folder there.", derived="the share's `path`"),
    Field(
        "disk",
        PATH,
        "A mount point on the storage host, at or above the folder: while nothing is mounted there, nothing is exported. "
        "Else the real servers would see an empty folder when the disk is missing.",
    ),
    Field("owner", ACCOUNT, "Whose the folder is. By number the same on all hosts; root of a real server is nobody there.", default="root"),
    Field("group", ACCOUNT, "Its group.", derived="that of the owner's name"),
)

SHARE = (
    Field("name", DATA_NAME, "The name; unique in the cluster.", required=True),
    Field("path", PATH, "The mount point on the real servers.", required=True),
    Field("export", Record(EXPORT, "a mapping with host"), "From a storage host of the inventory by NFS 4.2. Or give `fstype` and `source`."),
    Field("fstype", FSTYPE, "A file system that the site has already: cifs, ceph, fuse.glusterfs, nfs4 or another."),
    Field("source", SOURCE, "What is mounted then, such as `//files/www` or `10.0.0.30:/volume`."),
    Field("options", OPTIONS, "Options of that mount. Secrets belong into a file that they name (`credentials=…`, `secretfile=…`)."),
    Field("targets", HOSTS, "The real servers that mount it.", derived="all real servers of the inventory"),
    Field("read_only", Boolean(), "Whether the real servers may only read.", default=False),
    Field(
        "when_it_hangs",
        Choice(("fail", "wait")),
        "What a request lives through while the NFS server does not answer: an error after 6 s for each call, or waiting until it is back.",
        default="fail",
    ),
    Field("services", ListOf(UNIT, words="a list of services"), "Services of the real servers that do not start until the share can be read.", default=[]),
)

SHARED_STORAGE = (
    Field("network", NETWORK_NAME, "The network that carries the files.", derived="the first network with a gateway, else the last network"),
    Field("domain", DOMAIN, "The domain of NFS's names of users (idmapd), where names and not numbers are told.", default="localdomain"),
    Field("shares", ListOf(Record(SHARE, "a mapping with name, path, and export or source"), 1, "a list of shares"), "What is shared.", required=True),
)
