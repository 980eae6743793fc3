# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every module that talks to IPVS needs before its first request."""

from __future__ import annotations

import sys

from ansible.module_utils.common.respawn import has_respawned, probe_interpreters_for_module, respawn_module

from ansible_collections.lvs.cluster.plugins.module_utils._kernel import connection, errors, messages, unloaded

# Where distributions keep the Python that their package python3-pyroute2 serves.
SYSTEM_INTERPRETERS = (
    "/usr/bin/python3",
    "/usr/libexec/platform-python",
    "/usr/bin/python3.13",
    "/usr/bin/python3.12",
    "/usr/bin/python3.11",
    "/usr/bin/python3.9",
)


def require_pyroute2(module):
    """Return if pyroute2 can be imported; else run the module again under an interpreter that has it, or fail."""
    if messages.PYROUTE2_ERROR is None:
        return
    if not has_respawned():
        interpreter = probe_interpreters_for_module(SYSTEM_INTERPRETERS, "pyroute2")
        if interpreter:
            respawn_module(interpreter)
    module.fail_json(
        msg="%s. It was looked for by %s and by the system's own interpreters"
        % (errors.no_library(messages.PYROUTE2_ERROR), sys.executable)
    )


def connect(module):
    """A connection for a module that writes. It loads ip_vs where that is missing, but not in check mode: there nothing is touched."""
    require_pyroute2(module)
    if module.check_mode and not connection.is_loaded():
        return unloaded.Unloaded()

    def load():
        modprobe = module.get_bin_path("modprobe", opt_dirs=["/sbin", "/usr/sbin"])
        if modprobe:
            module.run_command([modprobe, "ip_vs"])

    return connection.Connection(load)
