"""Measures the controller on a test cluster and prints it beside the incumbent's figures and the targets.

Requests are counted in the API server's audit log, by user; CPU and memory are those of the controller process in /proc.
The first reaction is what the API server saw: from the end of the request that changes the image to the end of the one that
creates the ReplicaSet. The numbers depend on the machine; nothing here is a test, so nothing fails when one is missed.
"""
import argparse
import concurrent.futures
import datetime
import json
import os
import pathlib
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests" / "e2e"))

from api_server import JSON_PATCH, ApiError  # noqa: E402
from cluster import Cluster  # noqa: E402
from controller import Controller  # noqa: E402
from manifests import image_patch, rollout  # noqa: E402

STEPS = [s for weight in (25, 50, 75) for s in ({"setWeight": weight}, {"pause": {"duration": "3s"}})]
SURGE = {"maxSurge": 1, "maxUnavailable": 0}
LEASE = "argo-rollouts-controller-lock"
CLIENTS = 16  # of ours, changing objects side by side


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Bench:
    def __init__(self, cluster, program, folder):
        self.cluster, self.api, self.audit = cluster, cluster.api, cluster.audit
        self.controller = Controller(program, cluster.controller_kubeconfig, folder / "controller.log",
                                     "--loglevel=warn", namespace="default")
        self.pool = concurrent.futures.ThreadPoolExecutor(CLIENTS)

    def start(self):
        """A fresh process that does not have to wait for the lease of the one before."""
        if self.controller.is_running():
            self.controller.stop()
        try:
            self.api.delete("Lease", "default", LEASE)
        except ApiError:
            pass
        self.controller.start()
        self.controller.page(self.controller.health_port, "/healthz")

    def namespace(self, name):
        self.api.request("POST", "/api/v1/namespaces", {"metadata": {"name": name}})
        return name

    def for_all(self, work, items):
        list(self.pool.map(work, items))

    def wait(self, namespace, is_done, count, limit, poll):
        """Until is_done(rollout) holds for that many; gives back the moment."""
        end = time.monotonic() + limit
        while True:
            objects = self.api.list("Rollout", namespace, resourceVersion=0)
            done = sum(is_done(o, o.get("status", {})) for o in objects)
            if done >= count:
                return time.monotonic()
            if time.monotonic() > end:
                raise SystemExit(f"{namespace}: {done} of {count} within {limit} s; see {self.controller.log_path}")
            time.sleep(poll)

    def wait_healthy(self, namespace, count, image, limit=300, poll=0.25):
        def is_done(ro, status):
            return (ro["spec"]["template"]["spec"]["containers"][0]["image"] == image and status.get("phase") == "Healthy"
                    and status.get("observedGeneration") == str(ro["metadata"]["generation"]))
        return self.wait(namespace, is_done, count, limit, poll)

    def change(self, namespace, name, image):
        self.api.patch("Rollout", namespace, name, image_patch(image), content_type=JSON_PATCH)

    def requests(self, since):
        """The controller's, without watches and the Lease."""
        return [e for e in self.audit.requests(since)
                if e["verb"] != "watch" and e.get("objectRef", {}).get("resource") != "leases"]

    def reactions(self, since, namespace):
        """Seconds from change to new ReplicaSet, by Rollout."""
        changed, answered = {}, {}
        for entry in self.audit.requests(since, user="admin", namespace=namespace):
            if entry["verb"] == "patch":
                changed[entry["objectRef"]["name"]] = instant(entry["stageTimestamp"])
        for entry in self.audit.requests(since, namespace=namespace):
            if entry["verb"] == "create" and entry["objectRef"]["resource"] == "replicasets":
                name = (entry["objectRef"].get("name") or "").rpartition("-")[0]
                answered.setdefault(name, instant(entry["stageTimestamp"]))
        return [answered[name] - changed[name] for name in changed if name in answered]

    # The measurements, in the order of the table.

    def idle(self):
        self.start()
        time.sleep(8)
        return {"idle_mib": self.controller.resident_mib()}

    def one_alone(self):
        where = self.namespace("bench-one")
        self.api.create("Rollout", where, rollout("one", replicas=4, steps=STEPS, canary=SURGE))
        self.wait_healthy(where, 1, "web:1")
        time.sleep(3)
        mark = self.audit.mark()
        self.change(where, "one", "web:2")
        self.wait_healthy(where, 1, "web:2")
        time.sleep(4)
        asked = self.requests(mark)
        kinds = {}
        for entry in asked:
            key = f"{entry['verb']} {entry['objectRef']['resource']}" + (
                f"/{entry['objectRef']['subresource']}" if "subresource" in entry["objectRef"] else "")
            kinds[key] = kinds.get(key, 0) + 1
        return {"requests_alone": len(asked), "requests_alone_by_kind": dict(sorted(kinds.items()))}

    def together(self, count):
        where = self.namespace("bench-many")
        names = [f"app{i:04}" for i in range(count)]
        self.for_all(lambda n: self.api.create("Rollout", where, rollout(n, replicas=4, steps=STEPS, canary=SURGE)), names)
        self.wait_healthy(where, count, "web:1")
        time.sleep(3)
        mark, cpu, began = self.audit.mark(), self.controller.cpu_seconds(), time.monotonic()
        self.for_all(lambda n: self.change(where, n, "web:2"), names)
        done = self.wait_healthy(where, count, "web:2")
        time.sleep(4)
        reactions = self.reactions(mark, where)
        return {"all_healthy_s": done - began, "reaction_p50_s": percentile(reactions, 0.5),
                "reaction_p99_s": percentile(reactions, 0.99), "cpu_per_rollout_s": (self.controller.cpu_seconds() - cpu) / count,
                "requests_each": len(self.requests(mark)) / count, "after_mib": self.controller.resident_mib()}

    def settled(self, count, idle_seconds):
        self.start()
        time.sleep(3)
        where = self.namespace("bench-settled")
        names = [f"app{i:04}" for i in range(count)]
        cpu, began = self.controller.cpu_seconds(), time.monotonic()
        self.for_all(lambda n: self.api.create("Rollout", where, rollout(n, replicas=0, steps=STEPS, canary=SURGE)), names)
        created = time.monotonic()
        done = self.wait_healthy(where, count, "web:1", poll=0.5)
        time.sleep(8)
        found = {"creating_cpu_each_s": (self.controller.cpu_seconds() - cpu) / count, "creating_wall_s": done - began,
                 "creating_requests_wall_s": created - began}
        mark, cpu = self.audit.mark(), self.controller.cpu_seconds()
        time.sleep(idle_seconds)
        found["settled_mib"] = self.controller.resident_mib()
        found["settled_cpu_percent"] = (self.controller.cpu_seconds() - cpu) / idle_seconds * 100
        found["settled_requests"] = len(self.requests(mark))
        return found

    def restarted(self, count):
        """One image is changed while no controller runs; how long a new process needs until it reacts."""
        self.controller.stop()
        where = "bench-settled"
        mark = self.audit.mark()
        self.change(where, f"app{count - 1:04}", "web:2")
        try:
            self.api.delete("Lease", "default", LEASE)
        except ApiError:
            pass
        began = time.time()
        self.controller.start()
        end = time.monotonic() + 120
        made = []
        while not made and time.monotonic() < end:
            time.sleep(0.1)
            made = [e for e in self.audit.requests(mark, namespace=where)
                    if e["verb"] == "create" and e["objectRef"]["resource"] == "replicasets"]
        time.sleep(10)  # all held objects have been looked at
        return {"restart_cpu_s": self.controller.cpu_seconds(),
                "restart_reaction_s": instant(made[0]["stageTimestamp"]) - began if made else float("nan")}


# label, unit, key of the measurement, incumbent, target
ROWS = [
    ("all {rollouts} Healthy after", "s", "all_healthy_s", 62, 15),
    ("first reaction p50", "ms", "reaction_p50_s", 2400, 60),
    ("first reaction p99", "ms", "reaction_p99_s", 3600, 250),
    ("API requests per Rollout, one alone", "", "requests_alone", 55, 32),
    ("CPU per Rollout", "ms", "cpu_per_rollout_s", 220, 10),
    ("resident, idle with nothing to do", "MiB", "idle_mib", 79, 14),
    ("resident after the {rollouts}", "MiB", "after_mib", 117, 24),
    ("{settled} settled: resident", "MiB", "settled_mib", 176, 32),
    ("{settled} settled: idle CPU", "% of a core", "settled_cpu_percent", 3.1, 0.1),
    ("{settled} settled: requests while idle", "", "settled_requests", None, 0),
    ("creating {settled}: CPU each", "ms", "creating_cpu_each_s", 34, 3),
    ("creating {settled}: wall", "s", "creating_wall_s", 102, None),
    ("restart with {settled}: CPU", "s", "restart_cpu_s", 5.8, 0.5),
    ("restart with {settled}: first reaction", "s", "restart_reaction_s", 3.5, 1),
]


def shown(value):
    if value is None:
        return "-"
    return f"{value:.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def table(found, sizes):
    rows = [("", "ours", "incumbent", "target", "incumbent / ours", "")]
    for label, unit, key, incumbent, target in ROWS:
        if key not in found:
            continue
        ours = found[key] * (1000 if unit == "ms" else 1)
        if target is None and key == "creating_wall_s":
            verdict = f"our requests took {found['creating_requests_wall_s']:.3g} s of it"
        else:
            verdict = "" if target is None else "reached" if ours <= target else "missed"
        ratio = f"{incumbent / ours:.3g}" if incumbent and ours else "-"
        name = label.format(**sizes) + (f" ({unit})" if unit else "")
        rows.append((name, shown(ours), shown(incumbent), shown(target), ratio, verdict))
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |" for row in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def main(words):
    parser = argparse.ArgumentParser(prog="bench/run.py controller", description=__doc__.split("\n")[0])
    parser.add_argument("--program", default=str(HERE.parent / "build/release/canaria"))
    parser.add_argument("--rollouts", type=int, default=100, help="changed at once (100)")
    parser.add_argument("--settled", type=int, default=1000, help="held without pods (1000)")
    parser.add_argument("--idle", type=float, default=30, help="seconds of looking at an idle controller (30)")
    parser.add_argument("--json", help="also write the measurements to this file")
    args = parser.parse_args(words)
    if not os.access(args.program, os.X_OK):
        raise SystemExit(f"{args.program} does not exist: build it with cmake --build --preset release, or pass --program")

    folder = pathlib.Path(tempfile.mkdtemp(prefix="canaria-bench-"))
    cluster = Cluster(folder / "cluster")
    bench = None
    try:
        cluster.kubectl("apply", "-f", HERE.parent / "deploy/crds")
        cluster.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=30s")
        bench = Bench(cluster, args.program, folder)
        found = {}
        for name, measure in (("idle", bench.idle), ("one alone", bench.one_alone),
                              (f"{args.rollouts} at once", lambda: bench.together(args.rollouts)),
                              (f"{args.settled} settled", lambda: bench.settled(args.settled, args.idle)),
                              ("restart", lambda: bench.restarted(args.settled))):
            print(f"bench: {name} ...", file=sys.stderr, flush=True)
            found.update(measure())
        print(table(found, {"rollouts": args.rollouts, "settled": args.settled}))
        print("\nrequests of one alone:", ", ".join(f"{n} {kind}" for kind, n in found["requests_alone_by_kind"].items()))
        print(f"requests per Rollout, {args.rollouts} at once: {found['requests_each']:.1f}")
        if args.json:
            pathlib.Path(args.json).write_text(json.dumps(found, indent=1) + "\n")
        (folder / "controller.log").unlink()  # kept when something went wrong
    finally:
        if bench:
            bench.controller.kill()
        cluster.down()
        if not any(folder.iterdir()):
            folder.rmdir()
