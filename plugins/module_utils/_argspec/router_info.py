# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Arguments of the module router_info."""
from __future__ import annotations

ARGUMENT_SPEC = {
    "path": {"type": "path", "default": "/etc/keepalived/keepalived.conf"},
    "cluster": {"type": "dict"},  # for the action plugin, as what follows
    "router": {"type": "str"},
}
