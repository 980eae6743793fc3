# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
from pathlib import Path

import pytest

from . import checker


@pytest.fixture(scope="session", params=list(checker.SUITES))
def root(request: pytest.FixtureRequest) -> Path:
    """The root file system of a Debian with keepalived. LVS_CHECKERS names another folder that holds them."""
    folder = Path(os.environ.get("LVS_CHECKERS", checker.REPOSITORY / ".build/checkers")) / request.param
    why = checker.missing(folder)
    if why and os.environ.get("LVS_CHECKERS_REQUIRED"):
        pytest.fail(why)
    if why:
        pytest.skip(why)
    return folder
