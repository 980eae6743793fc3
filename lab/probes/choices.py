# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client that tells which real server each of its connections came to. Runs on a host of the lab, standard library only.

    choices.py ADDRESS PORT --sources 192.0.2.128,192.0.2.129 --each 3     connections one after the other, each closed at once
    choices.py ADDRESS PORT --each 15 --hold                               each stays open until the last one is
    choices.py ADDRESS PORT --sctp --each 10                               the same by SCTP
    choices.py ADDRESS PORT --udp --flows 4 --each 10 --say TEXT           datagrams, so many from each of so many ports
ADDRESS may be several with commas between them, asked one after the other.
The real servers run molecule/forwarding/files/responder. Prints a JSON list of [source address, server] in the order of the
questions; the server is null where nobody answered.
"""

from __future__ import annotations

import argparse
import json
import socket
import struct

IPPROTO_SCTP = 132
ABORT = struct.pack("ii", 1, 0)      # closed by a reset: IPVS forgets the connection after 10 s, instead of 2 minutes


def connected(options: argparse.Namespace, address: str, source: str) -> socket.socket:
    if not options.sctp:
        return socket.create_connection((address, options.port), options.timeout, (source, 0))
    association = socket.socket(socket.AF_INET, socket.SOCK_STREAM, IPPROTO_SCTP)
    association.settimeout(options.timeout)
    association.connect((address, options.port))
    return association


def connections(options: argparse.Namespace, address: str, source: str):
    kept = []
    for _ in range(options.each):
        try:
            connection = connected(options, address, source)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
            yield connection.recv(99).decode().split()[0]
        except (OSError, IndexError):
            yield None
            continue
        if options.hold:
            kept.append(connection)
        else:
            connection.close()
    KEPT.extend(kept)


def datagrams(options: argparse.Namespace, address: str, source: str):
    for _ in range(options.flows):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as flow:
            flow.bind((source, 0))
            flow.settimeout(options.timeout)
            for _ in range(options.each):
                flow.sendto(options.say.encode(), (address, options.port))
                try:
                    yield flow.recvfrom(99)[0].decode().split()[0]
                except OSError:
                    yield None


KEPT: list[socket.socket] = []


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("port", type=int)
    parser.add_argument("--sources", default="0.0.0.0")
    parser.add_argument("--each", type=int, default=1)
    parser.add_argument("--flows", type=int, default=1)
    parser.add_argument("--udp", action="store_true")
    parser.add_argument("--sctp", action="store_true")
    parser.add_argument("--say", default="who")
    parser.add_argument("--hold", action="store_true")
    parser.add_argument("--timeout", type=float, default=2.0)
    options = parser.parse_args()
    ask = datagrams if options.udp else connections
    print(json.dumps([(source, server) for address in options.address.split(",") for source in options.sources.split(",")
                      for server in ask(options, address, source)]))


if __name__ == "__main__":
    main()
