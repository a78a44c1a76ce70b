"""What a release does to pods: their labels, when they count as available, and where they may run."""
import time

from manifests import HASH_LABEL, rollout
from world import wait_until

HALF = [{"setWeight": 50}, {"pause": {}}]


def test_running_pods_get_the_metadata_of_their_role(controller, world):
    roles = {"canaryMetadata": {"labels": {"role": "canary"}, "annotations": {"seen-by": "canary"}},
             "stableMetadata": {"labels": {"role": "stable"}}}
    world.create(rollout(replicas=4, steps=HALF, canary=roles))
    world.wait_phase("Healthy")
    wait_until(lambda: len(world.pods(role="stable")) == 4)
    world.set_image("web:2")
    world.wait_phase("Paused")
    wait_until(lambda: len(world.pods(role="stable")) == 2 and len(world.pods(role="canary")) == 2)
    canaries = {p["metadata"]["uid"] for p in world.pods(role="canary")}
    assert all(p["metadata"]["annotations"]["seen-by"] == "canary" for p in world.pods(role="canary"))
    world.canaria("promote", "web")
    world.wait_phase("Healthy")
    wait_until(lambda: len(world.pods(role="stable")) == 4)
    pods = world.pods()
    assert canaries <= {p["metadata"]["uid"] for p in pods}, "relabeled in place, not replaced"
    assert not [p for p in pods if "seen-by" in p["metadata"].get("annotations", {})]
    newest = world.sets()[-1]
    assert "role" not in newest["spec"]["selector"]["matchLabels"]


def test_what_others_wrote_on_pods_stays(controller, world):
    world.create(rollout(replicas=2, steps=HALF, canary={"canaryMetadata": {"labels": {"role": "canary"}},
                                                         "stableMetadata": {"labels": {"role": "stable"}}}))
    world.wait_phase("Healthy")
    world.set_image("web:2")
    world.wait_phase("Paused")
    [canary] = world.pods(role="canary")
    name = canary["metadata"]["name"]
    world.patch({"metadata": {"labels": {"injected": "yes"}, "annotations": {"mesh": "on"}}}, name, "Pod")
    world.canaria("promote", "web")
    world.wait_phase("Healthy")
    wait_until(lambda: world.api.get("Pod", world.name, name)["metadata"]["labels"].get("role") == "stable")
    metadata = world.api.get("Pod", world.name, name)["metadata"]
    assert metadata["labels"]["injected"] == "yes" and metadata["annotations"]["mesh"] == "on"


def test_min_ready_seconds_hold_every_step(controller, world):
    world.create(rollout(replicas=2, steps=HALF, minReadySeconds=2))
    world.wait_phase("Healthy")
    world.set_image("web:2")
    began = time.monotonic()
    world.wait_phase("Paused")
    # Times of pods are whole seconds, so a little less than two can be right.
    assert time.monotonic() - began > 1.0
    assert world.sets()[-1]["spec"]["minReadySeconds"] == 2
    world.patch({"spec": {"minReadySeconds": 0}})
    world.canaria("promote", "web")
    world.wait_phase("Healthy")
    assert world.sets()[-1]["spec"].get("minReadySeconds", 0) == 0


def test_anti_affinity_keeps_versions_apart(controller, world):
    world.create(
        rollout("hard", replicas=1, steps=HALF, canary={"antiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {}}}),
        rollout("soft", replicas=1, steps=HALF,
                canary={"antiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": {"weight": 7}}}))
    for name in ("hard", "soft"):
        world.wait_phase("Healthy", name=name)
        assert "affinity" not in world.sets(name)[0]["spec"]["template"]["spec"]
        world.set_image("web:2", name)
        world.wait_phase("Paused", name=name)
    kinds = {"hard": "requiredDuringSchedulingIgnoredDuringExecution", "soft": "preferredDuringSchedulingIgnoredDuringExecution"}
    for name, kind in kinds.items():
        stable = world.status(name)["stableRS"]
        [term] = world.sets(name)[-1]["spec"]["template"]["spec"]["affinity"]["podAntiAffinity"][kind]
        if name == "soft":
            assert term["weight"] == 7
            term = term["podAffinityTerm"]
        assert term["labelSelector"] == {"matchExpressions": [{"key": HASH_LABEL, "operator": "In", "values": [stable]}]}
        assert term["namespaces"] == [world.name] and term["topologyKey"] == "kubernetes.io/hostname"
    nodes = {p["metadata"]["labels"][HASH_LABEL]: p["spec"]["nodeName"] for p in world.pods(app="hard")}
    assert len(set(nodes.values())) == 2, nodes


def test_a_broken_stable_version_does_not_block_the_fix(controller, world):
    world.create(rollout(image="web:never-ready", replicas=2, steps=[{"setWeight": 50}]))
    world.wait(lambda _, status: status.get("replicas") == 2)
    world.set_image("web:2")
    world.wait_phase("Healthy")
    world.wait_sizes({1: 0, 2: 2})
