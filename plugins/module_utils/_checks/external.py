# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""external: a program of the administrator's says whether the server is healthy."""

from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._checks.base import TIMEOUT, TIMING, Check, CheckType, Target, whole_seconds
from ansible_collections.lvs.cluster.plugins.module_utils._checks.kinds import Command
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.text import Block, quoted_command
from ansible_collections.lvs.cluster.plugins.module_utils._model.fields import Field
from ansible_collections.lvs.cluster.plugins.module_utils._model.kinds import Seconds, Text
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Problem, join

# MISC_CHECK has no setting for the environment, so the program is started through env, without a shell:
# keepalived splits the line by its own rules, and env hands on what follows the NAME=value as it is.
ENV_PROGRAM = "/usr/bin/env"
# setpriv, not MISC_CHECK's own `user`: keepalived 2.2.7 ends itself with SIGTERM in check_script_secure() when it tests a
# configuration (keepalived -t, and so every reload under reload_check_config) in which a script has another user.
# setpriv is in util-linux, which every Debian has.
SETPRIV = "/usr/bin/setpriv"


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
        "Healthy when a program on the router exits with 0. It gets four more arguments (virtual address, virtual port, "
        "real address, real port), the same and more in its environment, and runs as an unprivileged user."
    )
    own: tuple[Field, ...] = (
        Field("command", Command(), "The program by its full path and its arguments, as a list; no shell reads it. It must be on both routers.", required=True),
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
        user = check["user"] or target.script_user
        argv = [SETPRIV, "--reuid=" + user, "--regid=" + (check["group"] or user), "--clear-groups", ENV_PROGRAM]
        argv += environment(check, target) + list(check["command"]) + arguments(target)
        return Block("MISC_CHECK", ["misc_path " + quoted_command(argv), "misc_timeout %d" % whole_seconds(check["timeout"]), "user root"])
