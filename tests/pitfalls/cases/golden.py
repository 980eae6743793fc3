# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""keepalived's configuration: its text, which the tests give to the real `keepalived -t` too."""

from __future__ import annotations

from case import Case, Edit

FOLDER = "plugins/module_utils/_keepalived"
GOLDEN = ("tests/unit/keepalived/test_golden.py::test_rendered_text_is_the_golden_file",)

BACKUP = Case("state-backup", (Edit(f"{FOLDER}/vrrp.py", '"state BACKUP"', '"state MASTER"'),), GOLDEN)
EXCLUDED = Case("one-address-in-the-adverts", (Edit(f"{FOLDER}/vrrp.py", 'Block("virtual_ipaddress_excluded"', 'Block("virtual_ipaddress"'),), GOLDEN)
WEIGHT = Case("leaves-by-weight-0", (Edit(f"{FOLDER}/hand_over.py", 'TRACKED + " weight 0"', 'TRACKED + " weight -50"'),), GOLDEN)
STARTUP = Case("startup-delay", (Edit(f"{FOLDER}/global_defs.py", 'if cluster["heartbeat"]["startup_delay"]:', "if False:"),), GOLDEN)
PREEMPT = Case("preempt-delay", (Edit(f"{FOLDER}/vrrp.py", "elif delay:", "elif False:"),), GOLDEN)
SECURITY = Case("script-security", (Edit(f"{FOLDER}/global_defs.py", '        "enable_script_security",\n', ""),), GOLDEN)
CHECKED = Case("reload-check", (Edit(f"{FOLDER}/global_defs.py", '        "reload_check_config",\n', ""),), GOLDEN)
