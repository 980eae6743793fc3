# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Arguments of the module keepalived_config."""
from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._model import drain

ARGUMENT_SPEC = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "phase": {"type": "str", "choices": ["check", "activate", "revert"], "default": "activate"},
    "cluster": {"type": "dict"},  # the action plugin turns these two into content, addresses, nftables and programs
    "layout": {"type": "dict"},
    "content": {"type": "str"},
    "addresses": {"type": "list", "elements": "str", "default": []},
    "drain_files": {"type": "list", "elements": "str"},
    "drain_folder": {"type": "path", "default": drain.FOLDER},
    "nftables": {"type": "str", "default": ""},
    "programs": {
        "type": "list", "elements": "dict", "default": [],
        "options": {name: {"type": "str", "required": True} for name in ("path", "user", "group", "named_by")},
    },
    "prober": {"type": "str", "no_log": True},  # what is sent to a server may hold a password
    "path": {"type": "path", "default": "/etc/keepalived/keepalived.conf"},
    "addresses_path": {"type": "path", "default": "/etc/keepalived/lvs-cluster-addresses"},
    "memory": {"type": "path", "default": "/var/lib/lvs-cluster/keepalived.json"},
    "timeout": {"type": "float", "default": 15.0},
}
REQUIRED_IF = [("phase", "check", ("content", "cluster"), True)]
