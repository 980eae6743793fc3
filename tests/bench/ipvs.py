# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long ipvs_services takes beside `ipvsadm -R` of the same table, and how the cost grows.

One line a figure: `figure value limit ok|SHORT`; exit status 1 if any is SHORT. Every module run is
a fresh process of the very program that Ansible sends (AnsiballZ), arguments included. Run it as
root on a kernel with IPVS: `make bench-ipvs`. Options: --largest N leaves larger tables out.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

from ansible.executor.module_common import modify_module
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import init_plugin_loader, module_loader
from ansible.template import Templar

OURS = "lvs.cluster."
SETUP = """
link set lo up
link add net0 type dummy
addr add 10.255.255.1/8 dev net0
link set net0 up
"""
SIZES = {100: (10, 10), 1000: (10, 100), 10000: (100, 100), 50000: (500, 100)}
ONE_TASK = 20  # destinations that are added by a task each, to tell the time of a loop of tasks


def table(services, destinations, weight=100):
    return [
        {
            "address": "10.200.%d.%d" % divmod(service, 250),
            "port": 80,
            "scheduler": "wlc",
            "destinations": [
                {"address": "10.%d.%d.%d" % (service // 250, service % 250, number + 1), "port": 80, "weight": weight}
                for number in range(destinations)
            ],
        }
        for service in range(services)
    ]


def rules(services):
    lines = []
    for service in services:
        name = "-t %s:80" % service["address"]
        lines.append("-A %s -s wlc" % name)
        lines += ["-a %s -r %s:80 -m -w %d" % (name, row["address"], row["weight"]) for row in service["destinations"]]
    return "\n".join(lines) + "\n"


def program(folder, name, **arguments):
    """The path of the Python program that Ansible would send for this task."""
    name = name if "." in name else OURS + name
    path = module_loader.find_plugin(name)
    built = modify_module(
        module_name=name,
        module_path=path,
        module_args=dict(arguments, _ansible_check_mode=False, _ansible_diff=False),
        templar=Templar(loader=DataLoader()),
        task_vars={"ansible_python_interpreter": sys.executable, "ansible_facts": {}},
    )
    target = pathlib.Path(folder) / ("%s-%d.py" % (name, len(os.listdir(folder))))
    target.write_bytes(built.b_module_data)
    return str(target)


def run(path):
    """(seconds, peak memory in MB, result) of a module in a process of its own."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, path], stdout=subprocess.PIPE)
    output = process.stdout.read()
    _pid, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    result = json.loads(output)
    if status or result.get("failed"):
        sys.exit("the module failed: %s" % result.get("msg"))
    return seconds, usage.ru_maxrss / 1024, result


def clear():
    subprocess.run(["ipvsadm", "-C"], check=True)


def ipvsadm_restore(text):
    clear()
    start = time.perf_counter()
    subprocess.run(["ipvsadm", "-R"], input=text, text=True, check=True)
    return time.perf_counter() - start


class Figures:
    def __init__(self):
        self.short = False

    def say(self, name, value, unit, limit=None):
        """limit: the largest value that is good enough."""
        verdict = "ok" if limit is None or value <= limit else "SHORT"
        self.short = self.short or verdict == "SHORT"
        print("%-52s %9.3f %-2s %9s %s" % (name, value, unit, "-" if limit is None else "%.3f" % limit, verdict), flush=True)


def ten_thousand(figures, folder):
    """The limits: full apply, no change, one weight changed, each in the same run as ipvsadm."""
    services = table(*SIZES[10000])
    text = rules(services)
    whole = program(folder, "ipvs_services", services=services, state="overridden")
    services[50]["destinations"][50]["weight"] = 99
    one = program(folder, "ipvs_services", services=services, state="overridden")
    tool, full, same, single = [], [], [], []
    for _round in range(3):
        tool.append(ipvsadm_restore(text))
        clear()
        full.append(run(whole)[0])
        seconds, _memory, result = run(whole)
        assert not result["changed"]
        same.append(seconds)
        seconds, _memory, result = run(one)
        assert len(result["commands"]) == 1
        single.append(seconds)
    base = statistics.median(tool)
    figures.say("ipvsadm -R of 10,000 destinations", base, "s")
    figures.say("full apply of 10,000, times ipvsadm's", statistics.median(full) / base, "x", 2)
    figures.say("no change of 10,000, times ipvsadm's", statistics.median(same) / base, "x", 1.2)
    figures.say("one weight of 10,000, times ipvsadm's", statistics.median(single) / base, "x", 1.2)
    return statistics.median(full)


def sizes(figures, folder, largest):
    """Seconds per size; the cost per destination must not grow."""
    seconds = {}
    for size, shape in SIZES.items():
        if size > largest:
            continue
        path = program(folder, "ipvs_services", services=table(*shape), state="overridden")
        rounds = []
        for _round in range(3):
            clear()
            rounds.append(run(path)[:2])
        # The least: whatever else the machine does only adds to it.
        seconds[size], memory = min(row[0] for row in rounds), max(row[1] for row in rounds)
        figures.say("full apply of %d" % size, seconds[size], "s")
        if size == 50000:
            figures.say("peak memory at 50,000", memory, "MB", 250)
    clear()
    start = seconds[100]
    slopes = {size: (value - start) / (size - 100) * 1e6 for size, value in seconds.items() if size > 100}
    for size, slope in slopes.items():
        figures.say("slope from 100 to %d" % size, slope, "us")
    if 50000 in slopes:
        figures.say("slope at 50,000, times that at 10,000", slopes[50000] / slopes[10000], "x", 1.5)


def loop_of_tasks(figures, folder, full):
    """A process for each destination, as a loop of tasks on the host costs at least (Ansible's own share left out)."""
    clear()
    service = {"address": "10.200.0.0", "port": 80}
    run(program(folder, "ipvs_service", **service))
    rows = table(1, ONE_TASK)[0]["destinations"]
    paths = [program(folder, "ipvs_destination", service=service, address=row["address"], weight=1) for row in rows]
    start = time.perf_counter()
    for path in paths:
        run(path)
    each = (time.perf_counter() - start) / ONE_TASK
    figures.say("one destination by a task of its own", each, "s")
    figures.say("10,000 such tasks (reckoned), times the one call", each * 10000 / full, "x")
    clear()


def steps():
    """{step of a full apply of 10,000: seconds}, in this process."""
    # Not before the plugin loader is there, or Ansible does not find the collection.
    from ansible_collections.lvs.cluster.plugins.module_utils._kernel import connection, ipvs, packing
    from ansible_collections.lvs.cluster.plugins.module_utils._model import ipvsadm_text, plan
    from ansible_collections.lvs.cluster.plugins.module_utils._model import table as services_of
    from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report

    raw, report, times = table(*SIZES[10000]), Report(), []

    def done():
        times.append(time.perf_counter())

    clear()
    with connection.Connection() as opened:
        done()
        want = plan.target([], services_of.read_services(raw, "services", report), "overridden", report)
        operations = plan.difference([], want)
        done()
        packed = list(packing.requests(operations))
        done()
        assert not opened.send(packed) and not report
        done()
        ipvsadm_text.lines(want)
        done()
        ipvs.read_table(opened)
        done()
    names = ("checking the arguments, planning", "packing", "sending, with the kernel's own work", "telling the table as text",
             "reading such a table (when it is there already)")
    return {name: after - before for name, before, after in zip(names, times, times[1:])}


def parts(figures, folder):
    """What the time of a full apply of 10,000 is made of; the least of three each."""
    nothing, empty = (min(run(program(folder, *words))[0] for _round in range(3)) for words in (["ansible.builtin.ping"], ["ipvs_info"]))
    figures.say("of it: interpreter and Ansible (module ping)", nothing, "s")
    figures.say("of it: our imports, pyroute2's, the connection", empty - nothing, "s")
    rounds = [steps() for _round in range(3)]
    for name in rounds[0]:
        figures.say("of it: " + name, min(one[name] for one in rounds), "s")
    clear()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--largest", type=int, default=50000)
    arguments = parser.parse_args()
    init_plugin_loader([])
    if not os.path.exists("/proc/net/ip_vs"):
        subprocess.run(["modprobe", "ip_vs"], check=True)
    # A namespace of its own, so that nothing of the machine's own table is touched.
    if ctypes.CDLL(None, use_errno=True).unshare(0x40000000):
        sys.exit("a network namespace can't be made: %s" % os.strerror(ctypes.get_errno()))
    subprocess.run(["ip", "-batch", "-"], input=SETUP, text=True, check=True)
    figures = Figures()
    with tempfile.TemporaryDirectory() as folder:
        full = ten_thousand(figures, folder)
        sizes(figures, folder, arguments.largest)
        loop_of_tasks(figures, folder, full)
        parts(figures, folder)
    sys.exit(1 if figures.short else 0)


if __name__ == "__main__":
    main()
