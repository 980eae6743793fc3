# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""docs/definition.md is what the schema says."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[3]


def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("definition_docs", ROOT / "tools" / "definition_docs.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_document_is_the_generated_one() -> None:
    made = tool().document()
    committed = (ROOT / "docs" / "definition.md").read_text(encoding="utf-8")
    assert committed == made, "run: PYTHONPATH=.build/tree python tools/definition_docs.py"


def test_every_field_is_in_it() -> None:
    module = tool()
    text = module.document()
    tables = [module.schema.CLUSTER]
    seen = 0
    while tables:
        for field in tables.pop():
            seen += 1
            assert "`%s`" % field.name in text, field.name
            assert field.doc.endswith("."), field.name
            inner = module._record(field.type)
            if inner:
                tables.append(inner.fields)
    assert seen > 80
