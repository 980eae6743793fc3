# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the tables of docs/health_checks.md from the types in _checks. Run it by
``PYTHONPATH=.build/tree python tools/health_check_docs.py``; a test holds that it was run."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.lvs.cluster.plugins.module_utils._checks.base import TIMING, CheckType
from ansible_collections.lvs.cluster.plugins.module_utils._checks.registry import LATER, TYPES
from ansible_collections.lvs.cluster.plugins.module_utils._model.fields import Field

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "health_checks.md"
BEGIN = "<!-- Made by tools/health_check_docs.py from plugins/module_utils/_checks: change it there. -->\n"
END = "<!-- End of what is made. -->\n"
HEAD = "| field | value | default | meaning | lvs.cf |\n|---|---|---|---|---|\n"


def _default(field: Field) -> str:
    if field.required:
        return "**required**"
    if field.derived:
        return field.derived
    if field.default is None:
        return "none"
    plain = ", ".join(field.default) if isinstance(field.default, list) else field.default
    return "`%s`" % (str(plain).lower() if isinstance(plain, bool) else plain)


def _table(fields: tuple[Field, ...], later: bool = False) -> str:
    rows = []
    for field in fields:
        words = field.type.words + (" *(later)*" if not field.implemented and not later else "")
        rows.append("| %s |\n" % " | ".join(cell.replace("|", "\\|") for cell in ("`%s`" % field.name, words, _default(field), field.doc, field.lvs_cf)))
    return HEAD + "".join(rows)


def _section(check_type: CheckType, later: bool) -> str:
    title = "### %s%s\n\n" % (check_type.name, " (later)" if later else "")
    timing = {field.name: field for field in TIMING}
    own = tuple(field for field in check_type.fields if timing.get(field.name) != field)
    text = title + check_type.summary + "\n\n"
    if own:
        text += _table(own, later) + "\n"
    return text


def tables() -> str:
    """The part between the marks: the timing, then every type."""
    text = "### Fields of every type but none\n\n" + _table(TIMING) + "\n"
    text += "".join(_section(check_type, False) for check_type in TYPES.values())
    return text + "".join(_section(check_type, True) for check_type in LATER.values())


def document(current: str) -> str:
    """The document with its tables as they are now."""
    before, rest = current.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    return before + BEGIN + tables() + END + after


if __name__ == "__main__":
    TARGET.write_text(document(TARGET.read_text(encoding="utf-8")), encoding="utf-8")
