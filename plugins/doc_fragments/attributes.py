# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What modules say of check mode and of their diff. Those that write the IPVS table: ipvs_attributes."""

from __future__ import annotations


class ModuleDocFragment:
    # Modules that write; each says itself what its diff shows.
    DOCUMENTATION = r"""
attributes:
  check_mode:
    description: Can run in check mode and return the same as in a real run, without touching anything.
    support: full
"""

    # Modules that read or judge, and change nothing.
    READING = r"""
attributes:
  check_mode:
    description: Can run in check mode and return the same as in a real run.
    support: full
    details:
      - It never changes anything.
  diff_mode:
    description: Returns what changed.
    support: N/A
    details:
      - It never changes anything.
"""
