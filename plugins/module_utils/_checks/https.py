# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""https: the same as http, over TLS."""

from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._checks.base import Check, Target
from ansible_collections.lvs.cluster.plugins.module_utils._checks.http import Http
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.text import Block
from ansible_collections.lvs.cluster.plugins.module_utils._model.fields import Field
from ansible_collections.lvs.cluster.plugins.module_utils._model.kinds import Anything, Boolean
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Problem, join


class Https(Http):
    name = "https"
    keyword = "SSL_GET"
    summary = "As http, over TLS. The server's certificate is not verified: any is taken, an expired one too."
    own: tuple[Field, ...] = Http.own + (
        Field("sni", Boolean(), "Name the host in the TLS handshake (server name indication).", derived="true when `host` is given"),
        Field("verify", Anything("true"), "Verify the server's certificate; keepalived 2.2.7 can't.", implemented=False),
    )

    def complete(self, check: Check) -> Check:
        done = super().complete(check)
        if done["sni"] is None:
            done["sni"] = done["host"] is not None
        return done

    def problems(self, check: Check, path: str) -> list[Problem]:
        found = super().problems(check, path)
        if check["sni"] and check["host"] is None:
            found.append(Problem(join(path, "sni"), "needs a name to indicate", "give host too"))
        return found

    def block(self, check: Check, target: Target) -> Block:
        result = super().block(check, target)
        if check["sni"]:
            result.body.insert(0, "enable_sni")
        return result
