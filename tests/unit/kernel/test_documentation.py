# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation of each module says the same as its argument spec, down to the suboptions."""

from __future__ import annotations

import importlib
import pathlib

import pytest
import yaml

PREFIX = "ansible_collections.lvs.cluster.plugins."
MODULES = sorted(
    path.stem
    for path in (pathlib.Path(__file__).parents[3] / "plugins" / "modules").glob("*.py")
    if path.stem.startswith("ipvs_") or path.stem == "vip"
)
WORDS = ("type", "elements", "choices", "default", "required")


def documented(name):
    """Options of a module with those of the fragments it extends."""
    module = importlib.import_module(PREFIX + "modules." + name)
    documentation = yaml.safe_load(module.DOCUMENTATION)
    options = {}
    for reference in documentation.get("extends_documentation_fragment", []):
        namespace, collection, fragment, *part = reference.split(".")
        assert (namespace, collection) == ("lvs", "cluster")
        found = importlib.import_module(PREFIX + "doc_fragments." + fragment).ModuleDocFragment
        text = getattr(found, part[0].upper() if part else "DOCUMENTATION")
        options.update((yaml.safe_load(text) or {}).get("options", {}))
    options.update(documentation.get("options", {}))
    return options


def shape(option, nested):
    plain = {word: option[word] for word in WORDS if option.get(word) not in (None, False)}
    plain.setdefault("type", "str")
    if "choices" in plain:
        plain["choices"] = list(plain["choices"])
    if option.get("aliases"):
        plain["aliases"] = list(option["aliases"])
    if option.get(nested):
        plain["options"] = {name: shape(sub, nested) for name, sub in option[nested].items()}
    return plain


@pytest.mark.parametrize("name", MODULES)
def test_documentation_is_the_argument_spec(name):
    argspec = importlib.import_module(PREFIX + "module_utils._argspec." + name)
    # Some modules check suboptions by the model, not by Ansible.
    spec = getattr(argspec, "DOCUMENTED_SPEC", argspec.ARGUMENT_SPEC)
    said = {option: shape(value, "suboptions") for option, value in documented(name).items()}
    assert said == {option: shape(value, "options") for option, value in spec.items()}


@pytest.mark.parametrize("name", MODULES)
def test_examples_use_options_that_exist(name):
    module = importlib.import_module(PREFIX + "modules." + name)
    options = set(documented(name))
    tasks = [task for task in yaml.safe_load(module.EXAMPLES) if "lvs.cluster." + name in task]
    assert tasks
    for task in tasks:
        assert set(task["lvs.cluster." + name] or {}) <= options


@pytest.mark.parametrize("name", MODULES)
def test_module_is_thin(name):
    module = importlib.import_module(PREFIX + "modules." + name)
    text = pathlib.Path(module.__file__).read_text()
    code = text[text.rindex('"""\n') :].splitlines()[1:]
    assert len([line for line in code if line.strip()]) <= 40
