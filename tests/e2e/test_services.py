"""Services follow the versions, and never point to one without available pods."""
from manifests import HASH_LABEL, rollout, service
from world import wait_until

MANAGED = "argo-rollouts.argoproj.io/managed-by-rollouts"
HALF = [{"setWeight": 50}, {"pause": {}}]
BOTH = {"stableService": "stable", "canaryService": "canary"}


def selected(world, name):
    return world.api.get("Service", world.name, name)["spec"]["selector"].get(HASH_LABEL)


def hashes(world):
    return [s["metadata"]["labels"][HASH_LABEL] for s in world.sets()]


def test_selectors_follow_the_release(controller, world):
    world.create(service("stable"), service("canary"))
    world.create(rollout(replicas=2, steps=HALF, canary=BOTH))
    world.wait_phase("Healthy")
    [first] = hashes(world)
    wait_until(lambda: selected(world, "stable") == selected(world, "canary") == first)
    assert world.api.get("Service", world.name, "stable")["metadata"]["annotations"][MANAGED] == "web"

    world.set_image("web:2")
    world.wait_phase("Paused")
    second = hashes(world)[1]
    wait_until(lambda: selected(world, "canary") == second)
    assert selected(world, "stable") == first
    told = f"Switched selector for service 'canary' from '{first}' to '{second}'"
    wait_until(lambda: told in [m for _, _, m in world.events()], 5, told)
    world.canaria("abort", "web")
    wait_until(lambda: selected(world, "canary") == first)
    world.canaria("retry", "rollout", "web")
    wait_until(lambda: selected(world, "canary") == second)
    world.canaria("promote", "web", "--full")
    world.wait_phase("Healthy")
    wait_until(lambda: selected(world, "stable") == selected(world, "canary") == second)


def test_no_switch_to_a_version_without_available_pods(controller, world):
    """A new Service is taken over when all pods are available; a change needs at least one."""
    world.create(service("stable"), service("canary"))
    ro = rollout(image="web:never-ready", replicas=2, steps=HALF, canary=BOTH)
    world.create(ro)
    world.wait(lambda _, status: status.get("replicas") == 2)
    world.wait_until_quiet(1)
    assert selected(world, "stable") is None and selected(world, "canary") is None
    world.set_image("web:1")
    world.wait_phase("Paused")
    world.canaria("promote", "web")
    world.wait_phase("Healthy")
    good = world.status()["stableRS"]
    wait_until(lambda: selected(world, "stable") == selected(world, "canary") == good)

    world.set_image("web:3-never-ready")
    world.wait(lambda _, status: status.get("replicas", 0) > status.get("availableReplicas", 0))
    world.wait_until_quiet(1)
    assert selected(world, "stable") == selected(world, "canary") == good


def test_services_are_given_back(controller, world):
    world.create(service("stable"), service("canary"))
    world.create(rollout(replicas=1, steps=HALF, canary=BOTH))
    wait_until(lambda: selected(world, "stable") and selected(world, "canary"))
    world.patch({"spec": {"strategy": {"canary": {"canaryService": None}}}})
    wait_until(lambda: selected(world, "canary") is None, what="Service no longer named")
    world.kubectl("delete", "rollout", "web", "--timeout=20s")
    wait_until(lambda: selected(world, "stable") is None, what="Service of a deleted Rollout")
    assert MANAGED not in world.api.get("Service", world.name, "stable")["metadata"].get("annotations", {})


def test_missing_service_is_found_later(controller, world):
    world.create(rollout(replicas=1, steps=HALF, canary=BOTH))
    status = world.wait_phase("Degraded")
    assert status["message"] == ('InvalidSpec: The Rollout "web" is invalid: spec.strategy.canary.stableService: '
                                 'Invalid value: "stable": service "stable" not found')
    world.create(service("stable"), service("canary"))
    world.wait_phase("Healthy", limit=5)
    assert not world.condition("InvalidSpec")
