# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A kernel's IPVS table in memory: takes the bytes that the real one would take, and refuses what it would refuse."""

from __future__ import annotations

import errno
import socket
import struct

from ansible_collections.lvs.cluster.plugins.module_utils._kernel import dumps, layout

SERVICE, DEST = layout.numbers(layout.SERVICE), layout.numbers(layout.DEST)


class FakeKernel:
    """Stands in for connection.Connection: send() takes requests, dump() answers with the bytes of a dump."""

    def __init__(self):
        self.services = {}  # bytes of the naming attributes -> ({number: payload}, {(family, address, port): {number: payload}})

    def send(self, requests):
        failed = []
        for place, (command, payload) in enumerate(requests):
            code = self._one(command, dumps.attributes(memoryview(payload)))
            if code:
                failed.append((place, code))
        return failed

    def dump(self, command, payload=b""):
        if command == layout.GET_SERVICE:
            rows = [(1, attributes) for attributes, unused in self.services.values()]
        else:
            rows = [(2, row) for row in self.services[self._key(dumps.attributes(memoryview(payload))[1])][1].values()]
        for number, attributes in rows:
            inner = b"".join(self._attribute(*pair) for pair in attributes.items())
            yield memoryview(self._attribute(number, inner))

    @staticmethod
    def _attribute(number, payload):
        return struct.pack("=HH", 4 + len(payload), number) + bytes(payload) + b"\0" * (-len(payload) % 4)

    @staticmethod
    def _key(data):
        found = dumps.attributes(data)
        names = ["AF", "FWMARK"] if SERVICE["FWMARK"] in found else ["AF", "PROTOCOL", "ADDR", "PORT"]
        return tuple(bytes(found[SERVICE[name]]) for name in names)

    def _one(self, command, message):
        if command == layout.FLUSH:
            self.services.clear()
            return 0
        key = self._key(message[1])
        if command == layout.NEW_SERVICE:
            if key in self.services:
                return errno.EEXIST
        elif key not in self.services:
            return errno.ESRCH
        if command in (layout.NEW_SERVICE, layout.SET_SERVICE):
            return self._put_service(key, {number: bytes(data) for number, data in dumps.attributes(message[1]).items()})
        if command == layout.DEL_SERVICE:
            del self.services[key]
            return 0
        return self._destination(command, key, {number: bytes(data) for number, data in dumps.attributes(message[2]).items()})

    def _put_service(self, key, attributes):
        scheduler = attributes[SERVICE["SCHED_NAME"]].rstrip(b"\0").decode()
        if scheduler == "twos":
            return errno.ENOENT
        flags, mask = struct.unpack("=II", attributes[SERVICE["FLAGS"]])
        attributes[SERVICE["FLAGS"]] = struct.pack("=II", flags & mask | layout.HASHED, layout.ALL_FLAGS)
        rows = self.services[key][1] if key in self.services else {}
        self.services[key] = (attributes, rows)
        return 0

    def _destination(self, command, key, attributes):
        rows = self.services[key][1]
        name = tuple(attributes[DEST[word]] for word in ("ADDR_FAMILY", "ADDR", "PORT"))
        if command == layout.NEW_DEST and name in rows:
            return errno.EEXIST
        if command != layout.NEW_DEST and name not in rows:
            return errno.ENOENT
        if command == layout.DEL_DEST:
            del rows[name]
            return 0
        number = {word: int.from_bytes(attributes[DEST[word]], "little") for word in ("FWD_METHOD", "WEIGHT", "U_THRESH", "L_THRESH")}
        if number["WEIGHT"] >= 2**31 or number["L_THRESH"] > number["U_THRESH"]:
            return errno.ERANGE
        if struct.unpack("=H", name[0])[0] != struct.unpack("=H", key[0])[0] and number["FWD_METHOD"] != layout.FORWARDS["tunnel"]:
            return errno.EINVAL
        if name[0] == struct.pack("=H", socket.AF_INET) and name[1][0] >= 224:
            return errno.EINVAL
        rows[name] = attributes
        for word, payload in (("TUN_TYPE", b"\0"), ("TUN_PORT", b"\0\0"), ("TUN_FLAGS", b"\0\0")):
            rows[name].setdefault(DEST[word], payload)
        for word in ("ACTIVE_CONNS", "INACT_CONNS", "PERSIST_CONNS"):
            rows[name][DEST[word]] = b"\0" * 4
        return 0
