# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the roles can't set up yet is refused, though the definition is right."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.lvs.cluster.plugins.module_utils._model.definition import normalise
from ansible_collections.lvs.cluster.plugins.module_utils._model.not_yet import not_yet

from .samples import INVENTORY, MINIMAL, changed

VS = "virtual_servers[0]"
CHECK = {"type": "send_expect", "expect": "+PONG"}
REFUSED: dict[str, tuple[dict[str, Any], list[str]]] = {"a dialogue": ({f"{VS}.health_check": CHECK}, ["virtual_servers: www: health_check"])}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_path_and_remedy(name: str) -> None:
    changes, paths = REFUSED[name]
    cluster, problems = normalise(changed(MINIMAL, changes), INVENTORY)
    assert cluster, "\n".join(map(str, problems))
    found = not_yet(cluster)
    assert set(paths) <= {problem.path for problem in found}
    assert all("is not implemented yet" in problem.message and problem.remedy for problem in found)


def test_nothing_else_is_refused() -> None:
    cluster, _problems = normalise(MINIMAL, INVENTORY)
    assert cluster and not_yet(cluster) == []
