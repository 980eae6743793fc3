# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A role's defaults, its argument specs and the variables it uses are the same set."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import tree
import yaml

# Read by all roles, documented once for all.
SHARED = {"lvs_cluster"}


def roles() -> list[str]:
    return sorted({path.split("/")[1] for path in tree.shipped() if path.startswith("roles/")})


def load(path: Path) -> Any:
    return (yaml.safe_load(path.read_text()) or {}) if path.exists() else {}


def specs(role: Path) -> dict[str, dict[str, Any]]:
    """All options of all entry points of the role."""
    found: dict[str, dict[str, Any]] = {}
    for entry in load(role / "meta" / "argument_specs.yml").get("argument_specs", {}).values():
        found.update(entry.get("options") or {})
    return found


def disagreements(name: str, defaults: dict[str, Any], options: dict[str, dict[str, Any]], internal: set[str], used: set[str]) -> list[str]:
    """What is wrong, a line each. `internal`: variables of vars/; `used`: those named in tasks and templates."""
    found = []
    for variable in sorted((set(defaults) | set(options)) - SHARED):
        if not variable.startswith(name + "_"):
            found.append(f"{variable}: does not begin with {name}_")
    for variable in sorted(internal):
        if not variable.startswith(f"__{name}_"):
            found.append(f"{variable}: of vars/, does not begin with __{name}_")
    for variable in sorted(set(defaults) - set(options)):
        found.append(f"{variable}: has a default, is not in meta/argument_specs.yml")
    for variable, option in sorted(options.items()):
        if not option.get("description"):
            found.append(f"{variable}: has no description")
        if variable in defaults:
            if option.get("required"):
                found.append(f"{variable}: is required, and has a default")
            elif option.get("default") != defaults[variable]:
                found.append(f"{variable}: the default is {defaults[variable]!r}, documented is {option.get('default')!r}")
        elif "default" in option:
            found.append(f"{variable}: the documented default {option['default']!r} is not in defaults/main.yml")
    for variable in sorted(used - set(options) - internal):
        found.append(f"{variable}: is used, is not in meta/argument_specs.yml")
    return found


def variables_used(role: Path, name: str) -> set[str]:
    """Words that begin like a public variable of the role. File names and internals do not count."""
    found: set[str] = set()
    for folder in ("tasks", "handlers", "templates", "defaults", "vars"):
        for path in (role / folder).rglob("*"):
            if path.is_file():
                text = re.sub(r"(?m)^\s*#.*$", "", path.read_text())
                found |= set(re.findall(rf"(?<![\w./-]){name}_[a-z0-9_]+\b(?![./-]\w)", text))
    return found


@pytest.mark.parametrize("name", roles())
def test_defaults_and_argument_specs_agree(name: str) -> None:
    role = tree.ROOT / "roles" / name
    internal: set[str] = set()
    for path in (role / "vars").glob("*.yml"):
        internal |= set(load(path))
    options = specs(role)
    assert options, f"roles/{name}/meta/argument_specs.yml has no options"
    assert not disagreements(name, load(role / "defaults" / "main.yml"), options, internal, variables_used(role, name))


@pytest.mark.parametrize("name", roles())
def test_every_entry_point_has_its_tasks(name: str) -> None:
    role = tree.ROOT / "roles" / name
    entries = load(role / "meta" / "argument_specs.yml")["argument_specs"]
    assert "main" in entries
    for entry, spec in entries.items():
        assert (role / "tasks" / f"{entry}.yml").exists(), f"entry point {entry} has no tasks/{entry}.yml"
        assert spec.get("short_description"), f"entry point {entry} has no short_description"


@pytest.mark.parametrize(
    ("defaults", "options", "internal", "used", "word"),
    [
        ({"r_a": 1}, {}, set(), set(), "is not in meta"),
        ({"r_a": 1}, {"r_a": {"description": "x", "default": 2}}, set(), set(), "documented is 2"),
        ({"r_a": 1}, {"r_a": {"description": "x", "required": True}}, set(), set(), "is required"),
        ({}, {"r_a": {"description": "x", "default": 2}}, set(), set(), "not in defaults"),
        ({}, {"b": {"description": "x"}}, set(), set(), "does not begin with r_"),
        ({}, {"r_a": {}}, set(), set(), "no description"),
        ({}, {}, {"r_hidden"}, set(), "__r_"),
        ({}, {}, set(), {"r_other"}, "is used"),
    ],
)
def test_a_disagreement_is_seen(defaults: dict[str, Any], options: dict[str, Any], internal: set[str], used: set[str], word: str) -> None:
    found = disagreements("r", defaults, options, internal, used)
    assert len(found) == 1
    assert word in found[0]


def tasks_of(found: Any) -> list[dict[str, Any]]:
    """Every mapping of a playbook or task file that has a name, however deep in blocks."""
    if isinstance(found, list):
        return sum(map(tasks_of, found), [])
    if not isinstance(found, dict):
        return []
    return [found, *sum((tasks_of(found[key]) for key in ("tasks", "block", "rescue", "always", "pre_tasks", "post_tasks") if key in found), [])]


def test_a_task_that_passes_over_lost_hosts_passes_over_errors_too() -> None:
    """With any_errors_fatal, or where a task runs once, ansible-core ends the play for all hosts at a host that is lost, though it is to be ignored,
    and says nothing; not so with ignore_errors. What failed is then told by the next task."""
    texts = {path: path.read_text() for folder in ("playbooks", "roles") for path in (tree.ROOT / folder).rglob("*.yml")}
    named = {str(path.relative_to(tree.ROOT)): yaml.safe_load(text) for path, text in texts.items() if "ignore_unreachable" in text}
    tasks = [(path, task) for path, found in named.items() for task in tasks_of(found)]
    careful = [(path, task) for path, task in tasks if task.get("ignore_unreachable")]
    assert len(careful) > 10
    assert [(path, task["name"]) for path, task in careful if not task.get("ignore_errors")] == []
