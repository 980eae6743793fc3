# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules: documented, thin, and reached by the action group."""

from __future__ import annotations

import ast
from typing import Any

import pytest
import tree
import yaml

LONGEST_CODE = 40  # lines below the documentation


def modules() -> list[str]:
    return sorted(
        path.removeprefix("plugins/modules/").removesuffix(".py")
        for path in tree.shipped()
        if path.startswith("plugins/modules/") and path.endswith(".py") and not path.endswith("__init__.py")
    )


def runtime() -> dict[str, Any]:
    return yaml.safe_load((tree.ROOT / "meta" / "runtime.yml").read_text())


def texts(module: str) -> dict[str, str]:
    """The string constants at the top level of the module."""
    parsed = ast.parse((tree.ROOT / "plugins" / "modules" / f"{module}.py").read_text())
    return {
        node.targets[0].id: node.value.value
        for node in parsed.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }


@pytest.mark.parametrize("module", modules())
def test_documentation_is_complete(module: str) -> None:
    parts = texts(module)
    assert {"DOCUMENTATION", "EXAMPLES", "RETURN"} <= set(parts)
    documentation = yaml.safe_load(parts["DOCUMENTATION"])
    assert documentation["module"] == module
    assert documentation["short_description"]
    assert documentation["description"]
    uses = [task for task in yaml.safe_load(parts["EXAMPLES"]) if f"lvs.cluster.{module}" in str(task)]
    assert uses, f"no example calls lvs.cluster.{module}"
    assert isinstance(yaml.safe_load(parts["RETURN"]), dict)


@pytest.mark.parametrize("module", modules())
def test_module_is_thin(module: str) -> None:
    path = tree.ROOT / "plugins" / "modules" / f"{module}.py"
    below = max(node.end_lineno or 0 for node in ast.parse(path.read_text()).body if isinstance(node, ast.Assign))
    code = [line for line in path.read_text().splitlines()[below:] if line.strip()]
    assert len(code) <= LONGEST_CODE, "the work belongs to module_utils/_module"


@pytest.mark.parametrize("module", modules())
def test_module_is_in_the_action_group(module: str) -> None:
    assert module in runtime()["action_groups"]["all"], f"add {module} to action_groups in meta/runtime.yml"


def test_action_groups_name_modules_that_exist() -> None:
    for group, names in runtime()["action_groups"].items():
        assert set(names) <= set(modules()), f"group {group}"
        assert names == sorted(names), f"group {group} is not in order"


def test_an_action_plugin_has_its_documentation() -> None:
    plugins = {path.split("/")[-1].removesuffix(".py") for path in tree.shipped() if path.startswith("plugins/action/")}
    assert plugins - {"__init__"} <= set(modules())
