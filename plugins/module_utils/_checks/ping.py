# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ping: the machine answers an ICMP echo request."""

from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._checks.base import ConnectingType


class Ping(ConnectingType):
    name = "ping"
    keyword = "PING_CHECK"
    asks = ""
    summary = "Healthy when the machine answers an ICMP echo request. It says nothing about the service."
