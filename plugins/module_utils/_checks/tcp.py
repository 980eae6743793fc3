# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""tcp: the port accepts a connection."""

from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._checks.base import PORT, ConnectingType
from ansible_collections.lvs.cluster.plugins.module_utils._model.fields import Field


class Tcp(ConnectingType):
    name = "tcp"
    keyword = "TCP_CHECK"
    summary = "Healthy when the port accepts a connection."
    own: tuple[Field, ...] = (PORT,)
