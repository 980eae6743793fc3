# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""keepalived really starts an external check: as whom, with which arguments and environment.

The health checker needs IPVS in the kernel, so the command is run here as a vrrp_script: keepalived reads `script` and
`misc_path` by the same code (alloc_strvec_quoted…, set_script_params_array) in both versions.
"""

from __future__ import annotations

import re
import signal

from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.render import render

from .cases import CASES, checked
from .checker import ACCEPTED, ask, run

CONFIG = """
global_defs {
    script_user root
    enable_script_security
}
vrrp_script check {
    script %s
    interval 1
}
vrrp_instance one {
    state BACKUP
    interface eth0
    virtual_router_id 1
    virtual_ipaddress {
        192.0.2.100
    }
    track_script {
        check
    }
}
"""
PROGRAM = """#!/bin/sh
# What this process got, each on a line.
{ id -un; id -gn; for word in "$@"; do printf 'argument=%s\\n' "$word"; done; env | grep ^LVS_ | sort; } >/tmp/got.new
mv /tmp/got.new /tmp/got
"""
START = """
cp /files/program /usr/local/lib/check-shop
chmod 755 /usr/local/lib/check-shop
chmod 1777 /tmp
# only what keepalived itself hands on is to be seen
unset $(env | sed -n 's/^\\(LVS_[A-Z_]*\\)=.*/\\1/p')
keepalived -n -l -P -f /files/a.conf >/files/log 2>&1 &
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do [ -e /tmp/got ] && break; sleep 0.1; done
cp /tmp/got /files/got
kill $!
wait
"""


def started(root, text):
    path = re.search(r"misc_path (.*)", text).group(1)
    return run(root, {"a.conf": CONFIG % path, "program": PROGRAM}, START)["got"].splitlines()


ADDRESSES = ["argument=192.0.2.100", "argument=80", "argument=10.0.0.11", "argument=80"]
ENVIRONMENT = [
    "LVS_PROTOCOL=tcp",
    "LVS_REAL_ADDRESS=10.0.0.11",
    "LVS_REAL_PORT=80",
    "LVS_REAL_SERVER=web1",
    "LVS_TIMEOUT=%d",
    "LVS_VIRTUAL_ADDRESS=192.0.2.100",
    "LVS_VIRTUAL_PORT=80",
    "LVS_VIRTUAL_SERVER=www",
]


def test_the_program_gets_its_arguments_as_they_were_written(root):
    got = started(root, render(*CASES["check_external"]()))
    assert got[:2] == ["nobody", "nogroup"]
    assert got[2:-8] == ["argument=" + word for word in ("--depth", "two words", "#!{x}@~SEQ", "", "100%")] + ADDRESSES
    assert got[-8:] == [line.replace("%d", "4") for line in ENVIRONMENT]


def test_without_a_user_the_script_user_runs_it(root):
    got = started(root, render(checked(type="external", command=["/usr/local/lib/check-shop"]), "r1"))
    assert got == ["keepalived_script", "keepalived_script", *ADDRESSES, *(line.replace("%d", "2") for line in ENVIRONMENT)]


RELOAD = """
cd /files
# only what keepalived itself hands on is to be seen
unset $(env | sed -n 's/^\\(LVS_[A-Z_]*\\)=.*/\\1/p')
keepalived -n -l -P -f /files/a.conf >log 2>&1 &
sleep 0.5
kill -HUP $!
sleep 0.7
kill $!
wait
"""


def test_a_reload_with_an_external_check_is_not_refused(root):
    """reload_check_config tests the file before each reload."""
    text = re.sub("lvs_sync_daemon.*", "", render(*CASES["check_external"]()))
    log = run(root, {"a.conf": text}, RELOAD)["log"]
    assert "Reload finished" in log or "Reloading ..." in log, log
    assert "failed validation" not in log
    assert "reload_check" not in log


def test_why_its_user_is_not_keepalived_s_matter(root):
    """keepalived 2.2.7 ends itself when it tests a script of another user."""
    text = render(*CASES["check_external"]()).replace("user root", "user nobody")
    status = ask(root, {"a": text})["a"].status
    assert status == (128 + signal.SIGTERM if root.name == "bookworm" else ACCEPTED)
