# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What comes before the first address and the first setting: kernel modules, and how addresses are added."""

from __future__ import annotations

from case import Case, Edit

LISTED = "content: \"{{ __lvs_router_notice }}{{ __lvs_router_here.modules | join('\\n') }}\\n\""
MODULES = Case("modules-at-boot", (Edit("roles/lvs_router/vars/main.yml", LISTED, 'content: "{{ __lvs_router_notice }}"'),),
               ("molecule/forwarding/change/test_fresh_kernel.py::test_everything_is_in_force_after_a_boot_of_the_kernel[r1]",), "forwarding", "/vs/", turn=2)
NODAD = Case("nodad", (Edit("plugins/module_utils/_model/vip.py", '["nodad"] if row["nodad"] else []', "[]"),), ("tests/unit/kernel/test_vip.py",))
