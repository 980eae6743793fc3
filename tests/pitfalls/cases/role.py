# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a configuration comes into force, and how the state of a router is read."""

from __future__ import annotations

from case import Case, Edit

FOLDER = "plugins/module_utils/_host"
TESTS = "tests/unit/roles/test_activation.py"

TESTED = Case("tested-before", (Edit(f"{FOLDER}/keepalived.py", '    if code == 0:\n        return ""\n', '    return ""\n'),),
              (f"{TESTS}::test_what_keepalived_refuses_fails_the_check_with_its_words_and_the_real_path",))
ROLLBACK = Case("rolled-back", (Edit(f"{FOLDER}/activation.py", "            undone = self._roll_back(content, previous)\n", '            undone = ""\n'),),
                (f"{TESTS}::test_what_a_reload_refuses_is_rolled_back_with_the_reason",))
RELOAD = Case("reload", (Edit(f"{FOLDER}/activation.py", "        if needs_restart(old, new):\n", "        if True:\n"),),
              (f"{TESTS}::test_a_running_keepalived_is_reloaded_and_the_last_good_file_kept",))
STALE = Case("stale-answer", (Edit(f"{FOLDER}/keepalived.py", "os.unlink(path)  # a stale answer, perhaps of a process long gone", "pass"),),
             ("tests/unit/roles/test_state_is_live.py",))
