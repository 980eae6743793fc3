# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real connections through the table: they outlive edits, and the statistics count them.

A real server in a namespace of its own behind NAT, the client in another, this process is the router.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

SERVER = """
import socket, threading, time
listener = socket.create_server(("10.1.0.%d", 80))
def serve(connection):
    connection.sendall(b"%d")
    while True:
        time.sleep(0.02)
        connection.sendall(b".")
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
"""
# Prints the number of the server that answered, then a line for every 10 bytes that came.
CLIENT = """
import socket, sys
connection = socket.create_connection(("198.51.100.1", 80), timeout=10)
print(connection.recv(1).decode(), flush=True)
count = 0
while True:
    data = connection.recv(1)
    if not data:
        sys.exit("closed")
    count += 1
    if count % 10 == 0:
        print(count, flush=True)
"""
SERVICE = {"address": "198.51.100.1", "port": 80}


class Network:
    def __init__(self, kernel):
        self.kernel = kernel
        self.processes = []
        self.names = []

    def namespace(self, name, inside, outside, gateway):
        """A namespace joined to this one by a pair of interfaces."""
        full = "lvs%d%s" % (os.getpid(), name)
        ip = self.kernel.tool
        ip("ip", "netns", "add", full)
        self.names.append(full)
        ip("ip", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", full)
        ip("ip", "addr", "add", outside, "dev", name)
        ip("ip", "link", "set", name, "up")
        for words in (
            ["addr", "add", inside, "dev", "eth0"],
            ["link", "set", "lo", "up"],
            ["link", "set", "eth0", "up"],
            ["route", "add", "default", "via", gateway],
        ):
            ip("ip", "-n", full, *words)
        return full

    def python(self, namespace, program, **options):
        words = ["ip", "netns", "exec", namespace, sys.executable, "-c", program]
        process = subprocess.Popen(words, text=True, **options)
        self.processes.append(process)
        return process

    def close(self):
        for process in self.processes:
            process.kill()
            process.wait()
        for name in self.names:
            subprocess.run(["ip", "netns", "delete", name], check=False)


@pytest.fixture
def network(kernel):
    made = Network(kernel)
    try:
        for path in ("/proc/sys/net/ipv4/ip_forward", "/proc/sys/net/ipv4/conf/all/forwarding"):
            with open(path, "w") as file:
                file.write("1")
        kernel.tool("ip", "addr", "add", "198.51.100.1/32", "dev", "lo")
        made.client = made.namespace("client", "203.0.113.2/24", "203.0.113.1/24", "203.0.113.1")
        servers = made.namespace("servers", "10.1.0.1/24", "10.1.0.254/24", "10.1.0.254")
        kernel.tool("ip", "-n", servers, "addr", "add", "10.1.0.2/24", "dev", "eth0")
        for number in (1, 2):
            made.python(servers, SERVER % (number, number))
        time.sleep(1)
        yield made
    finally:
        made.close()


def download(network):
    return network.python(network.client, CLIENT, stdout=subprocess.PIPE)


def goes_on(process):
    """Two lines that were not there before."""
    return process.stdout.readline().strip() and process.stdout.readline().strip()


def test_a_download_outlives_every_edit(kernel, network):
    servers = [{"address": "10.1.0.1", "weight": 1}, {"address": "10.1.0.2", "weight": 0}]
    kernel.changes("ipvs_services", services=[dict(SERVICE, scheduler="wrr", destinations=servers)])
    process = download(network)
    assert process.stdout.readline().strip() == "1"
    steps = [
        ("ipvs_destination", {"service": SERVICE, "address": "10.1.0.1", "weight": 5}),
        ("ipvs_service", dict(SERVICE, scheduler="mh")),
        ("ipvs_service", dict(SERVICE, persistence_timeout=300)),
        ("ipvs_service", dict(SERVICE, persistence_timeout=0)),
        ("ipvs_destination", {"service": SERVICE, "address": "10.1.0.2", "weight": 7}),
        ("ipvs_destination", {"service": SERVICE, "address": "10.1.0.2", "state": "absent"}),
        ("ipvs_destination", {"service": SERVICE, "address": "10.1.0.3"}),
        # Its own server leaves by weight 0.
        ("ipvs_services", {"services": [dict(SERVICE, destinations=servers[1:])], "state": "replaced", "drain": True}),
    ]
    for name, arguments in steps:
        assert kernel.changes(name, **arguments)["changed"]
        assert goes_on(process), (name, arguments)
    assert process.poll() is None


def test_statistics_count_what_went_through(kernel, network):
    kernel.changes("ipvs_services", services=[dict(SERVICE, destinations=[{"address": "10.1.0.1"}])])
    processes = [download(network) for _number in range(3)]
    for process in processes:
        assert process.stdout.readline().strip() == "1"
        assert goes_on(process)
    # The kernel sums its counters up every two seconds, and at first calibrates that.
    for _second in range(30):
        words = kernel.ipvsadm("-Ln", "--stats", "--exact").splitlines()[-2].split()
        (service,) = kernel.module("ipvs_info", gather=["statistics"])["statistics"]
        if int(words[2]) == 3:
            break
        time.sleep(1)
    (row,) = service["destinations"]
    assert service["statistics"]["connections"] == row["statistics"]["connections"] == 3 == int(words[2])
    assert row["active_connections"] == 3
    # We read after ipvsadm, so we have the same or more.
    for name, value in zip(["packets_in", "packets_out", "bytes_in", "bytes_out"], words[3:]):
        assert 0 < int(value) <= service["statistics"][name] <= int(value) * 2
