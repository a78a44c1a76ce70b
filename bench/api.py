"""The embedded API server beside kube-apiserver with etcd: the same requests by the same program, in turns, in one run.

Both serve HTTPS with a token and write through to the same disk. The cluster's etcd and kube-apiserver are started again by
their own command lines, without what is for tests only (etcd's --unsafe-no-fsync) and without the audit log, which ours does
not write either unless told to; the other components of the cluster are stopped. `canaria up` runs with all its parts.
"""
import argparse
import json
import pathlib
import re
import ssl
import statistics
import subprocess
import tempfile
import time
import urllib.request

from machine import Machine
from measure import (LoadFailed, ROOT, announce, cpu_seconds, load, load_average, resident_mib, shown, spread, sync_millis, table,
                     verdict)

WRITERS, READERS, LISTERS, WATCHERS = 32, 16, 4, 50


class Canaria:
    name = "canaria"

    def __init__(self, program, folder):
        folder.mkdir()
        self.machine = Machine(str(program), folder / "machine", folder, flags=["--quiet"]).start()
        self.port, self.token = self.machine._config()

    def pids(self):
        return [self.machine.process.pid]

    def end(self):
        self.machine.end()


class Kubernetes:
    name = "kube-apiserver + etcd"

    def __init__(self, folder):
        self.folder = folder
        self.processes = []
        self._cluster("up")
        ports = dict(line.split("=") for line in (folder / "ports").read_text().split())
        self.port = int(ports["apiserver_port"])
        self.token = re.search(r"token: (\S+)", (folder / "kubeconfig").read_text()).group(1)
        words = {name: self._command_line(name) for name in ("etcd", "kube-apiserver")}
        for name in ("kwok", "kube-scheduler", "kube-controller-manager", "kube-apiserver", "etcd"):
            self._cluster("stop", name)
        for name, line in words.items():
            left = [word for word in line if word != "--unsafe-no-fsync" and not word.startswith("--audit-")]
            with open(folder / f"log/{name}.bench.log", "wb") as log:
                self.processes.append(subprocess.Popen(left, stdin=subprocess.DEVNULL, stdout=log, stderr=log))
        self._wait_until_ready()

    def _cluster(self, *words):
        done = subprocess.run([ROOT / "tools/cluster", *words, self.folder], capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"tools/cluster {' '.join(words)}: {done.stderr}")

    def _command_line(self, name):
        pid = (self.folder / "pid" / name).read_text().split()[0]
        return [word.decode() for word in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[:-1]]

    def _wait_until_ready(self):
        end = time.monotonic() + 60
        while True:
            try:
                if request(self, "GET", "/readyz") is not None:
                    return
            except OSError:
                pass
            if time.monotonic() > end:
                raise SystemExit(f"the API server does not start again: see {self.folder}/log")
            time.sleep(0.2)

    def pids(self):
        return [process.pid for process in self.processes]

    def end(self):
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
        self._cluster("down")


def request(server, method, path, body=None):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    asked = urllib.request.Request(f"https://127.0.0.1:{server.port}{path}", method=method,
                                   data=None if body is None else json.dumps(body).encode(),
                                   headers={"Authorization": f"Bearer {server.token}", "Content-Type": "application/json"})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    with opener.open(asked, timeout=30) as answer:
        return answer.read()


class Rounds:
    """The measurements of all rounds, by server and name."""

    def __init__(self, generator, sizes):
        self.generator, self.sizes = generator, sizes
        self.found = {}
        self.load_averages = []

    def note(self, server, name, value):
        self.found.setdefault(server.name, {}).setdefault(name, []).append(value)

    def run(self, server, kind, namespace, *words):
        self.load_averages.append(load_average())
        before = cpu_seconds(*server.pids())
        numbers = load(self.generator, server.port, kind, namespace, *words, token=server.token)
        used = cpu_seconds(*server.pids()) - before
        self.note(server, f"{kind} cpu", used / numbers["count"] * 1e6)
        self.note(server, f"{kind} generator cpu", numbers["generator_cpu_s"] / numbers["seconds"] * 100)
        for name in ("rate", "p50_ms", "p99_ms", "ack_p99_ms", "after_ack_p50_ms", "after_ack_p99_ms", "after_send_p50_ms",
                     "after_send_p99_ms"):
            if name in numbers:
                self.note(server, f"{kind} {name}", numbers[name])

    def one(self, number, servers):
        sizes = self.sizes
        kinds = (("writes", (sizes.writes, WRITERS)), ("reads", (sizes.reads, READERS, sizes.writes)),
                 ("lists", (sizes.lists, LISTERS, 500)), ("fanout", (sizes.events, sizes.rate, WATCHERS)))
        for server in servers:
            for kind in ("load", "fanout"):
                request(server, "POST", "/api/v1/namespaces", {"metadata": {"name": f"bench-{kind}-{number}"}})
        for i, (kind, words) in enumerate(kinds):
            for server in servers if (number + i) % 2 == 0 else servers[::-1]:
                announce(f"round {number + 1}: {kind}, {server.name}")
                self.run(server, kind, f"bench-{'fanout' if kind == 'fanout' else 'load'}-{number}", *words)
                time.sleep(0.5)
        for server in servers:
            self.note(server, "resident", resident_mib(*server.pids()))


# label, measurement, target, whether more is better
ROWS = [
    (f"durable creates by {WRITERS} writers (/s)", "writes rate", 5000, True),
    ("  answered after, p50 (ms)", "writes p50_ms", None, False),
    ("  answered after, p99 (ms)", "writes p99_ms", None, False),
    ("  CPU each (us)", "writes cpu", None, False),
    ("  generator's CPU (% of a core)", "writes generator cpu", None, False),
    (f"reads of one object by {READERS} readers (/s)", "reads rate", 20000, True),
    ("  answered after, p99 (ms)", "reads p99_ms", None, False),
    ("  CPU each (us)", "reads cpu", None, False),
    ("  generator's CPU (% of a core)", "reads generator cpu", None, False),
    ("lists of 500 objects (/s)", "lists rate", None, True),
    ("  CPU each (us)", "lists cpu", None, False),
    (f"fan-out to {WATCHERS} watchers after the answer, p50 (ms)", "fanout after_ack_p50_ms", None, False),
    ("  after the answer, p99 (ms)", "fanout after_ack_p99_ms", 5, False),
    ("  after the request, p50 (ms)", "fanout after_send_p50_ms", None, False),
    ("  after the request, p99 (ms)", "fanout after_send_p99_ms", None, False),
    ("  the writer's answer after, p99 (ms)", "fanout ack_p99_ms", None, False),
    ("  CPU each write (us)", "fanout cpu", None, False),
    ("  generator's CPU (% of a core)", "fanout generator cpu", None, False),
    ("resident at the end of each round (MiB)", "resident", None, False),
]


def report(rounds, servers):
    names = [server.name for server in servers]
    rows = [["", *names, "ratio", "target", ""]]
    for label, key, target, more_is_better in ROWS:
        values = [rounds.found[name].get(key) for name in names]
        if values[0] is None:
            continue
        middle = [statistics.median(value) for value in values]
        # How many times better ours is, so that more than 1 is always good.
        ratio = "-"
        if len(names) > 1 and min(middle) > 0 and "generator" not in key:
            ratio = shown(middle[0] / middle[1] if more_is_better else middle[1] / middle[0])
        rows.append([label, *map(spread, values), ratio, target, verdict(middle[0], target, more_is_better)])
    return table(rows)


def arguments(words):
    parser = argparse.ArgumentParser(prog="bench/run.py api", description=__doc__.split("\n")[0])
    parser.add_argument("--build", default=str(ROOT / "build/release"), help="where canaria and api_load are")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--writes", type=int, default=20000, help="of each round (20000)")
    parser.add_argument("--reads", type=int, default=100000)
    parser.add_argument("--lists", type=int, default=100)
    parser.add_argument("--events", type=int, default=1000, help="writes that are watched")
    parser.add_argument("--rate", type=int, default=200, help="of those, a second")
    parser.add_argument("--folder", help="on the disk to measure (default: a new one in the folder for temporary files)")
    parser.add_argument("--without-kubernetes", action="store_true", help="ours alone")
    parser.add_argument("--json", help="also write the measurements to this file")
    parser.add_argument("--check", action="store_true", help="small and ours alone: only whether every request is answered")
    given = parser.parse_args(words)
    if given.check:
        given.rounds, given.writes, given.reads, given.lists, given.events = 1, 400, 1000, 5, 40
        given.without_kubernetes = True
    return given


def main(words):
    given = arguments(words)
    build = pathlib.Path(given.build).resolve()
    with tempfile.TemporaryDirectory(prefix="canaria-bench-", dir=given.folder) as place:
        folder = pathlib.Path(place)
        servers = []
        try:
            servers.append(Canaria(build / "canaria", folder / "canaria"))
            if not given.without_kubernetes:
                announce("starting the cluster")
                servers.append(Kubernetes(folder / "cluster"))
            time.sleep(0 if given.check else 5)
            idle = [resident_mib(*server.pids()) for server in servers]
            rounds = Rounds(build / "api_load", given)
            for number in range(given.rounds):
                rounds.one(number, servers)
            print(report(rounds, servers))
            print("\nresident before the first request (MiB):", ", ".join(f"{s.name} {value:.1f}" for s, value in zip(servers, idle)))
            print(f"{given.rounds} rounds of {given.writes} writes, {given.reads} reads, {given.lists} lists, {given.events} watched "
                  f"writes at {given.rate}/s; median (smallest to largest); ratio: how many times better ours is")
            print(f"4 KiB made durable on this disk: {sync_millis(folder):.2f} ms; load average {min(rounds.load_averages):.1f} to "
                  f"{max(rounds.load_averages):.1f}")
            if given.json:
                pathlib.Path(given.json).write_text(json.dumps(rounds.found, indent=1) + "\n")
        except LoadFailed as failure:
            raise SystemExit(f"api: {failure}")
        finally:
            for server in servers:
                server.end()
