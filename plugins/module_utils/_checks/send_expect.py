# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""send_expect: text is sent, text is expected. Defined and documented; made by lvs-prober, which a later issue adds."""

from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._checks.base import PORT, Check, CheckType, Target
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.text import RenderError
from ansible_collections.lvs.cluster.plugins.module_utils._model.fields import Field
from ansible_collections.lvs.cluster.plugins.module_utils._model.kinds import Text


class SendExpect(CheckType):
    name = "send_expect"
    summary = "Healthy when the answer to the text that was sent is the one expected."
    implemented = False
    own: tuple[Field, ...] = (
        Field("send", Text("text", forbidden=""), "What is sent; nothing when absent.", lvs_cf="send", implemented=False),
        Field("expect", Text("text", forbidden=""), "With what the answer begins.", lvs_cf="expect", implemented=False),
        PORT,
    )

    def block(self, check: Check, target: Target) -> None:
        raise RenderError("health checks of the type send_expect are not implemented yet")
