# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The drain files in keepalived.conf: a track_file for each, and what has each real server follow its two.

The number in a file is added to the weight of the server (`weight 1`) within milliseconds of the file's change. See _model/drain.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.layout import Layout
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.text import Block, quoted, word
from ansible_collections.lvs.cluster.plugins.module_utils._model import drain


def _name(path: str) -> str:
    """Unlike any other track file's: it has a slash."""
    return word("drain/" + path)


def track_files(cluster: Mapping[str, Any], layout: Layout) -> list[Block]:
    """init_file makes a file that is missing, and leaves alone one that is there."""
    return [
        Block("track_file " + _name(path), ["file " + quoted("%s/%s" % (layout.drain, path)), "weight 1", "init_file 0"])
        for path in drain.paths(cluster)
    ]


def checks(service: Mapping[str, Any], server: Mapping[str, Any]) -> list[str | Block]:
    """Inside the real_server block."""
    followed = drain.server_path(server["name"]), drain.service_path(service["name"], server["name"])
    return [Block("FILE_CHECK", ["track_file " + _name(path)]) for path in followed]
