"""The built-in Prometheus endpoint: what it offers of real traffic, and that a real Prometheus says the same.

The comparison is exact: the samples that the machine has kept are given to a Prometheus as they are, and both are asked the
same questions about the same instants. Another Prometheus scrapes /metrics while requests go through; there the instants
differ, so it has to agree within a tolerance.
"""
import json
import math
import sys
import time
import urllib.error
import urllib.request

import pytest

from machine import ROOT, shop, wait_until
from visitors import Visitors

sys.path.insert(0, str(ROOT / "tests/promql"))
from record import Prometheus, ask, differences, program  # noqa: E402

REQUESTS = 'haproxy_backend_http_requests_total{service="stable"}'
# As in analysis templates; {{args.service-name}} is "stable" and "canary" here.
QUESTIONS = [
    'sum(rate(haproxy_backend_http_responses_total{service="canary",code!~"5.*"}[30s])) / '
    'sum(rate(haproxy_backend_http_responses_total{service="canary"}[30s]))',
    'sum(irate(haproxy_backend_http_responses_total{service="stable",code!~"5.*"}[1m])) / '
    'sum(irate(haproxy_backend_http_responses_total{service="stable"}[1m]))',
    'histogram_quantile(0.95, sum by (le) (rate(haproxy_backend_response_time_seconds_bucket{service="canary"}[30s])))',
    'histogram_quantile(0.5, sum by (le, service) (rate(haproxy_backend_response_time_seconds_bucket[1m])))',
    'sum by (service) (rate(haproxy_backend_response_time_seconds_sum[1m])) / '
    'sum by (service) (rate(haproxy_backend_response_time_seconds_count[1m]))',
    'sum(increase(haproxy_backend_http_responses_total{code="5xx"}[1m])) or vector(0)',
    'sum by (service, code) (increase(haproxy_backend_http_responses_total[1m])) > 0',
    'rate(haproxy_backend_http_requests_total[10s])',
    'rate(haproxy_server_http_responses_total{code="2xx"}[20s])',
    'topk(1, sum by (service) (rate(haproxy_backend_http_requests_total[1m])))',
    'haproxy_backend_http_requests_total{service="canary"} / ignoring(service, proxy) haproxy_backend_http_requests_total{service="stable"}',
    'haproxy_backend_http_requests_total > on(service) group_left() sum by (service) (haproxy_backend_current_sessions)',
    'count by (pod) (haproxy_server_http_responses_total)',
    'avg_over_time(haproxy_backend_current_sessions[30s])',
    'max_over_time(haproxy_backend_response_time_average_seconds[1m])',
    'quantile_over_time(0.9, haproxy_backend_sessions_total[1m])',
    'stddev by (service) (haproxy_server_http_responses_total)',
    'delta(haproxy_backend_bytes_in_total[20s])',
    'idelta(haproxy_backend_bytes_out_total[20s])',
    'label_replace(haproxy_backend_sessions_total, "host", "$1.local", "service", "(.*)")',
    'absent(haproxy_backend_http_requests_total{service="nobody"})',
    'scalar(sum(haproxy_backend_http_requests_total)) > bool 10',
    'haproxy_backend_http_requests_total offset 4s',
    'count({__name__=~"haproxy_.*"}) by (__name__)',
    'sort_desc(sum by (service) (haproxy_backend_http_requests_total)) unless sum by (service) (nothing)',
    'round(sum(rate(haproxy_backend_http_requests_total[30s])) * 60, 0.5)',
    'changes(haproxy_backend_http_requests_total[30s]) + resets(haproxy_backend_http_requests_total[30s])',
]


def url_of(machine):
    return json.loads((machine.folder / "machine.json").read_text())["metrics"]


def number(server, query, **parameters):
    answer = ask(server, "query", query=query, **parameters)
    assert answer["status"] == "success", answer
    data = answer["data"]
    return float(data["result"][0]["value"][1]) if data["result"] else math.nan


def has_prometheus():
    try:
        program("prometheus")
        return True
    except FileNotFoundError:
        return False


@pytest.fixture
def busy_shop(machine):
    """A canary at 25 % with visitors; gives the machine and where its metrics are."""
    machine.apply(*shop(4))
    machine.wait_phase("Healthy")
    address = wait_until(machine.gateway_address, 10, "address of the Gateway")
    with Visitors(address) as visitors:
        visitors.shares(100)
        machine.set_image("web:2")
        machine.wait_phase("Paused")
        visitors.shares(3000)
        yield machine, url_of(machine), visitors


def test_counts_every_request_and_how_long_it_took(busy_shop):
    machine, url, visitors = busy_shop
    assert url.startswith("http://127.") and url.endswith(":9090")
    assert f"metrics     {url}\n" in machine.log()
    # The numbers are looked at every two seconds; rates need some looks.
    wait_until(lambda: number(url, f"min(count_over_time({REQUESTS}[20s]))") >= 4, 20, "four looks")
    visitors.shares(4000)
    wait_until(lambda: number(url, "sum(haproxy_backend_http_requests_total)") >= 4000, 10, "the requests counted")
    success = number(url, 'sum(rate(haproxy_backend_http_responses_total{service="canary",code!~"5.*"}[20s])) / '
                          'sum(rate(haproxy_backend_http_responses_total{service="canary"}[20s]))')
    assert success == 1
    share = number(url, 'sum(increase(haproxy_backend_http_requests_total{service="canary"}[10s])) / '
                        'sum(increase(haproxy_backend_http_requests_total{service=~"stable|canary"}[10s]))')
    assert 0.15 < share < 0.35, share
    median = number(url, 'histogram_quantile(0.5, sum by (le) (rate(haproxy_backend_response_time_seconds_bucket[20s])))')
    mean = number(url, 'sum(rate(haproxy_backend_response_time_seconds_sum[20s])) / '
                       'sum(rate(haproxy_backend_response_time_seconds_count[20s]))')
    assert 0 < median < 0.5 and 0 < mean < 0.5, (median, mean)
    counted = number(url, "sum(haproxy_backend_response_time_seconds_count) / sum(haproxy_backend_http_requests_total)")
    assert 0.9 < counted < 1.1, counted


@pytest.mark.skipif(not has_prometheus(), reason="no prometheus: run tools/setup")
def test_a_real_prometheus_says_the_same(busy_shop, tmp_path):
    _, url, visitors = busy_shop
    with Prometheus(tmp_path / "scraping", targets=[url.removeprefix("http://")]) as scraping:
        end = time.monotonic() + 14
        while time.monotonic() < end:
            visitors.shares(500)
        now = time.time()
        rate = 'sum(rate(haproxy_backend_http_requests_total{service=~"stable|canary"}[8s]))'
        theirs, ours = (number(f"http://127.0.0.1:{scraping.port}", rate, time=now), number(url, rate, time=now))
        assert ours > 0 and abs(theirs - ours) < 0.25 * ours, (theirs, ours)
        assert number(f"http://127.0.0.1:{scraping.port}", "up") == 1
    now = time.time()
    kept = ask(url, "query", query='{__name__=~"haproxy_.*"}[10m]', time=now)["data"]["result"]
    assert len(kept) > 50
    lines = {}
    for series in kept:
        labels = {name: value for name, value in series["metric"].items() if name != "__name__"}
        text = series["metric"]["__name__"] + "{" + ",".join(f"{name}={json.dumps(value)}" for name, value in labels.items()) + "}"
        lines[text] = [f"{text} {value} {instant:.3f}" for instant, value in series["values"]]
    samples = "\n".join("\n".join(lines[text]) for text in sorted(lines)) + "\n# EOF\n"
    with Prometheus(tmp_path / "same", samples) as same:
        for when in (now - 1, now - 3.3, now - 8.75):
            for question in QUESTIONS:
                theirs = same.ask("query", query=question, time=f"{when:.3f}")
                ours = ask(url, "query", query=question, time=f"{when:.3f}")
                if "{__name__=~" not in question:
                    assert theirs["data"]["result"], question
                assert differences(theirs, ours) == "", f"{question} at {when:.3f}"
        for question in QUESTIONS[:8]:
            request = {"query": question, "start": f"{now - 12:.3f}", "end": f"{now - 1:.3f}", "step": "1.7"}
            assert differences(same.ask("query_range", **request), ask(url, "query_range", **request)) == "", question


def test_errors_of_the_canary_are_seen_within_seconds(machine):
    machine.apply(*shop(2))
    machine.wait_phase("Healthy")
    address = wait_until(machine.gateway_address, 10, "address of the Gateway")
    url = url_of(machine)
    broken = [{"op": "replace", "path": "/spec/template/spec/containers/0/command", "value": [sys.executable, "-c", BROKEN]}]
    machine.request("PATCH", "/apis/argoproj.io/v1alpha1/namespaces/default/rollouts/web", broken, "application/json-patch+json")
    machine.wait_phase("Paused")
    bad = 'sum(rate(haproxy_backend_http_responses_total{service="canary",code="5xx"}[10s])) / ' \
          'sum(rate(haproxy_backend_http_responses_total{service="canary"}[10s]))'

    def is_seen():
        for _ in range(100):
            try:
                urllib.request.urlopen(f"http://{address}:8080/work", timeout=5).read()
            except urllib.error.HTTPError:
                pass
        return number(url, bad) > 0.9
    wait_until(is_seen, 20, "the errors of the canary")
    good = number(url, 'sum(increase(haproxy_backend_http_responses_total{service="stable",code="5xx"}[1m]))')
    assert good == 0


BROKEN = """
import http.server
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        self.send_response(200 if self.path == "/" else 500)
        self.send_header("Content-Length", "0")
        self.end_headers()
    def log_message(self, *words):
        pass
http.server.ThreadingHTTPServer(("0.0.0.0", 8080), Handler).serve_forever()
"""


def test_it_only_listens_on_loopback_and_needs_no_token(machine):
    url = url_of(machine)
    with urllib.request.urlopen(f"{url}/metrics", timeout=5) as response:
        text = response.read().decode()
        assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert "canaria_metrics_series" in text
    assert url.startswith("http://127.")
