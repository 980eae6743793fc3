# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Before the first deploy: how the hosts are, for the test of the removal."""

from __future__ import annotations

import json

from lvslab import trial

HOSTS = ("r2", "web1", "web3")

if __name__ == "__main__":
    (trial.folder() / "bare.json").write_text(json.dumps({host: sorted(trial.fingerprint(host)) for host in HOSTS}))
