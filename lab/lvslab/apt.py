# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""apt for a suite that is not the machine's: own source list, own lists, own archive folder.

The mirror is the one that the machine's own sources name, so a machine behind a proxy or a mirror of its own works too.
"""

from __future__ import annotations

import re
from pathlib import Path

from lvslab import paths
from lvslab.install import run_quietly

DEFAULT_MIRROR = "http://deb.debian.org/debian"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
SOURCES = ("/etc/apt/sources.list.d/debian.sources", "/etc/apt/sources.list")


def mirror() -> str:
    """The Debian archive that this machine uses."""
    for name in SOURCES:
        path = Path(name)
        if not path.exists():
            continue
        text = "\n".join(line for line in path.read_text().splitlines() if not line.lstrip().startswith("#"))
        found = re.search(r"(?:^URIs:\s*|^deb\s+(?:\[[^]]*\]\s+)?)(\S*/debian)/?(?:\s|$)", text, re.MULTILINE)
        if found:
            return found.group(1)
    return DEFAULT_MIRROR


def security_mirror() -> str:
    return mirror() + "-security"


def source_lines(suite: str) -> str:
    """The lines of a sources.list for one suite; released ones with their security updates."""
    signed = f"[signed-by={KEYRING}] " if Path(KEYRING).exists() else ""
    lines = [f"deb {signed}{mirror()} {suite} main"]
    if suite in ("bookworm", "trixie"):
        lines.append(f"deb {signed}{security_mirror()} {suite}-security main")
    return "\n".join(lines) + "\n"


def options(suite: str, status: Path | None = None) -> list[str]:
    """The options that keep apt away from the machine's own lists and archives."""
    folder = paths.APT / suite
    for part in ("lists/partial", "cache/archives/partial"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    (folder / "sources.list").write_text(source_lines(suite))
    (folder / "status").touch()
    return [
        "-o", f"Dir::Etc::SourceList={folder}/sources.list",
        "-o", "Dir::Etc::SourceParts=/dev/null",
        "-o", "Dir::Etc::Preferences=/dev/null",
        "-o", "Dir::Etc::PreferencesParts=/dev/null",
        "-o", f"Dir::State::Lists={folder}/lists",
        "-o", f"Dir::State::status={status or folder / 'status'}",
        "-o", f"Dir::Cache={folder}/cache",
        # A mirror that is behind is good enough here; signatures are checked all the same.
        "-o", "Acquire::Check-Valid-Until=false",
        "-o", "APT::Sandbox::User=root",
        "-o", "APT::Default-Release=",
    ]


def update(suite: str) -> None:
    run_quietly(["apt-get", *options(suite), "update", "-qq"])


def download(suite: str, packages: list[str], into: Path) -> list[Path]:
    """Fetch the .deb files of exactly these packages (no dependencies)."""
    into.mkdir(parents=True, exist_ok=True)
    run_quietly(["apt-get", *options(suite), "download", *packages], cwd=into)
    return sorted(into.glob("*.deb"))
