# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kinds of values that only virtual servers have. See kinds.py."""

from __future__ import annotations

from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model.ipvs_words import SCHEDULERS
from ansible_collections.lvs.cluster.plugins.module_utils._model.kinds import Kind
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report, join, nearest, one_of, shown

FLAGS = tuple(flag for flags in SCHEDULERS.values() for flag in flags)


class SchedulerFlags(Kind):
    """Flags of a scheduler: one word, words with commas between (as ipvsadm takes them), or a list. The plain form is a list, sorted as ipvsadm does."""

    words = "%s, or a list of them" % one_of(FLAGS)

    def read(self, value: Any, path: str, report: Report) -> list[str] | None:
        if isinstance(value, str):
            items = [part.strip() for part in value.split(",")]
        elif isinstance(value, (list, tuple)):
            items = list(value)
        else:
            report.add(path, "%s stands where a list belongs" % shown(value), "give " + self.words)
            return None
        for number, item in enumerate(items):
            if not isinstance(item, str) or item not in FLAGS:
                guess = nearest(item, FLAGS)
                where = path if isinstance(value, str) else join(path, number)
                report.add(where, "%s is not known" % shown(item), "did you mean %s?" % guess if guess else "give " + self.words)
                return None
        return [flag for flag in FLAGS if flag in items]
