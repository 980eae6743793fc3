# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""smtp: the server greets and takes HELO."""

from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._checks.base import PORT, Check, ConnectingType, Target
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.text import Block, word
from ansible_collections.lvs.cluster.plugins.module_utils._model.fields import Field
from ansible_collections.lvs.cluster.plugins.module_utils._model.kinds import Text


class Smtp(ConnectingType):
    name = "smtp"
    keyword = "SMTP_CHECK"
    summary = "Healthy when the server greets with 220 and answers HELO with 250."
    own: tuple[Field, ...] = (
        Field(
            "helo",
            Text("a host name", pattern=r"[A-Za-z0-9._-]+", longest=253),
            "The name that the router gives with HELO.",
            derived="smtpchecker.keepalived.org, keepalived's own",
        ),
        PORT,
    )

    def block(self, check: Check, target: Target) -> Block:
        result = super().block(check, target)
        if check["helo"] is not None:
            result.add("helo_name " + word(check["helo"]))
        return result
