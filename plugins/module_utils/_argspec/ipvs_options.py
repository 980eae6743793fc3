# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that several modules of the IPVS table share, made from the words of the model."""

from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._model import ipvs_words as words

FORCE = {"type": "bool", "default": False}

# What names a service.
NAMING = {
    "protocol": {"type": "str", "choices": list(words.PROTOCOLS)},
    "address": {"type": "str"},
    "port": {"type": "int"},
    "firewall_mark": {"type": "int"},
    "family": {"type": "str", "choices": list(words.FAMILIES)},
}
SERVICE = dict(
    NAMING,
    scheduler={"type": "str", "choices": list(words.SCHEDULERS)},
    scheduler_flags={"type": "list", "elements": "str", "choices": list(words.all_flag_words())},
    persistence_timeout={"type": "int"},
    persistence_netmask={"type": "str"},
    persistence_engine={"type": "str"},
    one_packet={"type": "bool"},
)
DESTINATION = {
    "address": {"type": "str", "required": True},
    "port": {"type": "int"},
    "forward": {"type": "str", "choices": list(words.FORWARDS)},
    "weight": {"type": "int"},
    "upper_threshold": {"type": "int"},
    "lower_threshold": {"type": "int"},
    "tunnel_type": {"type": "str", "choices": list(words.TUNNEL_TYPES)},
    "tunnel_port": {"type": "int"},
    "tunnel_checksum": {"type": "str", "choices": list(words.CHECKSUMS)},
}
PRESENCE = {"type": "str", "choices": ["present", "absent"], "default": "present"}
