# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The file that says what is to be checked: read whole, refused whole.

{"version": 1,
 "checks": {NAME: {"transport": "tcp"|"tls"|"udp"|"path", "steps": [{"send": text}|{"expect": text, "match": …}], "match": "prefix"|"contains"|"regex",
                   "interval": s, "timeout": s, "connect_timeout": s, "limit": bytes, "warmup": s, "fall": n, "rise": n, "reentry_delay": s,
                   "slow_start": s, "start": "up"|"down", "source": address|null, "agent": bool, "header": name|null,
                   "tls": {"verify": bool, "ca": path|null, "name": text|null, "certificate": path|null, "key": path|null}|null,
                   "path": {"vip": address, "port": n, "tcp": bool, "method": "direct"|"ipip"|"gue"|"gre", "tunnel_port": n|null}|null}},
 "probes": [{"id": word, "server": name, "services": [name], "address": ip, "port": n, "check": NAME, "weights": [n]}]}

The id is the name of the probe's verdict file; ID.wN holds what is added to the configured weight N, where there is a slow start or an agent.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from .dialogue import MATCHES, steps
from .verdict import Rules

VERSION = 1
TRANSPORTS = ("tcp", "tls", "udp", "path")
METHODS = ("direct", "ipip", "gue", "gre")


class Tls(NamedTuple):
    verify: bool
    ca: str | None
    name: str | None
    certificate: str | None
    key: str | None


class Path(NamedTuple):
    """How IPVS sends packets for a VIP to the server, see packet_path.py. tcp: whether the port is asked for, or the address alone."""

    vip: str
    port: int
    tcp: bool
    method: str
    tunnel_port: int | None


class Check(NamedTuple):
    transport: str
    steps: list[Mapping[str, Any]]
    match: str
    interval: float
    timeout: float
    connect_timeout: float
    limit: int
    warmup: float
    rules: Rules
    start_up: bool
    source: str | None
    agent: bool
    header: str | None  # of an agent that is asked by HTTP: where it speaks
    tls: Tls | None
    path: Path | None = None


class Target(NamedTuple):
    """What is asked: a real server by one check. weights: the configured ones for which a file is kept."""

    id: str
    server: str
    services: tuple[str, ...]
    address: str
    port: int
    check: str
    weights: tuple[int, ...]


class Config(NamedTuple):
    checks: dict[str, Check]
    targets: list[Target]


class ConfigError(ValueError):
    """The path in the file and what is wrong."""


def parse(text: str) -> Config:
    """ConfigError for anything that is not as above; dialogues are compiled once, to see that they can be."""
    try:
        raw = json.loads(text)
    except ValueError as error:
        raise ConfigError("not JSON: %s" % error) from None
    if not isinstance(raw, dict) or raw.get("version") != VERSION:
        raise ConfigError("version: this prober reads version %d" % VERSION)
    checks = {name: _at("checks.%s" % name, _check, found) for name, found in raw.get("checks", {}).items()}
    targets = [_at("probes[%d]" % number, _target, found) for number, found in enumerate(raw.get("probes", []))]
    seen: set[str] = set()
    for number, target in enumerate(targets):
        if target.check not in checks:
            raise ConfigError("probes[%d].check: there is no check %s" % (number, target.check))
        if target.id in seen:
            raise ConfigError("probes[%d].id: %s is there twice" % (number, target.id))
        seen.add(target.id)
    return Config(checks, targets)


def _at(path: str, read: Any, raw: Any) -> Any:
    try:
        return read(raw)
    except ConfigError:
        raise
    except KeyError as error:
        raise ConfigError("%s: %s is missing" % (path, error.args[0])) from None
    except (ValueError, TypeError, AttributeError) as error:
        raise ConfigError("%s: %s" % (path, error)) from None


def _check(raw: Mapping[str, Any]) -> Check:
    if raw["transport"] not in TRANSPORTS:
        raise ValueError("transport: %s is none of %s" % (raw["transport"], ", ".join(TRANSPORTS)))
    if raw["match"] not in MATCHES:
        raise ValueError("match: %s is none of %s" % (raw["match"], ", ".join(MATCHES)))
    path = _path(raw["path"]) if raw["transport"] == "path" else None
    if not raw.get("agent") and not path:
        steps(raw["steps"], raw["match"])
    if not 0 < raw["timeout"] <= raw["interval"]:
        raise ValueError("timeout: must be above 0 and at most the interval")
    tls = raw.get("tls")
    return Check(
        transport=raw["transport"], steps=list(raw["steps"]), match=raw["match"], interval=float(raw["interval"]), timeout=float(raw["timeout"]),
        connect_timeout=float(raw.get("connect_timeout") or raw["timeout"]), limit=int(raw["limit"]), warmup=float(raw["warmup"]),
        rules=Rules(int(raw["fall"]), int(raw["rise"]), float(raw["reentry_delay"]), float(raw["slow_start"])), start_up=raw["start"] == "up",
        source=raw.get("source"), agent=bool(raw.get("agent")), header=raw.get("header"), tls=Tls(**tls) if tls else None,
        path=path,
    )


def _path(raw: Mapping[str, Any]) -> Path:
    if raw["method"] not in METHODS:
        raise ValueError("path.method: %s is none of %s" % (raw["method"], ", ".join(METHODS)))
    return Path(str(ipaddress.ip_address(raw["vip"])), int(raw["port"]), bool(raw["tcp"]), raw["method"], raw["tunnel_port"])


def _target(raw: Mapping[str, Any]) -> Target:
    if not re.match(r"[A-Za-z0-9][A-Za-z0-9_.:-]*\Z", raw["id"]):
        raise ValueError("id: %r can't be the name of a file" % raw["id"])
    return Target(raw["id"], raw["server"], tuple(raw["services"]), str(ipaddress.ip_address(raw["address"])), int(raw["port"]), raw["check"],
                  tuple(sorted(set(raw["weights"]))))
