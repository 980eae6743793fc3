# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A field of the definition. The tables of fields (`schema.py`, `_checks`) are made of these."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model.kinds import Kind
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report, join, nearest


@dataclass(frozen=True)
class Field:
    """One key of a mapping.

    name: the key.
    type: a Kind (kinds.py), which checks a value and brings it into its plain form.
    doc: one or two sentences for docs/definition.md.
    default: what stands in the normalised form when the key is absent or null. It isn't checked.
    derived: words that say where the value comes from when the default is computed later.
    implemented: False: defined and documented, but giving it is refused.
    lvs_cf, ipvsadm: the old terms for the same thing.
    """

    name: str
    type: Kind
    doc: str
    default: Any = None
    required: bool = False
    implemented: bool = True
    derived: str = ""
    lvs_cf: str = ""
    ipvsadm: str = ""


def defaults(fields: Iterable[Field]) -> dict[str, Any]:
    """What a mapping with these fields is when it is left out. For the default of a Field."""
    return {field.name: copy.deepcopy(field.default) for field in fields if field.implemented}


def suggestion(key: object, known: Mapping[str, Field]) -> str:
    """The remedy for a key that isn't known."""
    guess = nearest(key, known)
    if guess:
        return "did you mean %s?" % guess
    return "known here: " + ", ".join(name for name, field in known.items() if field.implemented)


def read_fields(fields: Iterable[Field], value: Mapping[str, Any], path: str, report: Report, partial: bool = False) -> dict[str, Any]:
    """Check a mapping against its fields: every key of `fields` is in the result, others are reported.

    A wrong value is reported and stands as None, so that whoever goes on can skip it.
    partial: only what is given is in the result, and nothing is missing.
    """
    known = {field.name: field for field in fields}
    for key in value:
        if key not in known:
            report.add(join(path, str(key)), "unknown key", suggestion(key, known))
    result = {}
    for name, field in known.items():
        given = value.get(name)
        if not field.implemented:
            if given is not None:
                report.add(join(path, name), "is not implemented yet", "leave it out")
        elif given is not None:
            result[name] = field.type.read(given, join(path, name), report)
        elif partial:
            continue
        elif field.required:
            report.add(join(path, name), "is missing", "give " + field.type.words)
            result[name] = None
        else:
            result[name] = copy.deepcopy(field.default)
    return result
