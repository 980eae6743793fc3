# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of services and destinations, at the top of a module or nested in another option.

@ in them stands for the path of the option that they are nested in, such as services[].destinations[] with a dot.
"""

from __future__ import annotations

import textwrap

_NAMING = r"""
protocol:
  description:
    - The protocol of the service. V(tcp) if left out.
    - Not with O(@firewall_mark).
  type: str
  choices: [tcp, udp, sctp]
address:
  description:
    - The virtual address, IPv4 or IPv6, without brackets.
    - Either this with O(@port), or O(@firewall_mark).
  type: str
port:
  description:
    - The port of the service. V(0) takes all ports and needs persistence.
  type: int
firewall_mark:
  description:
    - The service of all packets that carry this mark, instead of protocol, address and port.
  type: int
family:
  description:
    - The address family of a firewall mark, V(ipv4) if left out. Of an address it is known.
  type: str
  choices: [ipv4, ipv6]
"""
_SETTINGS = r"""
scheduler:
  description:
    - The scheduler, ipvsadm's C(-s).
    - V(wlc) for a new service.
  type: str
  choices: [rr, wrr, lc, wlc, lblc, lblcr, dh, sh, sed, nq, fo, ovf, mh, twos]
scheduler_flags:
  description:
    - The flags of the scheduler, ipvsadm's C(-b). V([]) for none.
    - The flags named after V(sh) and V(mh) are for those schedulers, the numbered ones for those without names.
  type: list
  elements: str
  choices: [flag-1, flag-2, flag-3, sh-fallback, sh-port, mh-fallback, mh-port]
persistence_timeout:
  description:
    - Seconds for which a client stays with its real server, ipvsadm's C(-p). V(0) for no persistence.
  type: int
persistence_netmask:
  description:
    - Clients that are equal under this mask are taken for one, ipvsadm's C(-M).
    - For IPv4 such as V(255.255.255.0) or V(24), for IPv6 a prefix length such as V(64).
  type: str
persistence_engine:
  description:
    - The persistence engine, ipvsadm's C(--pe), such as V(sip). An empty text for none.
  type: str
one_packet:
  description:
    - Schedule every UDP packet for itself, ipvsadm's C(-o).
  type: bool
"""
_DESTINATION = r"""
address:
  description:
    - The address of the real server, IPv4 or IPv6, without brackets.
    - Of the service's family, except with O(@forward=tunnel).
  type: str
  required: true
port:
  description:
    - The port of the real server, the service's port if left out, and V(0) for a firewall mark.
    - Only O(@forward=nat) can have another port than the service.
  type: int
forward:
  description:
    - How packets get to the real server, ipvsadm's C(-m), C(-g) and C(-i).
    - V(nat) for a new destination.
  type: str
  choices: [nat, direct, tunnel]
weight:
  description:
    - The weight, 0 to 2147483647. With V(0) it gets no new connections and keeps those it has.
    - V(1) for a new destination.
  type: int
upper_threshold:
  description:
    - The number of connections from which on it gets no new ones, ipvsadm's C(-x). V(0) for no limit.
  type: int
lower_threshold:
  description:
    - The number of connections below which it gets new ones again, ipvsadm's C(-y).
      V(0) means three quarters of O(@upper_threshold).
  type: int
tunnel_type:
  description:
    - The kind of tunnel of O(@forward=tunnel), V(ipip) for a new one.
  type: str
  choices: [ipip, gue, gre]
tunnel_port:
  description:
    - The UDP port on which the real server takes a V(gue) tunnel; needed for it.
  type: int
tunnel_checksum:
  description:
    - No checksum, a checksum, or one computed by the other end, of V(gue) and V(gre) tunnels. V(remcsum) only for V(gue).
    - V(nocsum) for a new one.
  type: str
  choices: [nocsum, csum, remcsum]
"""


def placed(text, path="", depth=1):
    """The options as YAML below `options` (depth 1), or below the suboptions at this path."""
    return textwrap.indent(text.strip("\n"), "  " * depth).replace("O(@", "O(" + path) + "\n"


class ModuleDocFragment:
    # With their type: ansible-test takes those without for plain texts, and stumbles over what is put together.

    # A service, for a module about one.
    SERVICE: str = "options:\n" + placed(_NAMING + _SETTINGS)

    # A destination, and the service that it belongs to.
    DESTINATION: str = (
        r"""
options:
  service:
    description:
      - Which service.
    type: dict
    required: true
    suboptions:
"""
        + placed(_NAMING, "service.", 3)
        + placed(_DESTINATION)
    )

    # Services with their destinations.
    SERVICES: str = (
        r"""
options:
  services:
    description:
      - The services. Keys that are V(null) count as left out.
    type: list
    elements: dict
    required: true
    suboptions:
"""
        + placed(_NAMING + _SETTINGS, "services[].", 3)
        + r"""
      destinations:
        description:
          - The real servers of the service.
        type: list
        elements: dict
        suboptions:
"""
        + placed(_DESTINATION, "services[].destinations[].", 5)
    )
