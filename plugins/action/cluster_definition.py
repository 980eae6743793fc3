# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Validate and complete the definitions of all clusters of the inventory. Runs on the controller and connects to nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.lvs.cluster.plugins.module_utils._model.collect import collect, place
from ansible_collections.lvs.cluster.plugins.module_utils._model.facts import interfaces
from ansible_collections.lvs.cluster.plugins.module_utils._model.forwarding import by_hand
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Problem, nearest, one_of
from ansible_collections.lvs.cluster.plugins.module_utils._model.resolve import machines, resolve, resolve_partly
from ansible_collections.lvs.cluster.plugins.module_utils._model.show import describe

VARIABLE = "lvs_cluster"


class ActionModule(ActionBase):
    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: Mapping[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        _checked, arguments = self.validate_argument_spec(
            argument_spec={
                "stage": {"type": "str", "choices": ["definition", "facts"], "default": "definition"},
                "names": {"type": "list", "elements": "str"},
                "partial": {"type": "bool", "default": False},
                "show": {"type": "bool", "default": False},
            }
        )
        task_vars = task_vars or {}
        definitions, problems = _definitions(task_vars)
        clusters, more = collect(definitions, _inventory(task_vars))
        problems += more
        if not definitions and not problems:
            # A misspelt or misplaced variable would else be a play that does nothing and succeeds
            problems.append(Problem(VARIABLE, "no host of the inventory has this variable", "put it into group_vars/all.yml, or its group's"))
        names = arguments["names"] or list(clusters)
        if not problems:
            problems += [Problem("names", "there is no cluster " + name, _remedy(name, clusters)) for name in names if name not in clusters]
        if not problems:
            clusters = {name: clusters[name] for name in names}
            if arguments["stage"] == "facts":
                clusters, problems = _resolved(clusters, task_vars, arguments["partial"])
        if problems:
            return {**result, **_failure(problems)}
        cluster, part = place(clusters.values(), str(task_vars.get("inventory_hostname", "")))
        text = "\n".join(describe(one) for one in clusters.values())
        if arguments["stage"] == "facts" and not arguments["partial"]:
            for line in (line for one in clusters.values() for line in by_hand(one)):
                Display().warning("left to you: " + line)
        if arguments["show"]:
            Display().display(text)
        return {**result, "changed": False, "clusters": clusters, "cluster": cluster, "part": part, "text": text}


def _remedy(name: str, clusters: Mapping[str, Any]) -> str:
    guess = nearest(name, clusters)
    return "did you mean %s?" % guess if guess else "give " + one_of(clusters)


def _failure(problems: list[Problem]) -> dict[str, Any]:
    count = "1 problem" if len(problems) == 1 else "%d problems" % len(problems)
    lines = ["The cluster definition has %s; nothing was changed." % count, *("  " + str(problem) for problem in problems)]
    return {
        "failed": True,
        "changed": False,
        "msg": "\n".join(lines),
        "problems": [problem._asdict() for problem in problems],
    }


def _inventory(task_vars: Mapping[str, Any]) -> dict[str, Any]:
    groups = {str(name): [str(host) for host in hosts] for name, hosts in task_vars.get("groups", {}).items()}
    return {"hosts": groups.get("all", []), "groups": groups}


def _definitions(task_vars: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """host → its definition in plain types, for the hosts that have one."""
    hostvars = task_vars.get("hostvars", {})
    result: dict[str, Any] = {}
    problems: list[Problem] = []
    before: tuple[Any, Any] = (None, None)
    for host in _inventory(task_vars)["hosts"]:
        try:
            raw = hostvars.raw_get(host).get(VARIABLE)
            if raw is None:
                continue
            if not _is_literal(raw):
                definition = plain(hostvars[host][VARIABLE])
            elif before[0] == raw:
                definition = before[1]
            else:
                definition = plain(raw)
                before = (raw, definition)
            if definition is not None:
                result[host] = definition
        except AnsibleError as error:
            problems.append(
                Problem("%s of %s" % (VARIABLE, host), "can't be evaluated (%s)" % error.message, "correct the template or the variable that it names")
            )
    return result, problems


def _is_literal(value: Any) -> bool:
    """Whether nothing in a raw variable is left to evaluate: templating a large definition for each host takes seconds."""
    if isinstance(value, Mapping):
        return all(_is_literal(key) and _is_literal(item) for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return all(_is_literal(item) for item in value)
    if isinstance(value, str):
        return "{{" not in value and "{%" not in value and "{#" not in value
    return value is None or isinstance(value, (bool, int, float))


def _resolved(clusters: Mapping[str, Any], task_vars: Mapping[str, Any], partial: bool) -> tuple[dict[str, Any], list[Problem]]:
    result: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, cluster in clusters.items():
        hosts = {machine["host"] for machine in machines(cluster)} - {None}
        facts: dict[str, Any] = {}
        for host in sorted(hosts):
            found = interfaces(plain(task_vars["hostvars"][host].get("ansible_facts") or {}))
            if found:
                facts[host] = found
        if partial:
            result[name] = resolve_partly(cluster, facts)
            continue
        resolved, found_problems = resolve(cluster, facts)
        result[name] = resolved
        problems += [Problem("%s: %s" % (name, problem.path), problem.message, problem.remedy) for problem in found_problems]
    return result, problems


def plain(value: Any) -> Any:
    """The same value without Ansible's own types, which are subclasses that carry tags or templates."""
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, str):
        return str.__str__(value)[:]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    return str(value)
