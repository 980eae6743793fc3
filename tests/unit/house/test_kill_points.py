# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tests that kill a deploy name the task in which it dies: by words that a task of it has."""

from __future__ import annotations

import ast
import re

import tree


def constant(path: str, name: str) -> list:
    """The value of a list of literals in a Python file that can't be imported outside the lab."""
    body = ast.parse((tree.ROOT / path).read_text()).body
    (found,) = (node.value for node in body if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == name)
    return ast.literal_eval(found)


def names_of_tasks() -> str:
    """The names in the playbooks and roles, without those of plays, which stand at the beginning of a line."""
    texts = [path.read_text() for folder in ("playbooks", "roles") for path in (tree.ROOT / folder).rglob("*.yml")]
    names = [re.findall(r"^ +- name: (.+)$" if "\n  hosts: " in text or "import_playbook" in text else r"^ *- name: (.+)$", text, re.M) for text in texts]
    return "\n".join(sum(names, []))


def test_every_point_at_which_a_deploy_is_killed_is_a_task() -> None:
    changing = constant("molecule/default/before/test_killed.py", "CHANGING")
    points = constant("tests/matrix/faults.py", "KILLED_AT") + [task for _cluster, task, _time in changing]
    assert len(points) > 10
    assert [point for point in points if point not in names_of_tasks()] == []
