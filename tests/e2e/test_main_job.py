"""The main job with the tools users have: kubectl, and canaria as kubectl plugin. Released gradually, paused, promoted,
aborted, retried and rolled back."""
import json
import re

from api_server import ApiError
from manifests import REVISION, rollout
from world import wait_until

STEPS = [{"setWeight": 20}, {"pause": {}}, {"setWeight": 40}, {"pause": {"duration": "1s"}}, {"setWeight": 60},
         {"pause": {"duration": 1}}, {"setWeight": 80}, {"pause": {"duration": "1s"}}]


def released(world, steps=None, replicas=5):
    """A first version that is Healthy."""
    world.apply(rollout(replicas=replicas, steps=STEPS if steps is None else steps))
    world.wait_phase("Healthy")


def paused(world, **options):
    """A second version that waits at the first pause."""
    released(world, **options)
    world.set_image("web:2")
    world.wait_phase("Paused", currentStepIndex=1)


def test_release_pause_and_promote(controller, world):
    world.apply(rollout(replicas=5, steps=STEPS))
    world.kubectl("wait", "--for=jsonpath={.status.phase}=Healthy", "rollout/web", "--timeout=30s")
    world.kubectl("wait", "--for=condition=Available", "rollout/web", "--timeout=5s")

    assert world.canaria("set", "image", "web", "main=web:2").stdout == 'rollout "web" image updated\n'
    world.kubectl("wait", "--for=jsonpath={.status.phase}=Paused", "rollout/web", "--timeout=30s")
    assert world.sizes() == {1: 4, 2: 1}
    status = world.canaria("status", "web", "--watch=false")
    assert status.stdout == "Paused - CanaryPauseStep\n"

    assert world.canaria("promote", "web").stdout == "rollout 'web' promoted\n"
    watched = world.canaria("status", "web", "--timeout", "60s")
    assert watched.stdout.splitlines()[-1] == "Healthy"
    world.wait_sizes({1: 0, 2: 5})
    world.kubectl("wait", "--for=condition=Completed", "rollout/web", "--timeout=5s")
    # Of many Events about one object in a short time only the first 25 are kept, as every client of Kubernetes does.
    wait_until(lambda: [m for _, r, m in world.events() if r == "RolloutStepCompleted"][:3] == [
        "Rollout step 1/8 completed (setWeight: 20)", "Rollout step 2/8 completed (pause)",
        "Rollout step 3/8 completed (setWeight: 40)"], 5, "Events")


def test_pods_grow_with_the_weight(controller, world):
    steps = [s for weight in (20, 40, 60, 80) for s in ({"setWeight": weight}, {"pause": {}})]
    paused(world, steps=steps)
    for index, canary in ((1, 1), (3, 2), (5, 3), (7, 4)):
        world.wait_phase("Paused", currentStepIndex=index)
        assert world.sizes() == {1: 5 - canary, 2: canary}
        world.canaria("promote", "web")
    world.wait_phase("Healthy")
    world.wait_sizes({1: 0, 2: 5})


def test_abort_retry_and_undo(controller, world):
    paused(world)
    stable = world.status()["stableRS"]
    assert world.canaria("abort", "web").stdout == "rollout 'web' aborted\n"
    world.wait_phase("Degraded", message="RolloutAborted: Rollout aborted update to revision 2")
    world.wait_sizes({1: 5, 2: 0})
    failed = world.canaria("status", "web", check=False)
    assert failed.returncode == 1
    assert failed.stdout.startswith("Degraded - RolloutAborted")
    assert failed.stderr.startswith("Error: The rollout is in a degraded state with message: RolloutAborted")

    assert world.canaria("retry", "rollout", "web").stdout == "rollout 'web' retried\n"
    world.wait_phase("Paused", currentStepIndex=1)
    assert world.sizes() == {1: 4, 2: 1}

    assert world.canaria("undo", "web").stdout == "rollout 'web' undo\n"
    status = world.wait_phase("Healthy")
    assert status["stableRS"] == status["currentPodHash"] == stable
    assert not status.get("abort")
    # The first version again, as the newest revision; steps are passed over.
    world.wait_sizes({2: 0, 3: 5})
    assert status["currentStepIndex"] == len(STEPS)
    wait_until(lambda: "Rollback to stable ReplicaSets" in [m for _, _, m in world.events()], 5, "Event of the rollback")


def test_undo_to_an_older_revision(controller, world):
    released(world, steps=[])
    for tag in ("web:2", "web:3"):
        world.set_image(tag)
        world.wait_phase("Healthy")
    first = world.sets()[0]["metadata"]["name"]
    world.canaria("undo", "web", "--to-revision=1")
    world.wait_phase("Healthy")
    assert world.sets()[-1]["metadata"]["name"] == first
    assert world.rollout()["metadata"]["annotations"][REVISION] == "4"
    assert world.rollout()["spec"]["template"]["spec"]["containers"][0]["image"] == "web:1"
    missing = world.canaria("undo", "web", "--to-revision=77", check=False)
    assert missing.returncode == 1
    assert missing.stderr == "Error: unable to find specified revision 77 in history\n"


def test_full_promotion_passes_over_pauses(controller, world):
    paused(world)
    assert world.canaria("promote", "web", "--full").stdout == "rollout 'web' fully promoted\n"
    status = world.wait_phase("Healthy")
    assert "promoteFull" not in status
    assert status["duration"]["completionStatus"] == "FastPromoted"
    wait_until(lambda: any("Full promotion requested" in m for _, _, m in world.events()), 5, "Event of the promotion")


def test_promote_skips_a_running_step(controller, world):
    released(world, steps=[{"setWeight": 40}, {"pause": {}}], replicas=5)
    world.set_image("web:never-ready")
    world.wait(lambda _, status: status.get("phase") == "Progressing" and world.sizes() == {1: 3, 2: 2} or
               world.sizes() == {1: 4, 2: 2})
    world.canaria("promote", "web")
    world.wait_phase("Paused", currentStepIndex=1)


def test_pause_by_hand_and_resume(controller, world):
    released(world, steps=[{"setWeight": 50}, {"pause": {"duration": "1s"}}], replicas=2)
    assert world.canaria("pause", "web").stdout == "rollout 'web' paused\n"
    world.wait_phase("Paused", message="manually paused")
    world.set_image("web:2")
    world.wait(lambda _, status: len(world.sets()) == 2 and status.get("currentStepIndex") == 0)
    assert world.sizes() == {1: 2, 2: 0}, "a new version gets no pods while paused by hand"
    world.kubectl("patch", "rollout", "web", "--type=merge", "-p", '{"spec":{"paused":false}}')
    world.wait_phase("Healthy")
    world.wait_sizes({1: 0, 2: 2})


def test_restart_replaces_every_pod(controller, world):
    released(world, replicas=3)
    before = {pod["metadata"]["uid"] for pod in world.pods()}
    # Pods of the second in which the restart is asked for are young enough to stay.
    world.canaria("restart", "web", "--in", "1s")
    world.wait(lambda ro, status: status.get("restartedAt") == ro["spec"].get("restartAt"), limit=45)
    world.wait_phase("Healthy")
    after = {pod["metadata"]["uid"] for pod in world.pods()}
    assert len(after) == 3 and not after & before
    assert len(world.sets()) == 1


def test_new_version_in_the_middle_of_a_release(controller, world):
    paused(world)
    world.set_image("web:3")
    world.wait(lambda _, status: status.get("phase") == "Paused" and len(world.sets()) == 3)
    world.wait_sizes({1: 4, 2: 0, 3: 1})
    world.canaria("promote", "web", "--full")
    world.wait_phase("Healthy")
    world.wait_sizes({1: 0, 2: 0, 3: 5})


def test_revision_history_is_limited(controller, world):
    world.create(rollout(replicas=1, steps=[], revisionHistoryLimit=1))
    world.wait_phase("Healthy")
    for number in range(2, 6):
        world.set_image(f"web:{number}")
        world.wait_phase("Healthy")
    world.wait_sizes({4: 0, 5: 1}, 5)


def test_bodies_that_kubectl_and_argo_cd_send(controller, world):
    """Requests of the incumbent's own clients, by kubectl patch."""

    def patch(body, *flags):
        world.kubectl("patch", "rollout", "web", "--type=merge", "-p", json.dumps(body), *flags)

    def patch_status(**fields):
        patch({"status": fields}, "--subresource=status")

    steps = [{"setWeight": 20}, {"pause": {}}, {"setWeight": 60}, {"pause": {}}, {"setWeight": 80}, {"pause": {}}]
    paused(world, steps=steps)
    patch_status(pauseConditions=None)                       # promote while paused
    world.wait_phase("Paused", currentStepIndex=3)
    patch_status(pauseConditions=None, currentStepIndex=4)   # promote -c, Argo CD's skip-current-step
    world.wait_phase("Paused", currentStepIndex=5)
    patch_status(abort=True)
    world.wait_phase("Degraded")
    patch_status(abort=None)                                 # Argo CD's retry
    world.wait_phase("Paused", currentStepIndex=1)
    patch_status(abort=True)
    world.wait_phase("Degraded")
    patch_status(abort=False)                                # the command line's retry
    world.wait_phase("Paused", currentStepIndex=1)
    patch({"spec": {"paused": True}})
    world.wait_phase("Paused", message="manually paused")
    patch({"spec": {"paused": False}})
    patch_status(pauseConditions=None)
    world.wait_phase("Paused", currentStepIndex=3)
    patch_status(promoteFull=True)
    world.wait_phase("Healthy")
    world.set_image("web:3")
    world.wait_phase("Paused", currentStepIndex=1)
    patch_status(currentStepIndex=len(steps), pauseConditions=None)  # promote -a
    world.wait_phase("Healthy")


def test_step_index_out_of_range_is_harmless(controller, world):
    paused(world)
    world.patch_status({"currentStepIndex": -3, "pauseConditions": None})
    world.wait_phase("Paused", currentStepIndex=1)
    world.patch_status({"currentStepIndex": 99, "pauseConditions": None})
    world.wait_phase("Healthy")


def test_get_shows_the_tree(controller, world):
    paused(world)
    text = world.canaria("get", "rollout", "web", "--no-color").stdout
    rows = dict(re.findall(r"^ *([A-Za-z]+): +(\S.*?) *$", text, re.M))
    assert rows["Status"] == "॥ Paused" and rows["Message"] == "CanaryPauseStep"
    assert (rows["Strategy"], rows["Step"], rows["SetWeight"], rows["ActualWeight"]) == ("Canary", "1/8", "20", "20")
    assert (rows["Desired"], rows["Current"], rows["Updated"], rows["Available"]) == ("5", "5", "1", "5")
    assert "web:1 (stable)" in text and "web:2 (canary)" in text
    tree = text[text.index("NAME"):].splitlines()
    assert [re.sub(" +", " ", row.split(" ", 2)[0]) for row in tree[1:3]] == ["⟳", "├──#"]
    assert sum("Pod " in row and "ready:1/1" in row for row in tree) == 5
    assert [row.split()[-1] for row in tree if "ReplicaSet" in row] == ["canary", "stable"]

    listed = world.canaria("list", "rollouts").stdout.splitlines()
    assert listed[0].split() == ["NAME", "STRATEGY", "STATUS", "STEP", "SET-WEIGHT", "READY", "DESIRED", "UP-TO-DATE",
                                 "AVAILABLE"]
    assert listed[1].split() == ["web", "Canary", "Paused", "1/8", "20", "5/5", "5", "1", "5"]
    printed = world.kubectl("get", "rollouts").splitlines()
    assert printed[0].split() == ["NAME", "DESIRED", "CURRENT", "UP-TO-DATE", "AVAILABLE", "AGE"]
    assert printed[1].split()[:5] == ["web", "5", "5", "1", "5"]


def test_deletion_takes_everything_along(controller, world):
    paused(world)
    world.kubectl("delete", "rollout", "web", "--timeout=20s")
    world.kubectl("wait", "--for=delete", "pods", "--all", "--timeout=60s")
    try:
        world.rollout()
        raise AssertionError("the Rollout is still there")
    except ApiError as error:
        assert error.code == 404
    assert world.api.list("ReplicaSet", world.name) == []
