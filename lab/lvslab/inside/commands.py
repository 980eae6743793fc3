# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a program, with its words in the error when it fails."""

from __future__ import annotations

import subprocess


class Failed(Exception):
    """A program that the lab runs ended with an error."""


def run(*command: str, input: str | None = None, check: bool = True) -> str:
    done = subprocess.run(command, input=input, capture_output=True, text=True)
    if check and done.returncode:
        raise Failed(f"{' '.join(command)}: {done.stderr.strip() or done.stdout.strip() or done.returncode}")
    return done.stdout


def batch(*lines: str) -> None:
    """Many `ip` commands in one process."""
    run("ip", "-batch", "-", input="\n".join(lines) + "\n")
