# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program hand-over before keepalived is stopped, with an `ip` that has addresses until somebody wishes them away."""

from __future__ import annotations

import subprocess
from pathlib import Path

PROGRAM = Path(__file__).parents[3] / "roles/lvs_router/files/hand-over"
GOLDEN = Path(__file__).parents[1] / "keepalived/golden/minimal.conf"
LIST = "# Managed by lvs.cluster\n192.0.2.100/24 eth0\n2001:db8::100/64 eth0\n10.0.0.254/24 eth1\n169.254.0.1/32 lo\n"
IP = """#!/bin/sh
grep -qx 1 {folder}/wish 2>/dev/null && exit 0
[ -e {folder}/is-active ] || exit 0
case "$5" in
    192.0.2.100) echo "2: eth0@if7    inet 192.0.2.100/24 scope global secondary eth0:1" ;;
    10.0.0.254) echo "4: vlan7    inet 10.0.0.254/24 scope global secondary vlan7" ;;
esac
"""
TC = """#!/bin/sh
[ "$1" = "-force" ] && sed 's/^/tc /' >>{folder}/log || echo "tc $*" >>{folder}/log
"""


class Router:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "programs").mkdir()
        for name, text in (("ip", IP), ("tc", TC), ("sleep", "#!/bin/sh\nexec /usr/bin/sleep 0\n")):
            (folder / "programs" / name).write_text(text.format(folder=folder))
            (folder / "programs" / name).chmod(0o755)
        (folder / "list").write_text(LIST)
        (folder / "keepalived.conf").write_text(GOLDEN.read_text().replace("/run/lvs-cluster-hand-over", str(folder / "wish")))
        text = PROGRAM.read_text()
        for old, new in (("/etc/keepalived/keepalived.conf", "keepalived.conf"), ("/etc/keepalived/lvs-cluster-addresses", "list"),
                         ("wish=/run/lvs-cluster-hand-over ", "wish"), ("/run/lvs-cluster-hand-over-filters", "filters")):
            assert old in text
            text = text.replace(old, f"wish={folder}/wish " if new == "wish" else str(folder / new))
        self.program = folder / "hand-over"
        self.program.write_text(text)
        self.wish = folder / "wish"

    def run(self, word: str) -> list[str]:
        """What tc was told."""
        environment = {"PATH": f"{self.folder}/programs:/usr/bin:/bin"}
        done = subprocess.run(["sh", str(self.program), word], capture_output=True, text=True, check=False, env=environment, timeout=60)
        assert (done.returncode, done.stderr) == (0, "")
        log = self.folder / "log"
        return log.read_text().splitlines() if log.exists() else []


def test_an_active_router_gives_its_addresses_away_before_it_is_stopped(tmp_path: Path) -> None:
    router = Router(tmp_path)
    (tmp_path / "is-active").touch()
    told = router.run("leave")
    assert router.wish.read_text() == "1\n"  # and it stays: no return into the election
    filtered = [line for line in told if "filter add" in line]
    assert {line.split()[4] for line in filtered} == {"eth0", "eth1", "vlan7"}  # the instances' interfaces, and where addresses are
    assert sum("dst_ip 192.0.2.100 tcp_flags 0x2/0x12 action drop" in line for line in filtered) == 3


def test_one_that_is_not_active_stops_at_once(tmp_path: Path) -> None:
    router = Router(tmp_path)
    assert router.run("leave") == []
    assert not router.wish.exists()


def test_a_configuration_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    router = Router(tmp_path)
    (tmp_path / "is-active").touch()
    (tmp_path / "keepalived.conf").write_text("vrrp_instance other {\n}\n")
    assert router.run("leave") == []
    assert not router.wish.exists()
