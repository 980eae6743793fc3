# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""external: a program of the administrator's says whether the server is healthy."""

from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._checks.base import TIMEOUT, TIMING, Check, CheckType, Target, whole_seconds
from ansible_collections.lvs.cluster.plugins.module_utils._checks.kinds import Command, Output
from ansible_collections.lvs.cluster.plugins.module_utils._checks.probes import digest
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.text import Block, quoted_command
from ansible_collections.lvs.cluster.plugins.module_utils._model.fields import Field
from ansible_collections.lvs.cluster.plugins.module_utils._model.kinds import Choice, Seconds, Text
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Problem, join

# Of the role lvs_router: the program's turn, user, time limit and environment, none of which MISC_CHECK could give it.
# keepalived starts it as root, not by MISC_CHECK's own `user`: 2.2.7 ends itself with SIGTERM in check_script_secure() when it
# tests a configuration (keepalived -t, and so every reload under reload_check_config) in which a script has another user.
PROGRAM = "/usr/libexec/lvs-cluster/check-program"
# So many programs at once on a router; the others wait for their turn, which does not count for their time limit.
AT_ONCE = 50
LONGEST_WAIT = 300  # seconds that MISC_CHECK gives for the turn
# setpriv and env are in every Debian's util-linux and coreutils
SETPRIV, ENV_PROGRAM = "/usr/bin/setpriv", "/usr/bin/env"
MATCHES = ("prefix", "contains")


def turn(target: Target) -> int:
    """Checks of the same number wait for each other. It stays the same when other servers come and go: keepalived takes a changed
    check for a new one."""
    return int(digest([target.virtual_server, target.real_server]), 16) % AT_ONCE


def as_user(check: Check, script_user: str) -> tuple[str, str]:
    """User and group."""
    user = check["user"] or script_user
    return user, check["group"] or user


def unexpected(check: Check, output: str) -> str:
    """Why what a program wrote to its standard output is not as expected, or ''. check-program judges alike."""
    text, said = check["expect"], output.rstrip("\n")
    if not text or (said.startswith(text) if check["match"] == "prefix" else text in said):
        return ""
    return 'said "%s", expected "%s"' % (said[:200], text)


def environment(check: Check, target: Target) -> list[str]:
    """NAME=value for each variable that the program finds in its environment."""
    return [
        "LVS_VIRTUAL_SERVER=" + target.virtual_server,
        "LVS_VIRTUAL_ADDRESS=" + target.virtual_address,
        "LVS_VIRTUAL_PORT=%d" % target.virtual_port,
        "LVS_PROTOCOL=" + target.protocol,
        "LVS_REAL_SERVER=" + target.real_server,
        "LVS_REAL_ADDRESS=" + target.real_address,
        "LVS_REAL_PORT=%d" % target.real_port,
        "LVS_TIMEOUT=%d" % whole_seconds(check["timeout"]),
    ]


def arguments(target: Target) -> list[str]:
    """What is appended to the command: the order that HAProxy's external-check and ldirectord use."""
    return [target.virtual_address, str(target.virtual_port), target.real_address, str(target.real_port)]


USER = Text("the name of a user or group on the routers", pattern=r"[a-z_][a-z0-9_-]{0,31}")


class External(CheckType):
    name = "external"
    summary = (
        "Healthy when a program on the router exits with 0 and, where it is given, says what is expected. It gets four more arguments "
        "(virtual address, virtual port, real address, real port), the same and more in its environment, and runs as an unprivileged user."
    )
    own: tuple[Field, ...] = (
        Field(
            "command",
            Command(),
            "The program by its full path and its arguments, as a list; no shell reads it. It must be on both routers.",
            required=True,
            lvs_cf="send_program",
        ),
        Field("expect", Output(), "What its standard output must begin with; without it the exit status alone counts.", lvs_cf="expect"),
        Field("match", Choice(MATCHES), "Whether the output begins with it, or contains it.", "prefix"),
        Field("user", USER, "The user as whom it runs; not root.", derived="the script user, keepalived_script"),
        Field("group", USER, "The group as which it runs; it has no other.", derived="the group of the user's name"),
    )

    @property
    def fields(self) -> tuple[Field, ...]:
        # misc_timeout takes whole seconds only.
        timeout = Field("timeout", Seconds(1, 600, step=1), "Seconds until the program is killed; whole ones. Killed counts as failed.", TIMEOUT)
        return self.own + tuple(timeout if field.name == "timeout" else field for field in TIMING)

    def problems(self, check: Check, path: str) -> list[Problem]:
        found = super().problems(check, path)
        if check["interval"] is not None and check["interval"] < 1:
            found = [Problem(join(path, "interval"), "is too short for a program, whose time limit is whole seconds", "give at least 1")]
        for field in ("user", "group"):
            if check[field] == "root":
                found.append(Problem(join(path, field), "root must not run health checks", "leave it out, or name an unprivileged " + field))
        return found

    def block(self, check: Check, target: Target) -> Block:
        limit = whole_seconds(check["timeout"])
        match = check["match"] if check["expect"] else "any"
        argv = [PROGRAM, str(turn(target)), str(limit), *as_user(check, target.script_user), match, check["expect"] or ""]
        argv += environment(check, target) + list(check["command"]) + arguments(target)
        return Block("MISC_CHECK", ["misc_path " + quoted_command(argv), "misc_timeout %d" % (limit + LONGEST_WAIT), "user root"])
