# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small text files of a host: read, write so that no reader ever sees half of one, remove.

A file's state is {"content": text or None when there is none, "mode": "0644" or None}.
"""
from __future__ import annotations

import os
import stat
import tempfile

ABSENT = {"content": None, "mode": None}
TEMPORARY = ".lvs-cluster-"  # how the name of a half-written file begins


def read(path):
    """State of the file at `path`; undecodable bytes survive a round trip through write()."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as stream:
            content = stream.read()
            mode = stat.S_IMODE(os.fstat(stream.fileno()).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return dict(ABSENT)
    return {"content": content, "mode": f"{mode:04o}"}


def write(path, content, mode="0644"):
    """Replace `path` by a rename, owned by whoever runs this, synced before it is visible."""
    folder = os.path.dirname(path)
    os.makedirs(folder, mode=0o755, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=TEMPORARY, dir=folder)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="surrogateescape") as stream:
            stream.write(content)
            stream.flush()
            os.fchmod(stream.fileno(), int(mode, 8))
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def remove(path):
    try:
        os.unlink(path)
    except FileNotFoundError:
        pass


def missing_folders(path):
    """The folders that write(path) would have to make, outermost first."""
    found = []
    folder = os.path.dirname(path)
    while folder not in ("", "/") and not os.path.isdir(folder):
        found.insert(0, folder)
        folder = os.path.dirname(folder)
    return found


def remove_empty_folders(folders):
    """Remove those of `folders` that are empty; innermost first, whatever order they come in."""
    for folder in sorted(folders, key=len, reverse=True):
        try:
            os.rmdir(folder)
        except OSError:
            pass  # not empty or gone: not ours to decide about


def restore(path, state):
    """Put a file back into the state that read() once returned."""
    if state["content"] is None:
        remove(path)
    else:
        write(path, state["content"], state["mode"])


def difference(path, before, after):
    """One entry of Ansible's `diff`, or None when nothing differs."""
    if before == after:
        return None
    entry = {"before_header": path, "after_header": path,
             "before": _printable(before["content"]), "after": _printable(after["content"])}
    if before["content"] == after["content"]:
        entry.update(before=f"mode {before['mode']}\n", after=f"mode {after['mode']}\n")
    return entry


def _printable(content):
    return (content or "").encode("utf-8", "replace").decode("utf-8")
