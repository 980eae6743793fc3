# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the golden files anew: PYTHONPATH=.build/tree python3 tests/unit/keepalived/regenerate.py; then read `git diff`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from cases import CASES

from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.render import render

GOLDEN = Path(__file__).parent / "golden"


def main() -> None:
    for old in GOLDEN.glob("*.conf"):
        if old.stem not in CASES:
            old.unlink()
    for name, make in CASES.items():
        (GOLDEN / f"{name}.conf").write_text(render(*make()), encoding="utf-8")
    print(f"{len(CASES)} files in {GOLDEN}")


if __name__ == "__main__":
    main()
