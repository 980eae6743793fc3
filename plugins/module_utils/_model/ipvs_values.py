# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kinds of values of the IPVS table: read(value, path, name, report) returns the plain value or None.

Lenient where Ansible is: "80" is a port, "yes" a boolean. Fast, because there may be 50,000 of them.
"""

from __future__ import annotations

import ipaddress
import re
import socket

from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import nearest, one_of, shown

_ENGINE = re.compile("[a-z0-9_-]{0,15}\\Z")
_TRUE = ("true", "yes", "on", "1", "y", "t")
_FALSE = ("false", "no", "off", "0", "n", "f")


def _at(path, name):
    return "%s.%s" % (path, name) if path else name


class Integer:
    def __init__(self, low, high):
        self.low, self.high = low, high

    def read(self, value, path, name, report):
        if not isinstance(value, int) or isinstance(value, bool):
            if isinstance(value, str) and re.match("-?[0-9]{1,20}\\Z", value.strip()):
                value = int(value)
            else:
                report.add(_at(path, name), "%s is not a whole number" % shown(value), self._remedy())
                return None
        if self.low <= value <= self.high:
            return int(value)
        report.add(_at(path, name), "%d is out of range" % value, self._remedy())
        return None

    def _remedy(self):
        return "give %d to %d" % (self.low, self.high)


class Word:
    def __init__(self, choices):
        self.choices = choices
        self._known = {choice: choice for choice in choices}

    def read(self, value, path, name, report):
        found = self._known.get(value) if isinstance(value, str) else None
        if found is None:
            near = nearest(value, self.choices)
            remedy = "did you mean %s?" % near if near else "give %s" % one_of(self.choices)
            report.add(_at(path, name), "%s is none of the known words" % shown(value), remedy)
        return found


class FlagWords:
    def __init__(self, choices):
        self._word = Word(choices)

    def read(self, value, path, name, report):
        if isinstance(value, str):
            value = [word.strip() for word in value.split(",") if word.strip()]
        if not isinstance(value, (list, tuple)):
            report.add(_at(path, name), "%s is not a list" % shown(value), "give a list of words")
            return None
        found = [self._word.read(word, path, "%s[%d]" % (name, place), report) for place, word in enumerate(value)]
        return [word for word in found if word is not None]


class Boolean:
    def read(self, value, path, name, report):
        if isinstance(value, bool):
            return bool(value)
        word = str(value).lower()
        if word in _TRUE or word in _FALSE:
            return word in _TRUE
        report.add(_at(path, name), "%s is neither true nor false" % shown(value), "give true or false")
        return None


class Engine:
    """The name of a persistence engine; '' takes it away."""

    def read(self, value, path, name, report):
        if isinstance(value, str) and _ENGINE.match(value):
            return str(value)
        report.add(_at(path, name), "%s is no name of a persistence engine" % shown(value), "the kernel has sip")
        return None


class Address:
    """An IPv4 or IPv6 address, in its shortest spelling."""

    def read(self, value, path, name, report):
        if isinstance(value, str):
            # inet_pton takes what the kernel takes; ipaddress is ten times slower.
            family = socket.AF_INET6 if ":" in value else socket.AF_INET
            try:
                packed = socket.inet_pton(family, value)
            except (OSError, ValueError):
                pass
            else:
                return self._unicast(packed, family, value, path, name, report)
        remedy = "give an address such as 192.0.2.1 or 2001:db8::1, without brackets, port or prefix length"
        report.add(_at(path, name), "%s is not an IP address" % shown(value), remedy)
        return None

    def _unicast(self, packed, family, value, path, name, report):
        """The kernel takes only unicast addresses for destinations, and no service on others makes sense."""
        if family == socket.AF_INET:
            wrong = packed[0] == 0 or packed[0] >= 224
        else:
            wrong = packed[0] == 0xFF or packed == b"\0" * 16
        if wrong:
            report.add(_at(path, name), "%s is not a unicast address" % shown(value), "give the address of one host")
            return None
        return socket.inet_ntop(family, packed)


class Netmask:
    """Which part of the client's address persistence goes by."""

    def read(self, value, path, name, report):
        if isinstance(value, (str, int)) and not isinstance(value, bool):
            return str(value).strip()
        report.add(_at(path, name), "%s is not a mask" % shown(value), "give 255.255.255.0, or for IPv6 a prefix length")
        return None

    def fit(self, text, family, where, report):
        """The mask as the table has it: IPv4 as an address, IPv6 as a prefix length; None if it is wrong."""
        text = text[1:] if text.startswith("/") else text
        if family == "ipv6":
            if text.isdigit() and len(text) <= 3 and 1 <= int(text) <= 128:
                return str(int(text))
            report.add(where, "%s is not a prefix length" % shown(text), "give 1 to 128")
            return None
        try:
            if text.isdigit() and not 1 <= int(text) <= 32:
                raise ValueError
            mask = ipaddress.IPv4Network("0.0.0.0/" + text).netmask
            # A mask such as 0.0.0.255 would be taken for its inverse.
            if "." in text and str(mask) != text or int(mask) == 0:
                raise ValueError
        except ValueError:
            report.add(where, "%s is not an IPv4 mask" % shown(text), "give one such as 255.255.255.0, or 1 to 32")
            return None
        return str(mask)
