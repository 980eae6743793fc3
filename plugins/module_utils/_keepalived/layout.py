# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What of the router's own layout stands in keepalived.conf."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model import drain


@dataclass(frozen=True)
class Layout:
    """script_user: the unprivileged user who runs external health checks; it must exist before keepalived reads the file.
    drain: the folder of the drain files; it and its folders must exist before, too.
    """

    script_user: str = "keepalived_script"
    drain: str = drain.FOLDER


def layout_of(given: Layout | Mapping[str, Any] | None) -> Layout:
    """A Layout from a Layout, a mapping with some of its fields, or None for the defaults."""
    if isinstance(given, Layout):
        return given
    return Layout(**{str(name): str(value) for name, value in (given or {}).items()})
