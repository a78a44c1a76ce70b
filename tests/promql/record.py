#!/usr/bin/env python3
"""Asks a real Prometheus the questions of queries.txt about the samples of samples.txt and records what it says.

The recorded answers are what the unit test of src/lang/promql is measured by, so that the test needs no Prometheus. Run this
after changing queries.txt. It uses the programs prometheus and promtool (Debian package prometheus; tools/setup puts them
below the cache) on a loopback port and a folder of its own, and ends what it has started.

usage: record.py [--samples]        --samples makes samples.txt anew as well
"""
import json
import math
import os
import pathlib
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

FOLDER = pathlib.Path(__file__).resolve().parent
START = 1_700_000_000_000


def program(name):
    cache = pathlib.Path(os.environ.get("CANARIA_CACHE") or pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "canaria")
    found = shutil.which(name) or shutil.which(name, path=str(cache / "prometheus/usr/bin"))
    if not found:
        raise FileNotFoundError(f"{name}: not installed; run tools/setup")
    return found


# Samples. A line of samples.txt: series, first time and distance in milliseconds, values; "_" where there is no sample.

def series_text(name, **labels):
    return name + ("{" + ",".join(f'{key}="{value}"' for key, value in labels.items()) + "}" if labels else "")


def made_samples():
    dice = random.Random(4)

    def counter(rate, resets=0.0, whole=True, first=0):
        total, values = first, []
        for _ in range(150):
            total = 0 if dice.random() < resets else total + (dice.randrange(rate + 1) if whole else round(dice.random() * rate, 3))
            values.append(round(total, 3))
        return values

    def gauge(low, high):
        return [round(dice.uniform(low, high), 2) for _ in range(150)]

    rows = []
    for service, rate in (("stable", 40), ("canary", 12)):
        for code, share in (("2xx", rate), ("4xx", 2), ("5xx", 1 if service == "stable" else 3)):
            rows.append((series_text("http_requests_total", namespace="shop", service=service, code=code), 10_000, counter(share, 0.01)))
        buckets = [counter(rate, first=i * 3) for i in range(5)]
        total = [0] * 150
        for bound, growth in zip(("0.005", "0.05", "0.1", "0.5", "1", "+Inf"), [*buckets, counter(1)]):
            total = [a + b for a, b in zip(total, growth)]
            rows.append((series_text("latency_seconds_bucket", service=service, le=bound), 10_000, total))
        rows.append((series_text("latency_seconds_sum", service=service), 10_000, counter(rate, whole=False)))
        rows.append((series_text("latency_seconds_count", service=service), 10_000, total))
    for pod in ("web-1", "web-2", "web-3", "db-1"):
        values = gauge(-5, 100)
        if pod == "web-3":
            values[60:80] = ["_"] * 20          # away for a while
            values[120:] = ["_"] * 30           # gone
        if pod == "db-1":
            values[30], values[40], values[50] = "NaN", "+Inf", "-Inf"
        rows.append((series_text("memory", pod=pod, app=pod[:-2], namespace="shop"), 9_973, values))
    rows.append((series_text("app_limit", app="web", owner="a"), 30_011, [70] * 50))
    rows.append((series_text("app_limit", app="db", owner="b"), 30_011, [50] * 50))
    rows.append((series_text("rare_total"), 240_000, [1, 5, 9, 9, 12, 2, 4]))
    rows.append((series_text("once"), 700_000, [3, 4]))
    rows.append((series_text("not_a_number"), 15_000, ["NaN"] * 90))
    rows.append((series_text("slow_start_total"), 10_000, ["_"] * 100 + counter(5, first=1)[:50]))
    rows.append((series_text("tiny"), 10_000, [0.0000001234] * 150))
    rows.append((series_text("huge"), 10_000, [12345678901234567890123] * 150))
    return "".join(f"{name} {START} {step} {' '.join(map(str, values))}\n" for name, step, values in rows)


def open_metrics(text):
    lines = []
    for row in sorted(text.splitlines()):
        name, start, step, *values = row.split(" ")
        lines += [f"{name} {value} {(int(start) + i * int(step)) / 1000:.3f}" for i, value in enumerate(values) if value != "_"]
    return "\n".join(lines) + "\n# EOF\n"


# Prometheus.

def free_port():
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


class Prometheus:
    """A server on a loopback port with the samples of an OpenMetrics text, or one that scrapes `targets`; a context."""

    def __init__(self, folder, samples=None, targets=()):
        self.folder, self.port = pathlib.Path(folder), free_port()
        self.folder.mkdir(exist_ok=True)
        if samples is not None:
            (self.folder / "samples.om").write_text(samples)
            subprocess.run([program("promtool"), "tsdb", "create-blocks-from", "openmetrics", self.folder / "samples.om",
                            self.folder / "data"], check=True, capture_output=True, text=True)
        static = json.dumps([{"job_name": "canaria", "scrape_interval": "1s", "static_configs": [{"targets": list(targets)}]}])
        (self.folder / "prometheus.yml").write_text(f"scrape_configs: {static if targets else '[]'}\n")

    def __enter__(self):
        log = open(self.folder / "prometheus.log", "wb")
        self.process = subprocess.Popen(
            [program("prometheus"), f"--config.file={self.folder}/prometheus.yml", f"--storage.tsdb.path={self.folder}/data",
             f"--web.listen-address=127.0.0.1:{self.port}", "--storage.tsdb.retention.time=100y"], stdout=log, stderr=log)
        log.close()
        end = time.monotonic() + 30
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/-/ready", timeout=2):
                    return self
            except OSError:
                assert self.process.poll() is None and time.monotonic() < end, (self.folder / "prometheus.log").read_text()[-2000:]
                time.sleep(0.05)

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)

    def ask(self, kind, **parameters):
        return ask(f"http://127.0.0.1:{self.port}", kind, **parameters)


def ask(server, kind, **parameters):
    """The answer as an object, also of a refusal."""
    url = f"{server}/api/v1/{kind}?" + urllib.parse.urlencode(parameters, doseq=True)
    try:
        with urllib.request.urlopen(url, timeout=10) as response:
            return json.loads(response.read())
    except urllib.error.HTTPError as refusal:
        return json.loads(refusal.read())


# What two answers have in common.


def is_same_number(a, b, tolerance):
    x, y = float(a), float(b)
    if math.isnan(x) or math.isnan(y):
        return math.isnan(x) and math.isnan(y)
    return x == y or abs(x - y) <= tolerance * max(abs(x), abs(y))


def differences(expected, got, tolerance=1e-9):
    """Empty when both say the same; the order of series without sort() is nobody's promise."""
    if expected.get("status") != got.get("status") or expected.get("errorType") != got.get("errorType"):
        return f"{expected} != {got}"
    if expected["status"] != "success":
        return ""
    one, other = expected["data"], got["data"]
    if one["resultType"] != other["resultType"]:
        return f"{one} != {other}"
    if one["resultType"] in ("scalar", "string"):
        pairs = [(one["result"], other["result"])]
        if one["resultType"] == "string":
            return "" if one == other else f"{one} != {other}"
    else:
        def by_labels(answer):
            return {json.dumps(item["metric"], sort_keys=True): item.get("values") or [item["value"]] for item in answer["result"]}
        left, right = by_labels(one), by_labels(other)
        if left.keys() != right.keys() or any(len(left[key]) != len(right[key]) for key in left):
            return f"series differ: {left} != {right}"
        pairs = [pair for key in left for pair in zip(left[key], right[key])]
    for (time_one, value_one), (time_other, value_other) in pairs:
        if time_one != time_other or not is_same_number(value_one, value_other, tolerance):
            return f"{one} != {other}"
    return ""


def main():
    if "--samples" in sys.argv[1:]:
        (FOLDER / "samples.txt").write_text(made_samples())
    samples = (FOLDER / "samples.txt").read_text()
    with tempfile.TemporaryDirectory() as folder, Prometheus(folder, open_metrics(samples)) as server:
        when, out = 0, []
        for line in (FOLDER / "queries.txt").read_text().splitlines():
            line = line.strip()
            if not line or line.startswith("//"):
                continue
            if line.startswith("at "):
                when = START / 1000 + float(line[3:])
                continue
            if line.startswith("range "):
                _, start, end, step, query = line.split(" ", 4)
                request = {"kind": "query_range", "start": START / 1000 + float(start), "end": START / 1000 + float(end), "step": step,
                           "query": query}
                kind = f"range {request['start']:.3f} {request['end']:.3f} {step}"
            else:
                request, kind = {"kind": "query", "time": when, "query": line}, f"at {when:.3f}"
            answer = server.ask(**request)
            answer.pop("warnings", None)
            out.append(f"{kind}\n{request['query']}\n{json.dumps(answer, separators=(',', ':'))}\n")
        (FOLDER / "answers.txt").write_text("\n".join(out))
    print(f"{len(out)} answers recorded", file=sys.stderr)


if __name__ == "__main__":
    main()
