# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""lvs-prober: the health checks that keepalived lacks, made by one daemon on each router.

Standard library only, Python 3.9 and newer, relative imports: the role copies this folder to the routers as it stands.

    escapes, dialogue, agent_line, verdict, weights, report   pure
    config                                                    the file that says what is to be checked
    conversation, wire, attempt                               one check over TCP, TLS or UDP
    files, inotify, supervisor                                what keepalived reads; the folder's watch; systemd
    probe, daemon, __main__                                   the schedule, and all of it together
"""
