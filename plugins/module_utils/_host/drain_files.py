# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drain files of a router: which there are, what they say, and having all that keepalived follows. See _model/drain.py."""
from __future__ import annotations

import os

from ansible_collections.lvs.cluster.plugins.module_utils._host import files
from ansible_collections.lvs.cluster.plugins.module_utils._model import drain


def contents(folder):
    """{path below `folder`: text}; without what a write that was killed has left."""
    found = {}
    for place, _folders, names in os.walk(folder):
        for name in names:
            if not name.startswith(files.TEMPORARY):
                path = os.path.join(place, name)
                found[os.path.relpath(path, folder)] = files.read(path)["content"] or ""
    return found


def notes(texts):
    """{path: note} of what is drained; texts: as `contents` gives them."""
    found = {path: drain.read(text) for path, text in texts.items()}
    return {path: note for path, note in sorted(found.items()) if note is not None}


class Complete:
    """What a folder lacks of the files that keepalived follows, and what it has beyond. wanted: paths below it."""

    def __init__(self, folder, wanted):
        have = contents(folder)
        self.folder = folder
        # Who removes a folder ends keepalived's watch of it; made anew it is not followed until a reload.
        self.unfollowed = [path for path in sorted({os.path.dirname(os.path.join(folder, path)) for path in wanted}) if not os.path.isdir(path)]
        self.lacking = sorted(path for path in wanted if path not in have or drain.damaged(have[path]))
        self.surplus = sorted(path for path, text in have.items() if path not in wanted and text != drain.NOT_DRAINED)

    def difference(self):
        """One entry of Ansible's `diff`, or None."""
        if not self.lacking and not self.surplus:
            return None
        return {"before_header": self.folder, "after_header": self.folder,
                "before": "".join(path + "\n" for path in self.surplus), "after": "".join(path + "\n" for path in self.lacking)}

    def make(self):
        """Before keepalived reads a configuration that follows them: it refuses one whose files are not there."""
        make(self.folder, self.lacking)

    def clear(self):
        """Of those that nothing follows any more: a server that is declared again one day is not drained.

        They stay, with that in them: the configuration before this one may come back, and would need them.
        """
        make(self.folder, self.surplus)


def make(folder, paths):
    for path in paths:
        files.write(os.path.join(folder, path), drain.NOT_DRAINED)
