# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kinds that hold others: lists, mappings with declared fields, mappings of names. See kinds.py."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model.fields import Field, read_fields
from ansible_collections.lvs.cluster.plugins.module_utils._model.kinds import Kind, Text
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report, join, one_of, shown


class ListOf(Kind):
    def __init__(self, item: Kind, at_least: int = 0, words: str = "") -> None:
        self.item = item
        self.at_least = at_least
        self.words = words or "a list, each item " + item.words

    def read(self, value: Any, path: str, report: Report) -> list[Any] | None:
        if not isinstance(value, (list, tuple)):
            report.add(path, "%s stands where a list belongs" % shown(value), "begin each item with '- '; give " + self.words)
            return None
        if len(value) < self.at_least:
            report.add(path, "is empty" if not value else "has %d items" % len(value), "give at least %d" % self.at_least)
        return [self.item.read(item, join(path, number), report) for number, item in enumerate(value)]


class Record(Kind):
    """A mapping with declared fields.

    shorthand: a value that is no mapping is taken for this field alone (``quorum: 2`` is ``{servers: 2}``).
    """

    def __init__(self, fields: Iterable[Field], words: str = "a mapping", shorthand: str = "") -> None:
        self.fields = tuple(fields)
        self.words = words
        self.shorthand = shorthand

    def read(self, value: Any, path: str, report: Report) -> dict[str, Any] | None:
        if isinstance(value, Mapping):
            return read_fields(self.fields, value, path, report)
        if self.shorthand and not isinstance(value, (list, tuple)):
            field = next(f for f in self.fields if f.name == self.shorthand)
            plain = field.type.read(value, path, report)
            if plain is None:
                return None
            return read_fields(self.fields, {self.shorthand: plain}, path, report)
        report.add(path, "%s stands where a mapping belongs" % shown(value), "give " + self.words)
        return None


class WordOrRecord(Record):
    """A mapping, or one of a few words, which is read as itself."""

    def __init__(self, fields: Iterable[Field], known: Iterable[str]) -> None:
        self.known = tuple(known)
        super().__init__(fields, "a mapping, or " + one_of(self.known))

    def read(self, value: Any, path: str, report: Report) -> Any:
        for word in self.known:
            if isinstance(value, str) and value == word:
                return word
        return super().read(value, path, report)


class MappingOf(Kind):
    """Names to values; a None inside means an item that was wrong."""

    def __init__(self, key: Text, item: Kind, at_least: int = 0, words: str = "") -> None:
        self.key = key
        self.item = item
        self.at_least = at_least
        self.words = words or "a mapping of names"

    def read(self, value: Any, path: str, report: Report) -> dict[str, Any] | None:
        if not isinstance(value, Mapping):
            report.add(path, "%s stands where a mapping of names belongs" % shown(value), "give " + self.words)
            return None
        if len(value) < self.at_least:
            report.add(path, "is empty", "give at least %d" % self.at_least)
        result = {}
        for name, item in value.items():
            plain = self.key.read(name, join(path, str(name)), report)
            if item is None:
                report.add(join(path, str(name)), "is empty", "give " + self.item.words)
                continue
            read = self.item.read(item, join(path, str(name)), report)
            if plain is not None:
                result[plain] = read
        return result
