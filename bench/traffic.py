"""What the traffic of one machine is worth: exact shares, no lost request during releases, and its cost beside plain HAProxy.

One `canaria up` with pods that answer at once (pod_server): two Deployments behind a route with fixed weights, and a Rollout
behind another. Clients keep their connections; a failure is every answer but 200 and every connection that is cut, and nothing
is tried again. Plain HAProxy runs from a configuration of this file in front of the same processes, measured in turns.
"""
import argparse
import json
import os
import pathlib
import signal
import statistics
import subprocess
import tempfile
import time

from machine import Machine, route, service, wait_until
from measure import LoadFailed, ROOT, announce, cpu_seconds, free_port, load, load_average, shown, spread, table, verdict

WEIGHTS = (1, 5, 10, 25, 50, 75, 99)
CLIENTS = 16
PORT = 8080
POINTS_MAX = 0.5
THROUGHPUT_MIN = 0.95

PLAIN = """global
    maxconn 4096
defaults
    mode http
    timeout connect 5s
    timeout client 60s
    timeout server 60s
frontend web
    bind 127.0.0.1:{port}
    default_backend pods
backend pods
{servers}
"""


# ---- manifests

def pod_template(name, image, program):
    container = {"name": "main", "image": image, "command": [str(program), str(PORT)], "ports": [{"containerPort": PORT}],
                 "readinessProbe": {"httpGet": {"path": "/", "port": PORT}, "periodSeconds": 1}}
    return {"metadata": {"labels": {"app": name}}, "spec": {"containers": [container]}}


def deployment(name, program):
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name},
            "spec": {"replicas": 1, "selector": {"matchLabels": {"app": name}},
                     "template": pod_template(name, f"pod:{name}", program)}}


def web(program):
    """Nobody comes or goes faster than a probe sees it: the steps pause for a second, the rest is as it is by default."""
    canary = {"stableService": "stable", "canaryService": "canary",
              "trafficRouting": {"plugins": {"argoproj-labs/gatewayAPI": {"httpRoute": "web"}}},
              "steps": [{"setWeight": 25}, {"pause": {"duration": "1s"}}, {"setWeight": 60}, {"pause": {"duration": "1s"}}]}
    return {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "metadata": {"name": "web"},
            "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "web"}}, "strategy": {"canary": canary},
                     "template": pod_template("web", "web:1", program)}}


def gateway(name):
    return {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway", "metadata": {"name": name},
            "spec": {"gatewayClassName": "canaria", "listeners": [{"name": "http", "protocol": "HTTP", "port": PORT}]}}


def split(one, two):
    refs = [{"name": "one", "port": PORT, "weight": one}, {"name": "two", "port": PORT, "weight": two}]
    return {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": {"name": "split"},
            "spec": {"parentRefs": [{"name": "split"}], "rules": [{"backendRefs": refs}]}}


# ---- the three questions

class Traffic:
    def __init__(self, machine, build, sizes):
        self.machine, self.build, self.sizes = machine, build, sizes
        self.client = build / "http_load"
        self.lost = 0
        self.load_averages = []

    def prepare(self):
        server = self.build / "pod_server"
        self.machine.apply(service("one", "one"), service("two", "two"), deployment("one", server), deployment("two", server),
                           gateway("split"), split(50, 50), service("stable"), service("canary"), gateway("web"), route(),
                           web(server))
        self.machine.wait_phase("Healthy")
        self.fixed = wait_until(lambda: self.address("split"), 20, "address of the Gateway")
        self.released = wait_until(lambda: self.address("web"), 20, "address of the Gateway")
        wait_until(lambda: len(self.ask(self.fixed, 40)["answers"]) == 2 and self.ask(self.released, 10)["failed"] == 0, 30,
                   "answers from all pods")

    def address(self, name):
        return self.machine.request("GET", f"/apis/gateway.networking.k8s.io/v1/namespaces/default/gateways/{name}")[
            "status"]["addresses"][0]["value"]

    def ask(self, address, requests, seconds=0, port=PORT):
        self.load_averages.append(load_average())
        return load(self.client, address, port, CLIENTS, requests, seconds)

    def share(self, weight):
        """What `weight` percent are, of that many requests."""
        self.machine.request("PATCH", "/apis/gateway.networking.k8s.io/v1/namespaces/default/httproutes/split",
                             split(100 - weight, weight), "application/merge-patch+json")
        time.sleep(1)  # far more than it takes: 10 to 30 ms
        found = self.ask(self.fixed, self.sizes.requests)
        self.lost += found["failed"]
        return 100 * found["answers"].get("two", 0) / found["requests"]

    def shares(self):
        rows = [["weight (%)", "observed (%)", "off by (points)", "bound", ""]]
        for weight in WEIGHTS:
            announce(f"share at weight {weight}")
            seen = self.share(weight)
            rows.append([str(weight), f"{seen:.3f}", f"{seen - weight:+.3f}", f"{POINTS_MAX}", verdict(abs(seen - weight), POINTS_MAX)])
        return rows

    def throughput(self):
        """Ours and the plain one in turns; what each does with the same two processes behind it."""
        self.machine.request("PATCH", "/apis/gateway.networking.k8s.io/v1/namespaces/default/httproutes/split", split(50, 50),
                             "application/merge-patch+json")
        plain = PlainProxy(self.machine.work_folder, [pod["status"]["podIP"] for pod in self.machine.pods()
                                                      if pod["metadata"]["labels"]["app"] in ("one", "two")])
        # The youngest: the process that has loaded the configuration last.
        places = [("canaria", self.fixed, PORT), ("plain HAProxy", "127.0.0.1", plain.port)]
        rates, costs = {"canaria": [], "plain HAProxy": []}, {"canaria": [], "plain HAProxy": []}
        try:
            for name, address, port in places:
                self.ask(address, 2000, port=port)
            for number in range(self.sizes.rounds):
                for name, address, port in places if number % 2 == 0 else places[::-1]:
                    announce(f"throughput, round {number + 1}: {name}")
                    proxies = plain.pids() if name == "plain HAProxy" else self.machine.haproxies()
                    before = cpu_seconds(*proxies)
                    found = self.ask(address, 0, self.sizes.seconds, port)
                    costs[name].append((cpu_seconds(*proxies) - before) / found["requests"] * 1e6)
                    rates[name].append(found["rate"])
                    self.lost += found["failed"]
        finally:
            plain.end()
        ratios = [ours / theirs for ours, theirs in zip(rates["canaria"], rates["plain HAProxy"])]
        middle = statistics.median(ratios)
        return [["", "canaria", "plain HAProxy", "ratio", "target", ""],
                ["requests (/s)", spread(rates["canaria"]), spread(rates["plain HAProxy"]), spread(ratios), str(THROUGHPUT_MIN),
                 verdict(middle, THROUGHPUT_MIN, at_least=True)],
                ["CPU of HAProxy each (us)", spread(costs["canaria"]), spread(costs["plain HAProxy"]), "-", "-", ""]]

    def releases(self):
        """New templates one after the other under load, until both numbers are reached; then what is left behind may end."""
        began = time.monotonic()
        clients = subprocess.Popen([str(self.client), self.released, str(PORT), str(CLIENTS), "0", "0"], text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        number, answered = 0, 0
        try:
            while number < self.sizes.releases or answered < self.sizes.million:
                number += 1
                announce(f"release {number}, {answered:,} requests so far")
                self.machine.set_image(f"web:{number + 1}")
                self.machine.wait_phase("Healthy", limit=120)
                answered = self.proxy_requests()
            time.sleep(self.sizes.after)  # the pods of earlier versions are stopped half a minute after their release
        finally:
            clients.send_signal(signal.SIGTERM)
            told, complaints = clients.communicate(timeout=60)
        found = json.loads(told)
        newest = found["answers"].get(str(number + 1), 0)
        self.lost += found["failed"]
        rows = [["releases", "requests", "failed", "bound", ""],
                [str(number), f"{found['requests']:,}", str(found["failed"]), "0", verdict(found["failed"], 0)]]
        note = (f"{time.monotonic() - began:.0f} s, {shown(found['rate'])} requests/s, p99 {found['p99_ms']:.1f} ms, longest "
                f"{found['longest_ms']:.0f} ms; {len(found['answers'])} versions answered, the last one {newest:,} times")
        if complaints:
            note += "\n" + "\n".join(complaints.splitlines()[:10])
        return rows, note

    def proxy_requests(self):
        """So far, of this route, by HAProxy's own count."""
        total = 0
        for line in self.machine.request("GET", "/metrics")["text"].splitlines():
            if line.startswith("haproxy_backend_http_responses_total") and ("stable" in line or "canary" in line):
                total += float(line.split()[-1])
        return int(total)


class PlainProxy:
    def __init__(self, folder, addresses):
        self.port = free_port()
        config = folder / "plain.cfg"
        servers = "\n".join(f"    server pod{i} {address}:{PORT}" for i, address in enumerate(addresses))
        config.write_text(PLAIN.format(port=self.port, servers=servers))
        # In a session of its own, as ours is: the kernel shares the processors between sessions first.
        self.process = subprocess.Popen(["haproxy", "-db", "-f", str(config)], start_new_session=True)

    def pids(self):
        return [self.process.pid]

    def end(self):
        self.process.terminate()
        self.process.wait(10)


def arguments(words):
    parser = argparse.ArgumentParser(prog="bench/run.py traffic", description=__doc__.split("\n")[0])
    parser.add_argument("--build", default=str(ROOT / "build/release"), help="where canaria, http_load and pod_server are")
    parser.add_argument("--requests", type=int, default=100_000, help="for each weight (100000)")
    parser.add_argument("--rounds", type=int, default=5, help="of the throughput")
    parser.add_argument("--seconds", type=float, default=5, help="of each round, for each proxy")
    parser.add_argument("--releases", type=int, default=20)
    parser.add_argument("--million", type=int, default=1_000_000, help="requests while releases go through, at least (1000000)")
    parser.add_argument("--after", type=float, default=35, help="seconds of load after the last release")
    parser.add_argument("--only", choices=["shares", "throughput", "releases"], help="one of the three parts")
    parser.add_argument("--check", action="store_true", help="small: only whether every request is answered")
    given = parser.parse_args(words)
    if given.check:
        given.requests, given.rounds, given.seconds, given.releases, given.million, given.after = 300, 1, 0.3, 1, 100, 0
    return given


def run(traffic, given):
    traffic.prepare()
    if given.only in (None, "shares"):
        print(f"Shares over {given.requests:,} requests\n\n{table(traffic.shares())}\n")
    if given.only in (None, "throughput"):
        print(f"Throughput, {given.rounds} rounds of {given.seconds:g} s, {CLIENTS} kept connections\n\n{table(traffic.throughput())}\n")
    if given.only in (None, "releases"):
        rows, note = traffic.releases()
        print(f"Releases under load\n\n{table(rows)}\n\n{note}")
    print(f"load average {min(traffic.load_averages):.1f} to {max(traffic.load_averages):.1f}")


def main(words):
    given = arguments(words)
    build = pathlib.Path(given.build).resolve()
    with tempfile.TemporaryDirectory(prefix="canaria-bench-") as place:
        machine = Machine(str(build / "canaria"), pathlib.Path(place) / "machine", pathlib.Path(place), flags=["--quiet"])
        try:
            traffic = Traffic(machine.start(), build, given)
            run(traffic, given)
        except LoadFailed as failure:
            raise SystemExit(f"traffic: {failure}")
        finally:
            machine.end()
    if given.check and traffic.lost:
        raise SystemExit(f"traffic: {traffic.lost} requests failed")
