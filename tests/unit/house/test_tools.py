# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tools that others rely on: exit statuses, exact copies, and that what is stale is refused."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest
import steps
import tree


def program(name: str) -> ModuleType:
    """A program of tools/ that has no ending, as a module."""
    loader = SourceFileLoader(name, str(Path(steps.__file__).parent / name))
    spec = spec_from_loader(name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of three files in place of ours: one is not shipped, one is not tracked."""
    root = tmp_path / "project"
    (root / "plugins").mkdir(parents=True)
    (root / "tests").mkdir()
    (root / ".gitignore").write_text("ignored\n")
    (root / "README.md").write_text("one\n")
    (root / "plugins" / "new.py").write_text("two\n")
    (root / "tests" / "test_it.py").write_text("three\n")
    (root / "ignored").write_text("four\n")
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    subprocess.run(["git", "add", "README.md", "tests"], cwd=root, check=True)
    monkeypatch.setattr(tree, "ROOT", root)
    return root


def test_what_is_shipped(small: Path) -> None:
    assert tree.files() == [".gitignore", "README.md", "plugins/new.py", "tests/test_it.py"]
    assert tree.shipped() == ["README.md", "plugins/new.py"]
    (small / "README.md").unlink()
    assert tree.shipped() == ["plugins/new.py"]


def test_a_copy_is_exact_and_leaves_unchanged_files_alone(small: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy"
    tree.copy(tree.shipped(), target)
    before = (target / "README.md").stat().st_mtime_ns
    (small / "plugins" / "new.py").write_text("changed\n")
    (target / "stray" / "deep").mkdir(parents=True)
    (target / "stray" / "deep" / "file").write_text("x")
    (target / "kept").mkdir()
    (target / "kept" / "file").write_text("x")
    tree.copy(tree.shipped(), target, keep=("kept",))
    assert sorted(str(path.relative_to(target)) for path in target.rglob("*") if path.is_file()) == ["README.md", "kept/file", "plugins/new.py"]
    assert (target / "plugins" / "new.py").read_text() == "changed\n"
    assert (target / "README.md").stat().st_mtime_ns == before


def test_the_digest_tells_names_contents_and_modes_apart(small: Path) -> None:
    seen = {tree.digest(tree.shipped())}
    (small / "plugins" / "new.py").write_text("other\n")
    seen.add(tree.digest(tree.shipped()))
    (small / "plugins" / "new.py").chmod(0o755)
    seen.add(tree.digest(tree.shipped()))
    (small / "plugins" / "new.py").rename(small / "plugins" / "newer.py")
    seen.add(tree.digest(tree.shipped()))
    assert len(seen) == 4


def test_what_is_stale_is_found(small: Path, tmp_path: Path) -> None:
    build = program("build_and_install")
    installed = tmp_path / "ansible_collections" / "lvs" / "cluster"
    shutil.copytree(small, installed, ignore=shutil.ignore_patterns(".git*", "tests", "ignored"))
    (installed / "MANIFEST.json").write_text("{}")
    assert build.differences(tmp_path) == []
    (small / "README.md").write_text("changed\n")
    (small / "plugins" / "more.py").write_text("")
    (installed / "plugins" / "old.py").write_text("")
    assert build.differences(tmp_path) == [
        "plugins/more.py: is not installed",
        "plugins/old.py: is installed, but not in the tree",
        "README.md: differs",
    ]


def test_all_steps_run_and_a_failed_one_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(steps, "LOGS", tree.BUILD / "log" / "test-of-steps")
    python = [sys.executable, "-c"]
    listed = [
        steps.Step("first", [*python, "print('words of the first')"]),
        steps.Step("second", [*python, "import sys; print('why'); sys.exit(3)"]),
        steps.Step("third", [*python, f"open({str(tmp_path / 'ran')!r}, 'w').close()"]),
    ]
    assert steps.run_all("try", listed, quiet=True) == 1
    output = capsys.readouterr().out
    assert (tmp_path / "ran").exists()
    assert "words of the first" not in output.split("\n\n")[0]
    assert "why" in output
    assert "exit status 3" in output
    assert output.splitlines()[-1] == "2 passed, 1 failed"
    assert steps.run_all("try", [listed[0], listed[2]], quiet=True) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "2 passed, 0 failed"


def test_two_steps_aside_run_at_the_same_time_when_nothing_else_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each waits for a file that the other one makes."""
    monkeypatch.setattr(steps, "LOGS", tree.BUILD / "log" / "test-of-steps")
    meets = "import pathlib, sys, time\nmine, other = map(pathlib.Path, sys.argv[1:])\nmine.touch()\n" \
            "end = time.monotonic() + 20\nwhile not other.exists():\n    assert time.monotonic() < end\n    time.sleep(0.05)"
    names = [str(tmp_path / "one"), str(tmp_path / "two")]
    listed = [steps.Step(name[-3:], [sys.executable, "-c", meets, name, other], aside=True) for name, other in zip(names, names[::-1], strict=True)]
    assert steps.run_all("try", [steps.Step("first", ["true"]), *listed], quiet=True) == 0


def test_what_failed_in_a_long_log_is_said_at_the_end() -> None:
    log = """
ok: [r1]
FAILED - RETRYING: [r1]: Wait (2 retries left).
\x1b[31mfatal: [localhost]: FAILED! => {\x1b[0m
\x1b[31m        "power-off.outage                          3.66s    3.65s SHORT",\x1b[0m
        "frozen.outage  3.10s  3.65s ok",
        "reboot/test_reboot.py:38: in test_one",
        "E   AssertionError: assert 2 == 0",
        "    assert code == 0",
        "FAILED reboot/test_reboot.py::test_one",
        "FAILED reboot/test_reboot.py::test_one",
"""
    assert steps.complaints(log) == [
        "fatal: [localhost]: FAILED! => {",
        "power-off.outage                          3.66s    3.65s SHORT",
        "reboot/test_reboot.py:38: in test_one",
        "E   AssertionError: assert 2 == 0",
        "FAILED reboot/test_reboot.py::test_one",
    ]
    assert len(steps.complaints("".join(f"E   {number}\n" for number in range(1000)))) == steps.COMPLAINTS


def test_an_unknown_step_is_refused() -> None:
    with pytest.raises(SystemExit, match="no step nothing: there are first"):
        steps.chosen([steps.Step("first", ["true"])], ["nothing"])
