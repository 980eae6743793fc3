# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kinds of values: each checks a value as YAML gave it and returns its plain JSON form.

`read(value, path, report)` returns the plain value; a wrong one is reported and read as None.
Values may be tagged subclasses of str and int (ansible-core 2.19): results are always the plain types.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from typing import Any, Callable

from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report, nearest, one_of, shown

# Characters to which keepalived.conf gives a meaning, even inside quotes or at the start of a word.
CONFIG_CHARACTERS = "\"'{}\\#!$"


class Kind:
    """What a value may be. `words` completes the sentence 'give …'."""

    words = "a value"

    def read(self, value: Any, path: str, report: Report) -> Any:
        raise NotImplementedError


class Anything(Kind):
    """For fields that are not implemented: they are never read."""

    def __init__(self, words: str = "a value") -> None:
        self.words = words

    def read(self, value: Any, path: str, report: Report) -> Any:
        return value


class Text(Kind):
    """Text on one line that can stand in keepalived.conf."""

    def __init__(self, words: str = "text", pattern: str = "", forbidden: str = CONFIG_CHARACTERS, longest: int = 255) -> None:
        self.words = words
        self.pattern = pattern
        self.forbidden = forbidden
        self.longest = longest

    def read(self, value: Any, path: str, report: Report) -> str | None:
        if not isinstance(value, str):
            remedy = "give " + self.words
            if isinstance(value, bool):
                remedy = "put it in quotes (YAML reads yes, no, on and off as true and false), and give " + self.words
            elif isinstance(value, (int, float)):
                remedy = "put it in quotes, and give " + self.words
            report.add(path, "%s is not text" % shown(value), remedy)
            return None
        text = "".join(value)
        wrong = sorted({c for c in text if c in self.forbidden or not c.isprintable()})
        if wrong:
            report.add(
                path,
                "%s contains %s, which would break keepalived.conf" % (shown(text), one_of(_character(c) for c in wrong)),
                "leave it out; give " + self.words,
            )
        elif not text.strip():
            report.add(path, "is empty", "give " + self.words)
        elif len(text) > self.longest:
            report.add(path, "has %d characters" % len(text), "give at most %d" % self.longest)
        elif self.pattern and not re.match("(?:%s)\\Z" % self.pattern, text):
            report.add(path, "%s does not fit here" % shown(text), "give " + self.words)
        else:
            return text
        return None


def _character(character: str) -> str:
    names = {"\n": "a newline", "\r": "a carriage return", "\t": "a tab", '"': "a double quote", "'": "a single quote"}
    return names.get(character, character if character.isprintable() else "the control character " + ascii(character))


class Regex(Text):
    """A regular expression. keepalived reads PCRE2; what Python's re refuses is wrong there too, nearly always."""

    def __init__(self, words: str = "a regular expression", forbidden: str = "", longest: int = 1024) -> None:
        super().__init__(words, forbidden=forbidden, longest=longest)

    def read(self, value: Any, path: str, report: Report) -> str | None:
        text = super().read(value, path, report)
        if text is not None:
            try:
                re.compile(text)
            except re.error as error:
                where = "" if error.pos is None else " at character %d" % (error.pos + 1)
                report.add(path, "%s is not a regular expression (%s%s)" % (shown(text), error.msg, where), "correct it, or escape the character with \\")
                return None
        return text


class Label(Text):
    """The alias of an address; a number is taken as its digits."""

    def __init__(self) -> None:
        super().__init__("a number or a short name of letters, digits, . _ and -, at most 13 characters", "[A-Za-z0-9._-]{1,13}")

    def read(self, value: Any, path: str, report: Report) -> str | None:
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            value = str(int(value))
        return super().read(value, path, report)


class Choice(Kind):
    """One word of a few. `later`: words that are defined but not implemented yet."""

    def __init__(self, choices: Iterable[str], later: Iterable[str] = ()) -> None:
        self.choices = tuple(choices)
        self.later = tuple(later)
        self.words = one_of(self.choices)

    def read(self, value: Any, path: str, report: Report) -> str | None:
        word = "".join(value) if isinstance(value, str) else value
        if isinstance(word, str) and word in self.choices:
            return word
        if isinstance(word, str) and word in self.later:
            report.add(path, "%s is not implemented yet" % word, "give " + self.words)
            return None
        guess = nearest(word, self.choices)
        report.add(path, "%s is not known" % shown(value), ("did you mean %s? " % guess if guess else "") + "give " + self.words)
        return None


class Boolean(Kind):
    words = "true or false"

    def read(self, value: Any, path: str, report: Report) -> bool | None:
        if isinstance(value, bool):
            return bool(value)
        # Values of an INI inventory or of -e name=value come as text.
        word = value.lower() if isinstance(value, str) else None
        if word in ("true", "yes", "on"):
            return True
        if word in ("false", "no", "off"):
            return False
        report.add(path, "%s is neither true nor false" % shown(value), "give true or false")
        return None


class Integer(Kind):
    """An integer in a range; text of digits is taken too, as INI inventories give it."""

    def __init__(self, lowest: int, highest: int, noun: str = "a number", words: str = "") -> None:
        self.lowest = lowest
        self.highest = highest
        self.noun = noun
        self.words = words or "%d to %d" % (lowest, highest)

    def read(self, value: Any, path: str, report: Report) -> int | None:
        if isinstance(value, str) and re.match(r"-?[0-9]{1,10}\Z", value):
            value = int(value)
        if isinstance(value, int) and not isinstance(value, bool) and self.lowest <= value <= self.highest:
            return int(value)
        report.add(path, "%s is not %s" % (shown(value), self.noun), "give " + self.words)
        return None


class Port(Integer):
    def __init__(self) -> None:
        super().__init__(1, 65535, "a port")


class Seconds(Kind):
    """A time in seconds; `step` is the finest that can be expressed (0.01: centiseconds)."""

    def __init__(self, lowest: float, highest: float, step: float = 0.01) -> None:
        self.lowest = lowest
        self.highest = highest
        self.step = step
        self.words = "%s to %s seconds" % tuple(("%f" % limit).rstrip("0").rstrip(".") for limit in (lowest, highest)) + (
            ", whole ones" if step == 1 else ", in steps of %g" % step
        )

    def read(self, value: Any, path: str, report: Report) -> float | int | None:
        if isinstance(value, str) and re.match(r"[0-9]{1,9}(\.[0-9]{1,9})?\Z", value):
            value = float(value)
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not number or not self.lowest <= value <= self.highest:
            report.add(path, "%s is not a time that can be used here" % shown(value), "give " + self.words)
            return None
        steps = round(value / self.step)
        if abs(steps * self.step - value) > 1e-6:
            report.add(path, "%s is finer than can be expressed" % shown(value), "give " + self.words)
            return None
        return int(steps) if self.step == 1 else round(steps * self.step, 6)


class Address(Kind):
    """An IP address of one family (4, 6) or any (0), without prefix, in its shortest spelling."""

    def __init__(self, family: int = 4) -> None:
        self.family = family
        self.words = {4: "an IPv4 address such as 192.0.2.10", 6: "an IPv6 address such as 2001:db8::10", 0: "an address such as 192.0.2.10 or 2001:db8::10"}[
            family
        ]

    def read(self, value: Any, path: str, report: Report) -> str | None:
        if isinstance(value, str):
            text = "".join(value)
            own = {4: ipaddress.IPv4Address, 6: ipaddress.IPv6Address, 0: ipaddress.ip_address}[self.family]
            if _parses(own, text) and "%" not in text:
                found = ipaddress.ip_address(text)
                if found.version == 6 and (found.is_link_local or found.is_multicast or found.is_loopback or found.is_unspecified or found.ipv4_mapped):
                    report.add(path, "%s is no address that others can reach" % shown(value), "give a global or unique local one")
                    return None
                return str(found)
            if _parses(ipaddress.ip_address, text):
                report.add(path, "%s is an address of the other family" % shown(value), "give " + self.words)
                return None
            if "/" in value:
                report.add(path, "%s has a prefix" % shown(value), "give the address alone, without /")
                return None
        report.add(path, "%s is not an address" % shown(value), "give " + self.words)
        return None


def _parses(function: Callable[..., Any], value: str) -> bool:
    try:
        function("".join(value))
    except ValueError:
        return False
    return True


class Cidr(Kind):
    """A network of one family: its first address with a prefix length of 1 to 31, or 127."""

    def __init__(self, family: int = 4) -> None:
        self.family = family
        self.longest = 31 if family == 4 else 127
        self.words = "a network such as 192.0.2.0/24" if family == 4 else "a network such as 2001:db8::/64"

    def read(self, value: Any, path: str, report: Report) -> str | None:
        if isinstance(value, str) and "/" in value:
            text = "".join(value)
            try:
                network = ipaddress.ip_network(text, strict=False)
            except ValueError:
                pass
            else:
                if network.version != self.family:
                    other = "cidr6, beside the IPv4 network in cidr" if self.family == 4 else "cidr"
                    report.add(path, "%s is an IPv%d network" % (shown(value), network.version), "it belongs into %s; give %s" % (other, self.words))
                    return None
                if network.is_loopback or network.is_multicast or (network.version == 6 and network.is_link_local):
                    what = "loopback" if network.is_loopback else "multicast" if network.is_multicast else "link-local addresses"
                    report.add(path, "%s is for %s" % (shown(value), what), "give the network of the hosts")
                    return None
                if not 1 <= network.prefixlen <= self.longest:
                    report.add(path, "%s has a prefix that is no network of routers" % shown(value), "give a prefix of 1 to %d" % self.longest)
                    return None
                if text.partition("/")[0] != str(network.network_address):
                    report.add(path, "%s has host bits set" % shown(value), "did you mean %s?" % network)
                    return None
                return str(network)
        report.add(path, "%s is not a network" % shown(value), "give " + self.words)
        return None


class Netmask(Kind):
    """A mask such as 255.255.255.0; /24 or 24 means the same."""

    words = "a netmask such as 255.255.255.0"

    def read(self, value: Any, path: str, report: Report) -> str | None:
        text = str(value).lstrip("/")
        if not isinstance(value, bool):
            try:
                network = ipaddress.IPv4Network("0.0.0.0/" + text)
            except ValueError:
                pass
            else:
                # The ipaddress module takes host masks (0.0.0.255) for netmasks too; 0 would make all clients one.
                if network.prefixlen and text in (str(network.prefixlen), str(network.netmask)):
                    return str(network.netmask)
        report.add(path, "%s is not a netmask" % shown(value), "give " + self.words)
        return None
