# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""keepalived_config against a router that does not answer, by the real ansible-playbook."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml


@pytest.mark.parametrize(("phase", "status", "rescued"), [("activate", 0, True), ("check", 4, False)])
def test_a_router_that_is_lost_in_the_midst_of_a_change_is_rescued(tmp_path: Path, phase: str, status: int, rescued: bool) -> None:
    """Or its partner would keep the new configuration: Ansible rescues what fails, not what is unreachable."""
    block = {"block": [{"lvs.cluster.keepalived_config": {"phase": phase, "content": "x\n"}}],
             "rescue": [{"ansible.builtin.debug": {"msg": "rescued: {{ ansible_failed_result.msg }}"}}]}
    (tmp_path / "play.yml").write_text(yaml.safe_dump([{"hosts": "r1", "gather_facts": False, "tasks": [block]}]))
    ssh = tmp_path / "ssh"
    ssh.write_text("#!/bin/sh\nexit 255\n")      # as ssh does when it gets no connection
    ssh.chmod(0o755)
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "r1,", str(tmp_path / "play.yml")]
    environment = {**os.environ, "ANSIBLE_SSH_EXECUTABLE": str(ssh), "ANSIBLE_SSH_RETRIES": "0", "ANSIBLE_NOCOLOR": "1"}
    done = subprocess.run(command, env=environment, text=True, capture_output=True, check=False, timeout=300)
    assert (done.returncode, "rescued: r1 did not answer" in done.stdout) == (status, rescued), done.stdout + done.stderr
