# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The real nft of Debian 12 and 13 takes the golden tables of tests/unit/model, twice in a row, and leaves the tables of others alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from .checker import run

TABLES = {path.name: path.read_text(encoding="utf-8") for path in sorted((Path(__file__).parents[1] / "model/golden_nftables").glob("*.nft"))}
SCRIPT = r"""
cd /files
nft add table inet other >kernel 2>&1 || exit 0
nft add chain inet other input '{ type filter hook input priority 0; }'
for file in *.nft; do
    { nft --check --file "$file" && nft --file "$file" && nft --file "$file"; } >"$file.out" 2>&1 || echo refused >>"$file.out"
    nft list tables >"$file.tables"
    nft delete table inet "$(sed -n 's/^delete table inet //p' "$file")"
done
"""


@pytest.fixture(scope="module")
def answers(root: Path) -> dict[str, str]:
    if not (root / "usr/sbin/nft").exists():
        pytest.skip(f"no nft in {root}: run tools/keepalived_roots")
    broken = {"broken.nft": TABLES["marks.nft"].replace("dport 80 ", "dport 80000 ")}
    found = run(root, {**TABLES, **broken}, SCRIPT)
    if found["kernel"]:
        pytest.skip("the kernel has no nftables: " + found["kernel"].splitlines()[0])
    return found


@pytest.mark.parametrize("name", TABLES)
def test_nft_takes_it_twice(answers: dict[str, str], name: str) -> None:
    assert answers[name + ".out"] == ""
    own = "lvs_web_shop" if name == "firewall_and_marks.nft" else "lvs_web"
    assert answers[name + ".tables"].splitlines() == ["table inet other", "table inet " + own]


def test_nft_refuses_a_broken_one(answers: dict[str, str]) -> None:
    assert "refused" in answers["broken.nft.out"]
