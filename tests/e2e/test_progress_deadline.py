"""A version that does not get ready: reported in time, taken back when asked for, and never a reason to touch the old one."""
from manifests import rollout
from world import wait_until

STEPS = [{"setWeight": 50}, {"pause": {"duration": "1s"}}]


def test_degraded_after_the_deadline_and_well_after_the_fix(controller, world):
    world.create(rollout(replicas=2, steps=STEPS, progressDeadlineSeconds=2))
    world.wait_phase("Healthy")
    world.set_image("web:never-ready")
    status = world.wait_phase("Degraded")
    name = world.sets()[-1]["metadata"]["name"]
    assert status["message"] == f'ProgressDeadlineExceeded: ReplicaSet "{name}" has timed out progressing.'
    assert sum(s.get("status", {}).get("availableReplicas", 0) for s in world.sets()) == 2
    answer = world.canaria("explain", "rollout", "web").stdout
    assert "never-ready" in answer or "not ready" in answer.lower(), answer
    world.set_image("web:3")
    world.wait_phase("Healthy")


def test_taken_back_by_itself(controller, world):
    world.create(rollout(replicas=2, steps=STEPS, progressDeadlineSeconds=2, progressDeadlineAbort=True))
    world.wait_phase("Healthy")
    world.set_image("web:unpullable")
    world.wait(lambda _, status: status.get("abort") is True)
    status = world.wait_phase("Degraded")
    assert status["message"].startswith("RolloutAborted: Rollout aborted update to revision 2")
    world.wait_sizes({1: 2, 2: 0})
    wait_until(lambda: world.reasons().count("RolloutAborted") == 2, 5, "both Events of the abort")


def test_no_deadline_while_paused_or_settled(controller, world):
    world.create(rollout(replicas=2, steps=[{"setWeight": 50}, {"pause": {}}], progressDeadlineSeconds=1,
                         progressDeadlineAbort=True))
    world.wait_phase("Healthy")
    world.set_image("web:2")
    world.wait_phase("Paused")
    [canary] = [p for p in world.pods() if p["spec"]["containers"][0]["image"] == "web:2"]
    world.patch({"metadata": {"annotations": {"canaria.test/never-ready": "true"}}}, canary["metadata"]["name"], "Pod")
    world.wait(lambda _, status: status.get("availableReplicas") == 1)
    world.wait_until_quiet(1)
    mark = world.cluster.audit.mark()
    world.assert_no_writes(mark, 2.5)
    assert world.status()["phase"] == "Paused"
