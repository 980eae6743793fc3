# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`make lint`: what can be said about the files without running them."""

from __future__ import annotations

import os
import subprocess
import sys

import tree
from steps import Step, chosen, run_all

PURE = ("_model", "_checks", "_keepalived", "_prober")
UTILS = "plugins/module_utils"


def shell_scripts(paths: list[str]) -> list[str]:
    """Files that begin like a shell script, or are named like one."""
    found = []
    for path in paths:
        if path.endswith((".j2", ".py", ".yml", ".md")):
            continue
        with (tree.ROOT / path).open("rb") as file:
            first = file.readline(80)
        if path.endswith(".sh") or (first.startswith(b"#!") and first.rstrip().endswith((b"/sh", b"bash", b" sh"))):
            found.append(path)
    return found


def python_files(paths: list[str]) -> list[str]:
    """Python by name or by its first line, so that programs without an ending are checked too."""
    found = []
    for path in paths:
        with (tree.ROOT / path).open("rb") as file:
            first = file.readline(80)
        if path.endswith(".py") or (first.startswith(b"#!") and b"python" in first):
            found.append(path)
    return found


def steps() -> list[Step]:
    paths = tree.files()
    copy = tree.BUILD / "lint" / "ansible_collections" / "lvs" / "cluster"
    tree.copy(tree.shipped(), copy)
    subprocess.run(["git", "init", "-q", str(copy)], check=True)

    pure = [name for name in PURE if (tree.ROOT / UTILS / name).is_dir()]
    packages = [
        part for name in pure for part in ("-p", f"ansible_collections.lvs.cluster.plugins.module_utils.{name}")
    ]
    os.environ["MYPYPATH"] = str(tree.BUILD / "tree")
    yaml = [path for path in paths if path.endswith((".yml", ".yaml")) or path in (".yamllint", ".ansible-lint")]
    return [
        Step("ruff", ["ruff", "check", "--output-format=concise", "--force-exclude", *python_files(paths)], "Python"),
        Step("mypy", ["mypy", *packages], "types of the pure packages"),
        Step("shellcheck", ["shellcheck", *shell_scripts(paths)], "shell scripts"),
        Step("yamllint", ["yamllint", "--strict", *yaml], "YAML"),
        Step("ansible-lint", ["ansible-lint", "--offline", "--profile", "production", "-q", "--nocolor"], "roles and playbooks"),
        Step(
            "docs",
            ["antsibull-docs", "lint-collection-docs", "--plugin-docs", "--skip-rstcheck", str(copy)],
            "documentation of plugins and roles",
        ),
        Step("changelog", ["antsibull-changelog", "lint"], "fragments"),
    ]


if __name__ == "__main__":
    sys.exit(run_all("lint", chosen(steps(), sys.argv[1:]), quiet=True))
