# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who holds which address, asked of the hosts' network namespaces every 10 ms. Runs inside the lab's kernel, standard library only.

    holders_watch.py --hosts r1,r2 --addresses 192.0.2.100,2001:db8::100 --seconds 20
One clock for all hosts, and no process on them: it goes on while a host is frozen or has no power (then it holds nothing).
Prints one JSON object: samples, longest_gap_ms (between two samples: how far the figures can be wrong), two_ms (the longest time
without a break in which several hosts held the address, by address), none_ms (in which nobody did), last (address → hosts at the end),
changes ([seconds since the start, address, [hosts]]).
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import socket
import struct
import time

NETLINK_ROUTE, RTM_NEWADDR, RTM_GETADDR, NLMSG_DONE, DUMP = 0, 20, 22, 3, 0x301
IFA_ADDRESS, IFA_LOCAL = 1, 2
CLONE_NEWNET = 0x40000000


class Namespace:
    """The network namespace of one host, entered anew when the host has booted."""

    def __init__(self, host: str) -> None:
        self.path = f"/run/netns/{host}"
        self.inode = 0
        self.socket: socket.socket | None = None

    def addresses(self) -> set[bytes]:
        """Packed addresses of all its interfaces; none while it has no power."""
        try:
            inode = os.stat(self.path).st_ino
        except FileNotFoundError:
            inode = 0
        if inode != self.inode:
            self._enter(inode)
        return dump(self.socket) if self.socket else set()

    def _enter(self, inode: int) -> None:
        if self.socket:
            self.socket.close()
        self.socket, self.inode = None, 0
        if not inode:
            return
        try:
            with open(self.path) as handle:
                if ctypes.CDLL(None, use_errno=True).setns(handle.fileno(), CLONE_NEWNET):
                    return      # made, but not yet mounted: the next sample tries again
        except FileNotFoundError:
            return
        self.socket, self.inode = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_ROUTE), inode


def dump(netlink: socket.socket) -> set[bytes]:
    """rtnetlink(7): all addresses of both families."""
    netlink.send(struct.pack("=IHHIIBBBBI", 24, RTM_GETADDR, DUMP, 1, 0, 0, 0, 0, 0, 0))
    found = set()
    while True:
        data, offset = netlink.recv(65536), 0
        while offset < len(data):
            length, kind = struct.unpack_from("=IH", data, offset)
            if kind == NLMSG_DONE:
                return found
            if kind == RTM_NEWADDR:
                found.add(local(data[offset + 24:offset + length]))
            offset += (length + 3) & ~3


def local(attributes: bytes) -> bytes:
    """IFA_LOCAL, or IFA_ADDRESS where there is none (IPv6)."""
    values, offset = {}, 0
    while offset + 4 <= len(attributes):
        length, kind = struct.unpack_from("=HH", attributes, offset)
        values[kind] = attributes[offset + 4:offset + length]
        offset += (length + 3) & ~3
    return values.get(IFA_LOCAL, values.get(IFA_ADDRESS, b""))


def packed(address: str) -> bytes:
    return socket.inet_pton(socket.AF_INET6 if ":" in address else socket.AF_INET, address)


def watch(options: argparse.Namespace) -> dict:
    hosts = options.hosts.split(",")
    wanted = {address: packed(address) for address in options.addresses.split(",")}
    namespaces = {host: Namespace(host) for host in hosts}
    held: dict[str, list[str] | None] = dict.fromkeys(wanted)
    since = dict.fromkeys(wanted, 0.0)
    longest = {"two": dict.fromkeys(wanted, 0.0), "none": dict.fromkeys(wanted, 0.0)}
    changes, samples, gap = [], 0, 0.0
    started = before = time.monotonic()
    while (now := time.monotonic()) - started < options.seconds and not os.path.exists(options.until):
        gap, before, samples = max(gap, now - before), now, samples + 1
        have = {host: namespaces[host].addresses() for host in hosts}
        for address, number in wanted.items():
            holders = [host for host in hosts if number in have[host]]
            if holders != held[address]:
                if held[address] is None or len(holders) != len(held[address]):
                    since[address] = now
                held[address] = holders
                changes.append([round(now - started, 3), address, holders])
            kind = "none" if not holders else "two" if len(holders) > 1 else None
            if kind:
                longest[kind][address] = max(longest[kind][address], now - since[address])
        time.sleep(max(0.0, options.interval - (time.monotonic() - now)))
    return {"samples": samples, "longest_gap_ms": round(gap * 1000), "last": held, "changes": changes,
            **{f"{kind}_ms": {address: round(value * 1000) for address, value in found.items()} for kind, found in longest.items()}}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--hosts", required=True)
    parser.add_argument("--addresses", required=True)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--interval", type=float, default=0.01)
    parser.add_argument("--until", default="")
    print(json.dumps(watch(parser.parse_args())), flush=True)


if __name__ == "__main__":
    main()
