# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of the work tree, and copies of them for tools that need a tree of their own."""

from __future__ import annotations

import filecmp
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / ".build"

# What is in the repository but not in the collection. galaxy.yml's build_ignore says the same
# for people who build by hand; tests/unit/house holds the two together.
NOT_SHIPPED = (
    ".ansible-lint",
    ".build",
    ".ci",
    ".config",
    ".gitignore",
    ".yamllint",
    "Makefile",
    "changelogs/.plugin-cache.yaml",
    "lab",
    "molecule",
    "pyproject.toml",
    "tests",
    "tools",
)


def files() -> list[str]:
    """Paths below ROOT that git tracks or would track; those just deleted are left out."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return sorted(path for path in set(listed.split("\0")) if path and (ROOT / path).is_file())


def shipped() -> list[str]:
    """The files that belong to the collection."""
    return [path for path in files() if not any(path == no or path.startswith(no + "/") for no in NOT_SHIPPED)]


def digest(paths: list[str]) -> str:
    """One word for the names, modes and contents of the files."""
    whole = hashlib.sha256()
    for path in paths:
        content = (ROOT / path).read_bytes()
        mode = os.access(ROOT / path, os.X_OK)
        whole.update(f"{path}\0{mode}\0{len(content)}\0".encode())
        whole.update(content)
    return whole.hexdigest()[:12]


def copy(paths: list[str], target: Path, keep: tuple[str, ...] = ()) -> None:
    """Makes `target` hold exactly these files (and what tools keep in the folders `keep`).

    Unchanged files keep their time, so that tools' caches hold.
    """
    wanted = {target / path: ROOT / path for path in paths}
    for there in sorted(target.rglob("*"), reverse=True):
        inside = there.relative_to(target).as_posix()
        if any(inside == name or inside.startswith(name + "/") for name in (".git", *keep)):
            continue
        if there.is_dir() and not there.is_symlink():
            if not any(there.iterdir()):
                there.rmdir()
        elif there not in wanted:
            there.unlink()
    for there, source in wanted.items():
        if there.exists() and filecmp.cmp(source, there, shallow=False):
            shutil.copymode(source, there)
            continue
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, there)
