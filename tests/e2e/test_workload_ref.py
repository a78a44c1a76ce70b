"""A Rollout that takes its template from a Deployment, and what becomes of that Deployment's own pods."""
from api_server import JSON_PATCH
from manifests import deployment, image_patch, rollout
from world import wait_until

HALF = [{"setWeight": 50}, {"pause": {}}]


def by_reference(name="web", scale_down=None, replicas=2):
    reference = {"apiVersion": "apps/v1", "kind": "Deployment", "name": name}
    if scale_down:
        reference["scaleDown"] = scale_down
    return rollout(name, replicas=replicas, steps=HALF, template=None, selector=None, workloadRef=reference)


def wanted(world, name):
    return world.api.get("Deployment", world.name, name)["spec"]["replicas"]


def test_scale_down_of_the_referenced_deployment(controller, world):
    for name in ("never", "onsuccess", "progressively"):
        world.create(deployment(name, replicas=3))
    wait_until(lambda: len(world.pods()) == 9)
    for name in ("never", "onsuccess", "progressively"):
        world.create(by_reference(name, name, replicas=3))
    for name in ("never", "onsuccess", "progressively"):
        world.wait_phase("Healthy", name=name)
    wait_until(lambda: wanted(world, "onsuccess") == 0 and wanted(world, "progressively") == 0)
    assert wanted(world, "never") == 3


def test_a_change_of_the_deployment_is_a_release(controller, world):
    world.create(deployment("web", replicas=0))
    world.create(by_reference())
    world.wait_phase("Healthy")
    assert "template" not in world.rollout()["spec"], "the template stays where it is"

    world.api.patch("Deployment", world.name, "web", image_patch("web:2"), content_type=JSON_PATCH)
    status = world.wait_phase("Paused", currentStepIndex=1)
    assert status["workloadObservedGeneration"] == "2"
    world.wait_sizes({1: 1, 2: 1})
    world.canaria("promote", "web")
    world.wait_phase("Healthy")

    assert world.canaria("set", "image", "web", "main=web:3").stdout == 'deployment "web" image updated\n'
    world.wait_phase("Paused", currentStepIndex=1)
    world.canaria("undo", "web")
    world.wait_phase("Healthy")
    assert world.api.get("Deployment", world.name, "web")["spec"]["template"]["spec"]["containers"][0]["image"] == "web:2"
    assert wanted(world, "web") == 0


def test_missing_reference_is_found_later(controller, world):
    world.create(by_reference())
    status = world.wait_phase("Degraded")
    assert 'deployments.apps "' in status["message"] and "not found" in status["message"]
    world.create(deployment("web", replicas=0))
    world.wait_phase("Healthy", limit=10)
    assert not world.condition("InvalidSpec")
