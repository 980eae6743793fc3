# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Labs of the tests' own: started once for the session, stopped whatever happens."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from program import BASE, TOPOLOGY, LabUnderTest


@pytest.fixture(scope="session")
def lab():
    lab = LabUnderTest(BASE)
    lab.do("up", str(TOPOLOGY))
    yield lab
    lab.do("down")
