# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook `verify` where no host answers: each cluster has its report all the same."""

from __future__ import annotations

from itertools import takewhile
from pathlib import Path

import pytest

from ..model.samples import MINIMAL
from .test_refusals import ROOT, alone, inventory, other, world  # noqa: F401

VERIFY = ROOT / "playbooks" / "verify.yml"


def reports(output: str) -> dict[str, list[str]]:
    """cluster → the lines of its report."""
    found: dict[str, list[str]] = {}
    lines = output.splitlines()
    for number, line in enumerate(lines):
        if line.startswith("[ERROR]") and " does not run as declared, " in line:
            name = line.split("the cluster ")[1].split(" ")[0]
            assert name not in found, "one report for each"
            found[name] = list(takewhile(lambda each: not each.startswith("Origin: "), lines[number + 1 :]))
    return found


@pytest.mark.parametrize("limit", [[], ["--limit", "cluster1"], ["--limit", "web1"]], ids=["all", "one cluster", "one real server"])
def test_every_cluster_has_its_report(world: tuple[Path, dict[str, str]], limit: list[str]) -> None:  # noqa: F811
    outcome = alone(world, "verify%s" % "".join(limit), inventory(MINIMAL, other()), *limit, playbook=VERIFY)
    assert outcome.status == 2, outcome.output
    found = reports(outcome.output)
    assert set(found) == {"all": {"web", "other"}, "cluster1": {"other"}, "web1": {"web"}}[limit[1] if limit else "all"]
    for cluster, lines in found.items():
        prefix = "" if cluster == "web" else "c1_"
        routers = [] if limit[1:] == ["web1"] else ["r1", "r2"]
        servers = ["web1"] if not routers else ["web1", "web2", "web3"]
        assert [line.split(": it is unreachable (")[0] for line in lines if "unreachable" in line] == [prefix + host for host in routers + servers]
        first = "%s: no router that answers is active: %sr1 or %sr2 may be" % (cluster, prefix, prefix)
        assert bool(routers) == lines[0].startswith(first), lines
        assert len(lines) == len(routers + servers) + bool(routers)
    asked = set(outcome.connections.split())
    assert ("r1" in asked, "c1_r1" in asked) == ("web" in found, "other" in found), "of a cluster that is left out no host is connected to"
    assert "Could not match supplied host pattern" not in outcome.output
