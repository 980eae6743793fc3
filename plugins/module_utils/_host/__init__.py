# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collection reads and changes on a host besides IPVS: files, sysctls, modules, units, routes.

Impure. Commands are run by a function that the caller hands in (`AnsibleModule.run_command`),
so that nothing here imports Ansible and the unit tests can answer for the host.
"""
