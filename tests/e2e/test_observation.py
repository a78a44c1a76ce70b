"""/metrics, /healthz and the log: names that dashboards know, series that go with their objects."""
import json

from manifests import rollout
from world import wait_until


def test_health_and_metrics_follow_the_objects(controller, world):
    world.create(rollout(replicas=3, steps=[{"setWeight": 50}, {"pause": {}}]))
    world.wait_phase("Healthy")
    body, kind = controller.page(controller.health_port, "/healthz")
    assert body == "ok" and kind.startswith("text/plain")

    def series(samples):
        return {name: value for name, value in samples.items() if f'namespace="{world.name}"' in name}

    where = f'name="web",namespace="{world.name}"'
    turned = f'namespace="{world.name}",name="web"'

    def value(name, more=""):
        samples = controller.metrics()
        found = [v for k, v in samples.items() if k.startswith(name + "{") and (where in k or turned in k) and more in k]
        return found[0] if found else None

    wait_until(lambda: value("rollout_info", 'phase="Completed"') == 1)
    assert value("rollout_info", 'strategy="canary"') == 1
    assert value("rollout_info_replicas_desired") == 3
    assert value("rollout_info_replicas_available") == 3
    assert value("rollout_info_replicas_unavailable") == 0
    assert value("rollout_info_replicas_updated") == 3
    assert value("rollout_phase", 'phase="Completed"') == 1
    assert value("rollout_events_total", 'reason="RolloutCompleted"') == 1
    assert value("rollout_reconcile_count") > 0
    names = {k.split("{")[0] for k in controller.metrics()}
    for expected in ("argo_rollouts_controller_info", "build_info", "controller_clientset_k8s_request_total",
                     "workqueue_depth", "workqueue_adds_total", "process_start_time_seconds",
                     "process_resident_memory_bytes"):
        assert expected in names, expected

    world.set_image("web:2")
    world.wait_phase("Paused")
    wait_until(lambda: value("rollout_info", 'phase="Paused"') == 1)
    world.kubectl("delete", "rollout", "web", "--timeout=20s")
    wait_until(lambda: value("rollout_info") is None, 10, "series removed")
    left = {k.split("{")[0] for k in series(controller.metrics())}
    # Counters of a deleted object stay long enough to be scraped once more.
    assert not {n for n in left if n.startswith(("rollout_info", "rollout_phase"))}, left


def test_one_line_per_reconcile_in_json(no_controller, new_controller, world):
    talking = new_controller("json-log", "--leader-elect=false", "--logformat=json", "--loglevel=info").start()
    try:
        world.create(rollout(replicas=1, steps=[]))
        world.wait_phase("Healthy")
        lines = [json.loads(line) for line in talking.log(10**6).splitlines() if not line.startswith("---")]
        assert all({"level", "msg", "time"} <= line.keys() for line in lines)
        mine = [line for line in lines if line.get("namespace") == world.name and line.get("rollout") == "web"]
        assert any("time_ms" in line for line in mine), lines[-5:]
    finally:
        talking.kill()
