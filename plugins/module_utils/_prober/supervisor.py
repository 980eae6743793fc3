# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What systemd wants to know (sd_notify(3)): ready, reloading, alive."""

from __future__ import annotations

import os
import socket
import sys
import time


def notify(*lines: str) -> None:
    """Nothing happens where systemd does not listen."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    if address[0] == "@":
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
        try:
            channel.sendto("\n".join(lines).encode(), address)
        except OSError:
            pass  # its loss shows as a watchdog that is not fed


def reloading() -> None:
    notify("RELOADING=1", "MONOTONIC_USEC=%d" % (time.monotonic_ns() // 1000))


def journal(line: str) -> None:
    """One line for the journal, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
