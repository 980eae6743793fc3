# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a definition can say and keepalived would be told, but what the roles do not set up on the hosts yet: refused, never half done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Problem

WHY = "is not implemented yet: the roles do not set it up on the hosts"
# For docs/definition.md, in the words of the definition.
REFUSED = ("`health_check` of the type `send_expect`",)


def not_yet(cluster: Mapping[str, Any]) -> list[Problem]:
    """The problems of a normalised cluster."""
    return list(_found(cluster))


def _found(cluster: Mapping[str, Any]) -> Iterator[Problem]:
    for service in cluster["virtual_servers"]:
        if service["health_check"]["type"] == "send_expect":
            yield Problem("virtual_servers: %s: health_check" % service["name"], WHY, "give type: tcp")
