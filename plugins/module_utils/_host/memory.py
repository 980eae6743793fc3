# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a role found on a host before its first change, kept in a JSON file so that it can be undone exactly."""
from __future__ import annotations

import json
import os

from ansible_collections.lvs.cluster.plugins.module_utils._host import files


def read(path):
    """The remembered mapping; empty where nothing has been remembered."""
    content = files.read(path)["content"]
    if not content:
        return {}
    try:
        found = json.loads(content)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ValueError(f"{path} is damaged: it is no JSON object; move it away to go on without undoing what it remembers")
    return found


def write(path, remembered):
    """Keep `remembered`; an empty mapping removes the file and its folder when that is then empty."""
    if remembered:
        files.write(path, json.dumps(remembered, indent=1, sort_keys=True) + "\n", "0600")
    else:
        files.remove(path)
        files.remove_empty_folders([os.path.dirname(path)])
