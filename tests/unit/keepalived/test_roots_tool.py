# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""tools/keepalived_roots takes the mirror that the machine's own apt has."""

from __future__ import annotations

import importlib.machinery
import importlib.util

import pytest

from .checker import REPOSITORY


@pytest.fixture(scope="module")
def tool():
    loader = importlib.machinery.SourceFileLoader("keepalived_roots", str(REPOSITORY / "tools/keepalived_roots"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("keepalived_roots", loader))
    loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("text", "mirror"),
    [
        ("Types: deb\n# http://old.example/debian\nURIs: http://mirror.example/debian\nSuites: bookworm\n", "http://mirror.example/debian"),
        ("URIs: http://a.example/debian-security http://b.example/debian/\n", "http://b.example/debian"),
        ("deb http://mirror.example/debian bookworm main\n", "http://mirror.example/debian"),
        ("deb [arch=amd64 signed-by=/k.gpg] https://mirror.example/x/debian/ bookworm main\n", "https://mirror.example/x/debian"),
        ("#deb http://mirror.example/debian bookworm main\n", None),
        ("deb http://archive.example/ubuntu noble main\n", None),
        ("deb cdrom:[Debian]/ bookworm main\n", None),
        ("", None),
    ],
)
def test_the_mirror_of_a_source_list(tool, text, mirror):
    assert tool.mirror_in(text) == mirror


def test_without_a_list_the_default(tool, tmp_path, monkeypatch):
    monkeypatch.setattr(tool, "APT_SOURCES", (tmp_path / "none",))
    assert tool.mirror() == tool.DEFAULT_MIRROR
    (tmp_path / "list").write_text("deb http://mirror.example/debian bookworm main\n")
    monkeypatch.setattr(tool, "APT_SOURCES", (tmp_path / "none", tmp_path / "list"))
    assert tool.mirror() == "http://mirror.example/debian"
