# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dependencies point one way: playbooks -> roles -> plugins -> _module -> {_kernel, _host, _argspec} -> pure packages.

The table below is the rule; the test reads the imports by ast, so no import is run.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
import tree

PREFIX = "ansible_collections.lvs.cluster.plugins."
UTILS = "module_utils."

# Who may import what of ours, beside itself. A name of a package allows all of it; a name with a
# dot only that module. Whatever is not in the table is not allowed.
ALLOWED: dict[str, set[str]] = {
    # Pure: the standard library only, no input or output.
    "_model": {"_checks.registry"},  # and that from one module only, see ONE_PLACE
    "_checks": {"_model.fields", "_model.kinds", "_model.problems", "_keepalived.text", "_prober.dialogue", "_prober.escapes"},
    "_keepalived": {"_model", "_checks"},
    "_prober": set(),  # installed on the routers as it stands
    # The single source of argument specs.
    "_argspec": {"_model", "_checks", "_keepalived"},
    # Impure.
    "_kernel": {"_model"},
    "_host": {"_model", "_keepalived"},
    "_module": {"_kernel", "_host", "_argspec", "_model", "_checks", "_keepalived", "_prober"},
    # Plugins.
    "modules": {"_module", "_argspec"},
    "action": {"_argspec", "_model", "_checks", "_keepalived"},
    "filter": {"_model", "_checks", "_keepalived"},
    "doc_fragments": set(),
}
# An edge that closes a circle between packages, kept to one module, so that modules form none.
ONE_PLACE = {("_model", "_checks.registry"): {"_model.health"}}

PURE = {"_model", "_checks", "_keepalived", "_prober"}
# What of other people's code, beside the standard library, a package may import.
FOREIGN: dict[str, set[str]] = {
    "_argspec": {"ansible.module_utils"},
    "_kernel": {"ansible.module_utils", "pyroute2"},
    "_host": {"ansible.module_utils"},
    "_module": {"ansible.module_utils"},
    "modules": {"ansible.module_utils"},
    "action": {"ansible"},
    "filter": {"ansible"},
}
# Modules start programs by run_command; six is gone from ansible-core.
NEVER = {"subprocess", "six", "ansible.module_utils.six"}
# Input and output has no place in these. The prober lives on it, with the standard library.
NO_IO = {"asyncio", "fcntl", "glob", "http", "io", "os", "pathlib", "select", "shutil", "socket", "ssl", "tempfile", "urllib.request"}
# Plain arithmetic that lives in such a module.
NOT_IO = {"socket.AF_INET", "socket.AF_INET6", "socket.inet_ntop", "socket.inet_pton"}


def imports(source: str, package: str) -> set[str]:
    """Full names of all that is imported, at any depth of the code.

    `from a import b` is a.b; so is `import a` where the code goes on to use a.b.
    """
    found = set()
    parsed = ast.parse(source)
    used: dict[str, set[str]] = {}
    for node in ast.walk(parsed):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            used.setdefault(node.value.id, set()).add(f"{node.value.id}.{node.attr}")
    for node in ast.walk(parsed):
        if isinstance(node, ast.Import):
            for alias in node.names:
                found |= (not alias.asname and used.get(alias.name)) or {alias.name}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*parts, base]).rstrip(".")
            found |= {f"{base}.{alias.name}" for alias in node.names}
    return found


def short(name: str) -> str | None:
    """`_model.fields.Field` of the full name; None where it is not ours."""
    return name[len(PREFIX) :].removeprefix(UTILS) if name.startswith(PREFIX) else None


def begins(name: str, starts: set[str]) -> bool:
    return any(name == start or name.startswith(start + ".") for start in starts)


def complaints(module: str, names: set[str]) -> list[str]:
    """What is wrong with a module (`_model.fields`) that imports these full names."""
    package = module.split(".")[0]
    if package not in ALLOWED:
        return [f"{module}: package {package} is not in the table of this test"]
    found = []
    for name in sorted(names):
        ours = short(name)
        if ours is not None:
            wanted = ALLOWED[package] | {package}
            if not begins(ours, wanted):
                found.append(f"{module} imports {ours}: {package} may import only {', '.join(sorted(wanted))}")
            for (where, what), places in ONE_PLACE.items():
                if package == where and begins(ours, {what}) and module not in places:
                    found.append(f"{module} imports {ours}: only {', '.join(places)} may")
            continue
        if begins(name, NEVER) and package != "_prober":
            found.append(f"{module} imports {name}: use run_command of the module, and no six")
        if package in PURE - {"_prober"} and begins(name, NO_IO) and name not in NOT_IO:
            found.append(f"{module} imports {name}: a pure package does no input and output")
        if name.split(".")[0] not in sys.stdlib_module_names and not begins(name, FOREIGN.get(package, set())):
            found.append(f"{module} imports {name}: {package} may import the standard library{' only' if package in PURE else ' and its table'}")
    return found


def modules() -> dict[str, Path]:
    """Every Python file below plugins/: `_model.fields` or `modules.vip` to its path."""
    found = {}
    for path in tree.shipped():
        if path.startswith("plugins/") and path.endswith(".py"):
            name = path.removeprefix("plugins/").removeprefix("module_utils/").removesuffix(".py").replace("/", ".")
            found[name.removesuffix(".__init__")] = tree.ROOT / path
    return found


def read(module: str, path: Path) -> set[str]:
    inside = PREFIX + ("" if module.split(".")[0] in ("modules", "action", "filter", "doc_fragments") else UTILS) + module
    package = inside if path.name == "__init__.py" else inside.rpartition(".")[0]
    return imports(path.read_text(), package)


@pytest.mark.parametrize("module", sorted(modules()))
def test_imports_point_one_way(module: str) -> None:
    path = modules()[module]
    assert not complaints(module, read(module, path))


def test_no_module_imports_itself_by_a_detour() -> None:
    known = modules()
    edges = {}
    for module, path in known.items():
        ours = {short(name) for name in read(module, path)} - {None}
        # `from a.b import c` is module a.b, or module a.b.c where there is one.
        edges[module] = {name if name in known else name.rpartition(".")[0] for name in ours if name} & set(known)

    done: set[str] = set()

    def visit(module: str, way: list[str]) -> None:
        assert module not in way, "modules import each other in a circle: " + " -> ".join([*way[way.index(module) :], module])
        if module not in done:
            for target in sorted(edges[module] - {module}):
                visit(target, [*way, module])
            done.add(module)

    for module in sorted(edges):
        visit(module, [])
    assert done == set(known)


@pytest.mark.parametrize(
    ("module", "source", "word"),
    [
        ("_model.vips", "from ansible_collections.lvs.cluster.plugins.module_utils._kernel import ipvs", "_kernel"),
        ("_model.vips", "from ansible_collections.lvs.cluster.plugins.module_utils._checks.registry import TYPES", "only _model.health"),
        ("_model.vips", "from .._checks import registry", "only _model.health"),
        ("_model.vips", "import yaml", "standard library only"),
        ("_keepalived.text", "def f():\n    import os.path", "no input and output"),
        ("_model.table", "import socket\nsocket.inet_pton(socket.AF_INET, a)\nsocket.socket()", "socket.socket"),
        ("_kernel.ipvs", "import subprocess", "run_command"),
        ("_kernel.ipvs", "from ansible.module_utils.six import text_type", "no six"),
        ("modules.vip", "from ansible_collections.lvs.cluster.plugins.module_utils._kernel import ipvs", "_kernel"),
        ("_other.x", "", "not in the table"),
    ],
)
def test_a_wrong_import_is_seen(module: str, source: str, word: str) -> None:
    package = (PREFIX + UTILS + module).rpartition(".")[0]
    found = complaints(module, imports(source, package))
    assert len(found) == 1
    assert word in found[0]
