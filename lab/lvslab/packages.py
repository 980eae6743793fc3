# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The package folder of a suite: what tests and roles install, with all dependencies that the base image lacks."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path

from lvslab import apt, paths
from lvslab.install import run_quietly
from lvslab.say import step

LIST = Path(__file__).parents[1] / "packages.txt"


def wanted() -> list[str]:
    lines = (line.split("#")[0].strip() for line in LIST.read_text().splitlines())
    return [line for line in lines if line]


def ensure(suite: str) -> Path:
    """A folder that apt can use as `file:` repository; made when the list or the image has changed."""
    folder = paths.PACKAGES / suite
    status = paths.ROOTS / suite / "var/lib/dpkg/status"
    key = hashlib.sha256(("\n".join(wanted()) + status.read_text()).encode()).hexdigest()
    stamp = folder / ".complete"
    if stamp.exists() and stamp.read_text() == key:
        return folder
    paths.PACKAGES.mkdir(parents=True, exist_ok=True)
    told = step(f"fetching packages of Debian {suite} ({len(wanted())} and what they need)")
    with told, tempfile.TemporaryDirectory(dir=paths.PACKAGES, prefix=f".{suite}-") as scratch:
        apt.update(suite)
        made = Path(scratch) / "made"
        (made / "partial").mkdir(parents=True)
        run_quietly(["apt-get", *apt.options(suite, status), "-o", f"Dir::Cache::archives={made}", "-o", "APT::Install-Recommends=false",
                     "install", "-y", "--download-only", *wanted()])
        shutil.rmtree(made / "partial", ignore_errors=True)
        (made / "lock").unlink(missing_ok=True)
        index = run_quietly(["sh", "-c", "dpkg-scanpackages --multiversion . 2>/dev/null"], cwd=made)
        (made / "Packages").write_text(index)
        (made / ".complete").write_text(key)
        shutil.rmtree(folder, ignore_errors=True)
        made.rename(folder)
        folder.chmod(0o755)
    return folder
