# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of several clusters at the same time: a pytest for each lane, what they said one after the other.

    python -m lvslab.lanes WHERE LANE LANE…

Each test there has a mark, `pytest.mark.lane("a")`; those of one lane run in their order. (The groups of pytest-xdist 3.8 do
not work with pytest 9.)
"""

from __future__ import annotations

import subprocess
import sys

OPTIONS = ["-p", "lvslab.fixtures", "-rA", "--tb=short", "--no-header", "--durations", "0", "--durations-min", "3"]


def main(where: str, *lanes: str) -> int:
    running = [subprocess.Popen([sys.executable, "-m", "pytest", *OPTIONS, "--lane", lane, where],
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for lane in lanes]
    outputs = [process.communicate()[0] for process in running]
    for lane, output in zip(lanes, outputs, strict=True):
        print(f"== lane {lane}\n{output}", flush=True)
    return max(process.returncode for process in running)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
