# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The clean-up after a crash, with programs that only write down how they were called."""

from __future__ import annotations

import subprocess
from pathlib import Path

SCRIPT = Path(__file__).parents[3] / "roles/lvs_router/files/clean-up"
LIST = "# comment\n192.0.2.100/32\n\n10.0.0.254/32\n2001:db8::100/128\n"
# As `ip -batch -`: a command a line
IP = """#!/bin/sh
while read -r command; do
    echo "ip $command" >>{log}
    case "$command" in
        "address show to 192.0.2.100/32") echo '2: eth0    inet 192.0.2.100/24 scope global secondary eth0:1\\       valid_lft forever' ;;
        "address show to 2001:db8::100/128")
            echo '2: eth0    inet6 2001:db8::100/128 scope global nodad \\       valid_lft forever'
            echo '5: vlan7    inet6 2001:db8::100/64 scope global \\       valid_lft forever' ;;
    esac
done
"""


def run(folder: Path, alive: bool, **environment: str) -> list[str]:
    log = folder / "log"
    programs = {"ip": IP.format(log=log), "ipvsadm": f'#!/bin/sh\necho "ipvsadm $*" >>{log}\n', "pidof": f"#!/bin/sh\nexit {0 if alive else 1}\n"}
    for name, text in programs.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    (folder / "list").write_text(LIST)
    subprocess.run(["sh", str(SCRIPT), str(folder / "list")], check=True, env={"PATH": f"{folder}:/usr/bin:/bin", **environment})
    return log.read_text().splitlines() if log.exists() else []


def test_exactly_the_listed_addresses_go_from_any_interface(tmp_path: Path) -> None:
    removed = [line for line in run(tmp_path, alive=False) if " del " in line]
    assert removed == [
        "ip address del 192.0.2.100/24 dev eth0",
        "ip address del 2001:db8::100/128 dev eth0",
        "ip address del 2001:db8::100/64 dev vlan7",
    ]


def test_nothing_is_touched_while_a_keepalived_lives(tmp_path: Path) -> None:
    assert run(tmp_path, alive=True) == []


def test_the_keepalived_of_somebody_else_does_not_keep_the_addresses_of_a_unit_that_has_ended(tmp_path: Path) -> None:
    assert "ip address del 192.0.2.100/24 dev eth0" in run(tmp_path, alive=True, SERVICE_RESULT="signal")


def test_the_script_is_plain_shell() -> None:
    result = subprocess.run(["sh", "-n", str(SCRIPT)], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")


def test_the_table_is_cleared(tmp_path: Path) -> None:
    calls = [line for line in run(tmp_path, alive=False) if line.startswith("ipvsadm")]
    assert calls == ["ipvsadm --clear", "ipvsadm --stop-daemon master", "ipvsadm --stop-daemon backup"]
