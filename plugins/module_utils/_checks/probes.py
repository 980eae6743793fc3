# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What lvs-prober is told of a check; and the name under which the verdict on a server goes, in its files and in keepalived.conf."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

FOLDER = "/run/lvs-prober/verdicts"


def told(check: Mapping[str, Any]) -> dict[str, Any]:
    """A complete check of the type send_expect as `_prober.config` reads it, for a server whose port is in the target; but `source` is a network."""
    names = ("transport", "match", "interval", "timeout", "connect_timeout", "limit", "warmup", "fall", "rise", "reentry_delay", "slow_start", "start")
    tls = None
    if check["transport"] == "tls":
        tls = {"verify": check["verify"], "ca": check["ca"], "name": check["sni"], "certificate": check["certificate"], "key": check["key"]}
    return {**{name: check[name] for name in names}, "steps": check["dialogue"], "tls": tls, "source": check["source_network"], "agent": False}


def asked_port(check: Mapping[str, Any], port: int) -> int:
    return int(check["port"] or port)


def digest(settings: Mapping[str, Any] | list[str]) -> str:
    """Eight digits that change with the settings."""
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:8]


def identity(check: Mapping[str, Any], server: str, address: str, port: int) -> str:
    """The same for all virtual servers that ask the same of the same server: it is asked once.

    web1_6379_1f2e3d4c: the real server, the port that is asked, and what distinguishes this check from others.
    """
    return named(told(check), server, address, asked_port(check, port))


def named(asked: Mapping[str, Any], server: str, address: str, port: int) -> str:
    """The same, of what the prober is told."""
    return "%s_%d_%s" % (server, port, digest({"address": address, **asked}))
