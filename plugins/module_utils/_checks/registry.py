# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All types of health checks. A new type: its file, and its line here."""

from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._checks.base import Check, CheckType
from ansible_collections.lvs.cluster.plugins.module_utils._checks.dns import Dns
from ansible_collections.lvs.cluster.plugins.module_utils._checks.external import External
from ansible_collections.lvs.cluster.plugins.module_utils._checks.http import Http
from ansible_collections.lvs.cluster.plugins.module_utils._checks.https import Https
from ansible_collections.lvs.cluster.plugins.module_utils._checks.none import NoCheck
from ansible_collections.lvs.cluster.plugins.module_utils._checks.ping import Ping
from ansible_collections.lvs.cluster.plugins.module_utils._checks.send_expect import SendExpect
from ansible_collections.lvs.cluster.plugins.module_utils._checks.smtp import Smtp
from ansible_collections.lvs.cluster.plugins.module_utils._checks.tcp import Tcp
from ansible_collections.lvs.cluster.plugins.module_utils._checks.udp import Udp

_ALL = (Tcp(), Http(), Https(), Dns(), Smtp(), Udp(), Ping(), External(), SendExpect(), NoCheck())
TYPES: dict[str, CheckType] = {check_type.name: check_type for check_type in _ALL}
# Defined and documented, and refused with "is not implemented yet".
LATER: dict[str, CheckType] = {}

# By well-known port, when the definition says nothing.  It must not take a good server for a dead one, whatever is
# installed there: any answer of a web server that is not an error of the server's own will do.
_WEB = {"path": "/", "status": ["200-499"]}
_DEFAULTS: dict[tuple[str, int], Check] = {
    ("tcp", 80): {"type": "http", **_WEB},
    ("tcp", 8080): {"type": "http", **_WEB},
    ("tcp", 443): {"type": "https", **_WEB},
    ("tcp", 25): {"type": "smtp"},
    ("tcp", 587): {"type": "smtp"},
}


def default_for(protocol: str, port: int) -> Check:
    """The check of a virtual server that names none, as a user would write it.

    Port 0 means all ports; there, and over sctp, keepalived has nothing closer than ping.
    Port 53 gets no dns check: which name the server answers is not known, and the wrong one takes every server out.
    """
    return dict(_DEFAULTS.get((protocol, port), {"type": protocol if protocol in ("tcp", "udp") and port else "ping"}))
