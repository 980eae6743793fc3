# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""For all tests: where everything is to be tested, a skipped test is a failure.

`make test` sets LVS_SKIPS=fail: it made everything that a test may need. By hand a test may be
skipped where something is missing, and pytest says so.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

# Where tests are run without tools/env, too, hypothesis keeps its examples in .build.
os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(Path(__file__).parent.parent / ".build" / "cache" / "hypothesis"))


def skipped(session: pytest.Session) -> list[pytest.TestReport]:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    return reporter.stats.get("skipped", []) if reporter else []


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if exitstatus == pytest.ExitCode.OK and os.environ.get("LVS_SKIPS") == "fail" and skipped(session):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = terminalreporter.stats.get("skipped", [])
    if os.environ.get("LVS_SKIPS") == "fail":
        for report in reports:
            terminalreporter.write_line(f"SKIPPED, which counts as failed here: {report.nodeid}: {report.longrepr[-1]}")
