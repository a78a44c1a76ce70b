"""Sizes from outside: kubectl scale, a HorizontalPodAutoscaler, zero; before, during and after a release."""
from manifests import DESIRED, rollout
from world import wait_until

HALF = [{"setWeight": 50}, {"pause": {}}]


def test_kubectl_scale_in_every_situation(controller, world):
    world.create(rollout(replicas=4, steps=HALF))
    world.wait_phase("Healthy")
    world.kubectl("scale", "rollout/web", "--replicas=2")
    world.wait_phase("Healthy", replicas=2)
    world.set_image("web:2")
    world.wait_phase("Paused")
    world.wait_sizes({1: 1, 2: 1})
    world.kubectl("scale", "rollout/web", "--replicas=8")
    world.wait(lambda _, status: status.get("availableReplicas") == 8)
    world.wait_sizes({1: 4, 2: 4})
    assert world.status()["phase"] == "Paused"
    assert {s["metadata"]["annotations"][DESIRED] for s in world.sets()} == {"8"}
    world.kubectl("scale", "rollout/web", "--replicas=3")
    world.wait(lambda _, status: status.get("replicas", 9) <= 4)
    world.canaria("promote", "web")
    world.wait_phase("Healthy")
    world.wait_sizes({1: 0, 2: 3})
    scale = world.api.get("Rollout", world.name, "web", "scale")
    assert scale["spec"]["replicas"] == scale["status"]["replicas"] == 3
    assert scale["status"]["selector"] == "app=web"


def test_zero_and_back(controller, world):
    world.create(rollout(replicas=2, steps=HALF))
    world.wait_phase("Healthy")
    world.kubectl("scale", "rollout/web", "--replicas=0")
    world.wait(lambda _, status: status.get("replicas", 0) == 0 and status.get("phase") == "Healthy")
    assert world.sizes() == {1: 0}
    world.set_image("web:2")
    world.wait(lambda _, status: len(world.sets()) == 2)
    world.kubectl("scale", "rollout/web", "--replicas=2")
    world.wait(lambda _, status: status.get("availableReplicas", 0) == 2)


def test_template_and_replicas_in_one_edit_do_not_overshoot(controller, world):
    world.create(rollout(replicas=2, steps=HALF))
    world.wait_phase("Healthy")
    world.patch({"spec": {"replicas": 8, "template": {"spec": {"containers": [{"name": "main", "image": "web:2"}]}}}})
    world.wait_phase("Paused")
    world.wait_sizes({1: 4, 2: 4})
    scaled = [m for _, r, m in world.events() if r == "ScalingReplicaSet" and "(revision 2)" in m]
    assert all(int(m.rsplit(" ", 1)[1]) <= 4 for m in scaled), scaled


def test_autoscaler_moves_the_rollout(controller, world):
    world.create(rollout(replicas=2, steps=HALF))
    world.wait_phase("Healthy")
    world.set_image("web:2")
    world.wait_phase("Paused")
    world.api.create("HorizontalPodAutoscaler", world.name, {
        "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "web"},
        "spec": {"scaleTargetRef": {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "name": "web"},
                 "minReplicas": 6, "maxReplicas": 9}})
    world.wait(lambda ro, status: ro["spec"]["replicas"] == 6 and status.get("HPAReplicas", 0) == 6)
    world.wait_sizes({1: 3, 2: 3})
    hpa = world.api.get("HorizontalPodAutoscaler", world.name, "web")
    able = next(c for c in hpa["status"]["conditions"] if c["type"] == "AbleToScale")
    assert able["status"] == "True", able


def test_replicas_left_out_become_one(controller, world):
    world.create(rollout(replicas=None, steps=HALF))
    world.wait_phase("Healthy")
    assert world.rollout()["spec"]["replicas"] == 1
    wait_until(lambda: len(world.pods()) == 1)
