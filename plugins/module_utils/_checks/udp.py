# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""udp: the port does not answer that nobody is there; or it answers what was asked for."""

from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._checks.base import PORT, Check, ConnectingType, Target
from ansible_collections.lvs.cluster.plugins.module_utils._checks.kinds import Hexadecimal
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.text import Block, word
from ansible_collections.lvs.cluster.plugins.module_utils._model.fields import Field
from ansible_collections.lvs.cluster.plugins.module_utils._model.kinds import Boolean
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Problem, join


class Udp(ConnectingType):
    name = "udp"
    keyword = "UDP_CHECK"
    asks = "udp"
    summary = (
        "Healthy when no 'port unreachable' comes back within the timeout; with require_reply, when an answer comes. "
        "Without it a server that is silent, or whose machine is off, counts as healthy."
    )
    own: tuple[Field, ...] = (
        Field("payload", Hexadecimal(), "The bytes that are sent, in hexadecimal.", derived="some bytes of keepalived's own"),
        Field("require_reply", Boolean(), "Only an answer is healthy.", False),
        Field("reply", Hexadecimal(), "With require_reply: the bytes with which the answer must begin, in hexadecimal."),
        PORT,
    )

    def problems(self, check: Check, path: str) -> list[Problem]:
        found = super().problems(check, path)
        if check["reply"] is not None and not check["require_reply"]:
            found.append(Problem(join(path, "reply"), "is never looked at", "give require_reply: true too"))
        return found

    def block(self, check: Check, target: Target) -> Block:
        result = super().block(check, target)
        if check["payload"] is not None:
            result.add("payload " + word(check["payload"]))
        if check["require_reply"]:
            result.add("require_reply " + word(check["reply"]) if check["reply"] else "require_reply")
            result.add("max_reply_length 65535")  # keepalived's own limit of 255 bytes would fail a longer answer
        return result
