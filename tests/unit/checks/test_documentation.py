# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""docs/health_checks.md tells what is so: its tables are made from the types, its examples are read and rendered."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest
import yaml

from ansible_collections.lvs.cluster.plugins.module_utils._checks.base import Target, worst_case
from ansible_collections.lvs.cluster.plugins.module_utils._checks.external import External, arguments, environment
from ansible_collections.lvs.cluster.plugins.module_utils._checks.registry import LATER, TYPES
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.text import write
from ansible_collections.lvs.cluster.plugins.module_utils._model.health import HealthCheck, complete
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report

ROOT = Path(__file__).resolve().parents[3]
TEXT = (ROOT / "docs" / "health_checks.md").read_text(encoding="utf-8")
# Those of whole virtual servers are rendered by the tests of keepalived
EXAMPLES = [example for block in re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL) if "health_check" in (example := yaml.safe_load(block))]
TARGET = Target("www", "tcp", "192.0.2.100", 80, "web1", "10.0.0.11", 8080, "keepalived_script")


def check_of(example):
    """The complete check of an example, read as a definition is."""
    report = Report()
    check, _why = complete(HealthCheck().read(example["health_check"], "health_check", report), None, "tcp", 80, "health_check", report)
    assert [str(problem) for problem in report] == []
    return check


def test_the_tables_are_up_to_date():
    spec = importlib.util.spec_from_file_location("health_check_docs", ROOT / "tools" / "health_check_docs.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.document(TEXT) == TEXT, "run tools/health_check_docs.py"


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_every_example_renders(example):
    check = check_of(example)
    block = TYPES[check["type"]].block(check, TARGET)
    assert check["type"] == "none" or len(write([block])) >= 2


def test_there_is_an_example_of_every_type():
    assert {check_of(example)["type"] for example in EXAMPLES} == set(TYPES)


def test_every_type_and_field_is_in_the_tables():
    for check_type in [*TYPES.values(), *LATER.values()]:
        assert f"\n### {check_type.name}" in TEXT
        assert all(f"\n| `{field.name}` |" in TEXT for field in check_type.fields)


def test_the_arithmetic():
    fast = next(check_of(example) for example in EXAMPLES if "interval: 1," in str(example) or example["health_check"] == {
        "type": "tcp", "interval": 1, "timeout": 0.5, "retries": 1, "retry_delay": 0.5})  # fmt: skip
    assert worst_case(fast) == 2.5
    assert "1 + 2 × 0.5 + 0.5 = 2.5 s" in TEXT
    assert worst_case(check_of({"health_check": "tcp"})) == 10
    assert "5 + 2 × 2 + 1 = 10 s" in TEXT


def test_the_environment_is_documented():
    check = check_of({"health_check": {"type": "external", "command": ["/bin/true"]}})
    names = {line.split("=")[0] for line in environment(check, TARGET)}
    assert names == set(re.findall(r"`(LVS_[A-Z_]+)`", TEXT))
    assert "check-shop --deep " + " ".join(arguments(TARGET)) in TEXT
    assert External.name in TYPES
