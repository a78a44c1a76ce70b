"""A settled Rollout causes no write, ever; also not after a restart of the controller."""
from cluster import told
from manifests import deployment, rollout, service

PAUSE = [{"setWeight": 50}, {"pause": {}}]


def settled_in_every_way(world):
    """One Rollout per situation, all at rest; gives back their names."""
    world.create(service("stable", "services"), service("canary", "services"), deployment("work", replicas=2))
    world.create(
        rollout("plain", replicas=2, steps=PAUSE),
        rollout("rolling", replicas=3),
        rollout("empty", replicas=0, steps=PAUSE),
        rollout("paused", replicas=2, steps=PAUSE),
        rollout("aborted", replicas=2, steps=PAUSE),
        rollout("by-hand", replicas=2, steps=PAUSE, paused=True),
        rollout("services", replicas=2, steps=PAUSE, canary={"stableService": "stable", "canaryService": "canary"}),
        rollout("labels", replicas=2, steps=PAUSE, canary={"canaryMetadata": {"labels": {"role": "canary"}},
                                                           "stableMetadata": {"labels": {"role": "stable"}}}),
        rollout("apart", replicas=2, steps=PAUSE,
                canary={"antiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": {"weight": 1}}}),
        rollout("invalid", replicas=2, steps=[{"setWeight": 300}]),
        rollout("unready", "web:never-ready", replicas=1, steps=PAUSE, progressDeadlineSeconds=2),
        rollout("work", replicas=2, steps=PAUSE, template=None, selector=None,
                workloadRef={"apiVersion": "apps/v1", "kind": "Deployment", "name": "work", "scaleDown": "onsuccess"}))
    for name in ("plain", "rolling", "empty", "paused", "aborted", "services", "labels", "apart", "work"):
        world.wait_phase("Healthy", name=name)
    for name in ("paused", "aborted", "services", "labels", "apart"):
        world.set_image("web:2", name)
    for name in ("paused", "aborted", "services", "labels", "apart"):
        world.wait_phase("Paused", name=name)
    world.patch_status({"abort": True}, "aborted")
    world.canaria("promote", "labels")
    world.canaria("promote", "apart")
    expected = {"plain": "Healthy", "rolling": "Healthy", "empty": "Healthy", "paused": "Paused", "aborted": "Degraded",
                "by-hand": "Paused", "services": "Paused", "labels": "Healthy", "apart": "Healthy",
                "invalid": "Degraded", "unready": "Degraded", "work": "Healthy"}
    for name, phase in expected.items():
        world.wait_phase(phase, name=name)
    return expected


def test_what_is_settled_is_left_alone(controller, world):
    names = settled_in_every_way(world)
    world.wait_until_quiet(2)
    mark = world.cluster.audit.mark()
    world.assert_no_writes(mark, 4)

    mark = world.cluster.audit.mark()
    controller.stop()
    controller.start()
    controller.wait_until_reconciled(world.name, names)
    world.assert_no_writes(mark, 4)
    asked = [e for e in world.cluster.audit.requests(mark, namespace=world.name)
             if e["verb"] != "watch" and e["objectRef"]["resource"] != "pods"]
    assert not asked, told(asked)


def test_reading_is_left_to_watches(controller, world):
    """Between changes there is no request at all but watches and the Lease."""
    world.create(rollout(replicas=2, steps=PAUSE))
    world.wait_phase("Healthy")
    world.wait_until_quiet(1)
    mark = world.cluster.audit.mark()
    world.assert_no_writes(mark, 3)
    asked = [e for e in world.cluster.audit.requests(mark)
             if e["verb"] != "watch" and e["objectRef"]["resource"] != "leases" and e["objectRef"].get("namespace") == world.name]
    assert not asked, told(asked)
