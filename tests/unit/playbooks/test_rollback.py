# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook `rollback` itself: which data set is meant is known before any connection, and a right one goes on to its hosts."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..model.samples import MINIMAL
from .test_refusals import ROOT, alone, inventory, world  # noqa: F401  # a fixture

ROLLBACK = ROOT / "playbooks" / "rollback.yml"
SETS = [
    {"name": "site", "path": "/srv/site", "source": {"hosts": ["web1"], "path": "/srv/work"}, "releases": 3},
    {"name": "www", "path": "/srv/www", "source": {"hosts": ["web1"]}},
]
CONTENT = inventory({**MINIMAL, "data_sync": {"sets": SETS}})


@pytest.mark.parametrize("arguments", [[], ["-e", "data_set=sites"], ["-e", "data_set=www"]], ids=["none", "unknown", "without releases"])
def test_what_has_no_releases_is_refused_before_any_connection(world: tuple[Path, dict[str, str]], arguments: list[str]) -> None:  # noqa: F811
    outcome = alone(world, "rollback-%d" % len("".join(arguments)), CONTENT, *arguments, playbook=ROLLBACK)
    assert "Give -e data_set=NAME; those with releases are site" in outcome.output, outcome.output
    assert (outcome.status, outcome.connections) == (2, "")


def test_the_source_of_a_named_data_set_is_asked(world: tuple[Path, dict[str, str]]) -> None:  # noqa: F811
    outcome = alone(world, "rollback-site", CONTENT, "-e", "data_set=site", playbook=ROLLBACK)
    assert "web1" in outcome.connections.split(), outcome.output
    assert "web2" not in outcome.connections.split()
