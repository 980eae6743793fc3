# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for every file of the repository."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import tree
import yaml

LONGEST = 500  # lines
# Not written by hand, or not ours: how long they are is not a matter of style.
ANY_LENGTH = {"COPYING", "docs/definition.md", "changelogs/changelog.yaml", "CHANGELOG.md"}
# Folders at the root of any Debian; paths below them may be named.
COMMON = set("bin boot dev etc home lib lib32 lib64 libx32 lost+found media mnt opt proc root run sbin srv sys tmp usr var".split())
LICENCE = [
    "# Copyright: (c) 2026, the lvs.cluster contributors",
    "# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)",
    "# SPDX-License-Identifier: GPL-3.0-or-later",
]

OF_THE_SCENARIO = {"prepare", "converge", "side_effect", "verify", "cleanup"}      # of molecule's actions


def texts() -> dict[str, str]:
    """Every text file and its content."""
    found = {}
    for path in tree.files():
        content = (tree.ROOT / path).read_bytes()
        if b"\0" not in content:
            found[path] = content.decode()
    return found


def machine_folders() -> set[str]:
    """Folders that only this machine has: the project's own, and unusual ones at the root."""
    unusual = {f"/{path.name}/" for path in Path("/").iterdir() if path.is_dir() and path.name not in COMMON and not path.name.startswith(".")}
    return unusual | {f"{tree.ROOT}/"}


def test_no_file_names_a_path_of_this_machine() -> None:
    folders = "|".join(re.escape(folder) for folder in sorted(machine_folders()))
    pattern = re.compile(rf"(?<![\w.}}/)-])(?:{folders})\w")
    found = [
        f"{path}:{number}: {line.strip()[:100]}"
        for path, text in texts().items()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]
    assert not found


def test_no_file_is_too_long() -> None:
    counted = {path: text.count("\n") for path, text in texts().items() if path not in ANY_LENGTH and "/golden/" not in path}
    found = {path: count for path, count in counted.items() if count > LONGEST}
    assert not found, "split these: one purpose for each file"


def python_files() -> list[str]:
    return [path for path, text in texts().items() if text.strip() and (path.endswith(".py") or re.match(r"#!.*\bpython", text))]


@pytest.mark.parametrize("path", python_files())
def test_python_file_begins_with_the_licence(path: str) -> None:
    lines = (tree.ROOT / path).read_text().splitlines()
    if lines[0].startswith("#!"):
        lines = lines[1:]
    assert lines[:3] == LICENCE


def test_the_build_leaves_out_what_galaxy_yml_says() -> None:
    galaxy = yaml.safe_load((tree.ROOT / "galaxy.yml").read_text())
    assert sorted(galaxy["build_ignore"]) == sorted(tree.NOT_SHIPPED)


def test_every_relative_link_of_the_documentation_leads_somewhere() -> None:
    found = []
    for path, text in texts().items():
        if path.endswith(".md"):
            for target in re.findall(r"\]\(([^)#\s]+)", text):
                if "://" not in target and not ((tree.ROOT / path).parent / target).exists():
                    found.append(f"{path}: {target}")
    assert not found


def played() -> list[tuple[str, str]]:
    """(scenario, action with its arguments) of every test sequence, where the action is to play or test something of the scenario's own."""
    shared = yaml.safe_load((tree.ROOT / ".config/molecule/config.yml").read_text())["scenario"]["test_sequence"]
    found = []
    for path in sorted((tree.ROOT / "molecule").glob("*/molecule.yml")):
        sequence = yaml.safe_load(path.read_text()).get("scenario", {}).get("test_sequence", shared)
        own = [action for action in sequence if action.split()[0] in OF_THE_SCENARIO]
        found += [(path.parent.name, action) for action in dict.fromkeys(own)]
    return found


@pytest.mark.parametrize(("scenario", "action"), played())
def test_every_action_of_a_scenario_has_its_playbooks(scenario: str, action: str) -> None:
    """Molecule passes over a playbook that is not there; one named as an argument is played only where the action's own is there."""
    name, *playbooks = action.split()
    wanted = ["tests/test_*.py"] if name == "verify" else [f"{name}.yml", *playbooks]
    assert [file for file in wanted if not list((tree.ROOT / "molecule" / scenario).glob(file))] == []
