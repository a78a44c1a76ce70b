"""Who gets which version, counted by clients, and that nobody notices a release."""
import os
import signal
import urllib.request

from machine import shop, wait_until
from visitors import Visitors


def start_shop(machine, replicas=4):
    machine.apply(*shop(replicas))
    machine.wait_phase("Healthy")
    address = wait_until(machine.gateway_address, 10, "address of the Gateway")
    # Endpoints follow the readiness of the pods; from the first answer on none may fail.
    wait_until(lambda: urllib.request.urlopen(f"http://{address}:8080/", timeout=5).read() == b"1", 10, "the first answer")
    return address


def test_a_quarter_then_everyone_and_no_request_is_lost(machine):
    address = start_shop(machine)
    with Visitors(address) as visitors:
        assert visitors.shares(500) == {"1": 100}
        machine.set_image("web:2")
        machine.wait_phase("Paused")
        wait_until(lambda: 10 < visitors.shares(300).get("2", 0) < 40, 20, "the weight in effect")
        shares = visitors.shares(6000)
        assert 22 < shares["2"] < 28, shares  # five standard deviations
        machine.canaria("promote", "web", "--full")
        machine.wait_phase("Healthy")
        # Healthy is told with the promotion; the stable Service follows in the next pass.
        wait_until(lambda: visitors.shares(300) == {"2": 100}, 20, "everyone on the new version")
        assert visitors.shares(1000) == {"2": 100}
        assert visitors.failures == []


def test_after_an_abort_nobody_gets_the_new_version(machine):
    address = start_shop(machine)
    with Visitors(address) as visitors:
        machine.set_image("web:2")
        machine.wait_phase("Paused")
        machine.canaria("abort", "web")
        machine.wait_phase("Degraded")
        wait_until(lambda: visitors.shares(300) == {"1": 100}, 20, "everyone back")
        assert visitors.shares(1000) == {"1": 100}
        assert visitors.failures == []


def test_a_version_that_cannot_serve_gets_nobody(machine):
    address = start_shop(machine, replicas=2)
    with Visitors(address) as visitors:
        bad = [{"op": "replace", "path": "/spec/template/spec/containers/0/command", "value": ["false"]}]
        machine.request("PATCH", "/apis/argoproj.io/v1alpha1/namespaces/default/rollouts/web", bad, "application/json-patch+json")
        wait_until(lambda: "CrashLoopBackOff" in machine.kubectl("get", "pods").stdout, 20, "CrashLoopBackOff")
        assert visitors.shares(500) == {"1": 100}
        assert visitors.failures == []
    explained = machine.canaria("explain", "rollout", "web")
    assert "CrashLoopBackOff" in explained or "crash" in explained.lower(), explained


def test_haproxy_killed_comes_back(machine):
    address = start_shop(machine, replicas=1)
    with Visitors(address, threads=1) as visitors:
        visitors.shares(100)
        for process in machine.haproxies():
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass  # a worker that has ended with its master
        assert visitors.shares(100, limit=10) == {"1": 100}
