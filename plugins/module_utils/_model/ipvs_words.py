# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What IPVS has: schedulers, flags, protocols, ways of forwarding, tunnels. One row each."""

from __future__ import annotations

# The schedulers of the kernel, and the names of their flag bits in ipvsadm's words. The kernel
# gives three bits to every scheduler; where a row names none they are flag-1 to flag-3.
SCHEDULERS = {
    "rr": (),
    "wrr": (),
    "lc": (),
    "wlc": (),
    "lblc": (),
    "lblcr": (),
    "dh": (),
    "sh": ("sh-fallback", "sh-port"),
    "sed": (),
    "nq": (),
    "fo": (),
    "ovf": (),
    "mh": ("mh-fallback", "mh-port"),
    "twos": (),
}
FLAG_BITS = 3

PROTOCOLS = ("tcp", "udp", "sctp")
FAMILIES = ("ipv4", "ipv6")
FORWARDS = ("nat", "direct", "tunnel")
TUNNEL_TYPES = ("ipip", "gue", "gre")
# Which checksums a tunnel type can have, the default first.
TUNNEL_CHECKSUMS = {"ipip": (), "gue": ("nocsum", "csum", "remcsum"), "gre": ("nocsum", "csum")}
CHECKSUMS = ("nocsum", "csum", "remcsum")

LARGEST_WEIGHT = 2**31 - 1
LARGEST_THRESHOLD = 2**31 - 1
LARGEST_MARK = 2**32 - 1
LONGEST_PERSISTENCE = 31 * 24 * 3600  # seconds; ipvsadm's limit


def flag_words(scheduler):
    """The words of the three flag bits of a scheduler, lowest bit first."""
    named = SCHEDULERS.get(scheduler, ())
    return named + tuple("flag-%d" % (n + 1) for n in range(len(named), FLAG_BITS))


def all_flag_words():
    """Every word that some scheduler has."""
    words = []
    for scheduler in SCHEDULERS:
        words += [word for word in flag_words(scheduler) if word not in words]
    return tuple(words)
