"""Kill, freeze and cut off: nothing is lost, the release goes on from where it was, and there is never a second writer."""
import random
import signal
import threading
import time

from cluster import told
from conftest import SYSTEM_NAMESPACE
from manifests import rollout
from world import wait_until

LADDER = [s for weight in (20, 40, 60, 80) for s in ({"setWeight": weight}, {"pause": {"duration": "1s"}})]


class Watcher(threading.Thread):
    """Looks at the pods of a Rollout all the time and remembers the worst it saw."""

    def __init__(self, world, name="web"):
        super().__init__(daemon=True)
        self.world, self.name, self.stopped = world, name, threading.Event()
        self.most_wanted, self.fewest_available = 0, 10**6

    def run(self):
        while not self.stopped.wait(0.02):
            try:
                sets = self.world.sets(self.name)
            except OSError:
                continue
            self.most_wanted = max(self.most_wanted, sum(s["spec"]["replicas"] for s in sets))
            available = sum(s.get("status", {}).get("availableReplicas", 0) for s in sets)
            self.fewest_available = min(self.fewest_available, available)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        self.join()


def test_killed_again_and_again_it_ends_right(controller, world):
    world.create(rollout(replicas=5, steps=LADDER, canary={"maxSurge": 1, "maxUnavailable": 0}))
    world.wait_phase("Healthy")
    moments = random.Random(7)
    with Watcher(world) as seen:
        world.set_image("web:2")
        for _ in range(25):
            time.sleep(moments.uniform(0.05, 0.5))
            controller.kill()
            controller.start()
            if world.sizes() == {1: 0, 2: 5}:
                break
        world.wait_phase("Healthy", limit=40)
    world.wait_sizes({1: 0, 2: 5})
    assert seen.most_wanted <= 6, "more pods than replicas and surge"
    assert seen.fewest_available >= 5, "fewer pods available than promised"
    assert len(world.sets()) == 2


def test_killed_while_a_version_is_created(controller, world):
    world.create(*[rollout(f"web{i}", replicas=1, steps=[]) for i in range(6)])
    for i in range(6):
        world.wait_phase("Healthy", name=f"web{i}")
    for i in range(6):
        world.set_image("web:2", f"web{i}")
        time.sleep(0.01 * i)
        controller.kill()
        controller.start()
    for i in range(6):
        world.wait_phase("Healthy", name=f"web{i}")
        world.wait_sizes({1: 0, 2: 1}, name=f"web{i}")
        assert "collisionCount" not in world.status(f"web{i}")


def test_api_server_gone_for_a_while(controller, world):
    world.create(rollout(replicas=5, steps=LADDER))
    world.wait_phase("Healthy")
    world.set_image("web:2")
    world.wait(lambda _, status: status.get("currentStepIndex", 0) >= 2)
    world.cluster.stop("kube-apiserver")
    time.sleep(1.5)  # long enough for timers of the release to fire in vain
    assert controller.is_running()
    world.cluster.start("kube-apiserver")
    world.wait_phase("Healthy", limit=60)
    world.wait_sizes({1: 0, 2: 5})
    assert controller.is_running()


def test_somebody_else_writes_all_the_time(controller, world):
    """Conflicts are everyday life: the release goes on and nobody is told."""
    world.create(rollout(replicas=4, steps=LADDER))
    world.wait_phase("Healthy")
    done = threading.Event()

    def write():
        count = 0
        while not done.wait(0.02):
            count += 1
            world.patch({"metadata": {"labels": {"count": str(count)}}})
            for replica_set in world.sets():
                world.patch({"metadata": {"labels": {"count": str(count)}}}, replica_set["metadata"]["name"], "ReplicaSet")

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    try:
        world.set_image("web:2")
        world.wait_phase("Healthy", limit=40)
    finally:
        done.set()
        writer.join()
    world.wait_sizes({1: 0, 2: 4})
    assert not [e for e in world.events() if e[0] == "Warning"], world.events()


def test_replica_set_deleted_by_hand(controller, world):
    world.create(rollout(replicas=4, steps=[{"setWeight": 50}, {"pause": {}}]))
    world.wait_phase("Healthy")
    world.set_image("web:2")
    world.wait_phase("Paused")
    lost = world.sets()[-1]["metadata"]
    world.api.delete("ReplicaSet", world.name, lost["name"])

    def is_back():
        newest = world.sets()[-1]
        return (newest["metadata"]["name"] == lost["name"] and newest["metadata"]["uid"] != lost["uid"]
                and newest.get("status", {}).get("availableReplicas", 0) == 2)
    wait_until(is_back, 20, "a new ReplicaSet of the same name")


def elected(new_controller, name):
    """Acts as a user of that name, so that the audit log tells the two apart."""
    return new_controller(name, f"--as={name}", "--as-group=system:masters", "--leader-elect=true",
                          "--leader-election-lease-duration=3s", "--leader-election-renew-deadline=2s",
                          "--leader-election-retry-period=300ms")


def holder(world):
    lease = world.api.get("Lease", SYSTEM_NAMESPACE, "argo-rollouts-controller-lock")
    return lease["spec"].get("holderIdentity")


def forget_lease(world):
    from api_server import ApiError
    try:
        world.api.delete("Lease", SYSTEM_NAMESPACE, "argo-rollouts-controller-lock")
    except ApiError:
        pass


def assert_one_after_the_other(world, mark, first, second):
    by_first = world.cluster.audit.writes(mark, user=first)
    by_second = world.cluster.audit.writes(mark, user=second)
    assert by_first and by_second
    last, begin = by_first[-1]["stageTimestamp"], by_second[0]["requestReceivedTimestamp"]
    assert last < begin, f"both wrote: {told(by_first[-3:])} {told(by_second[:3])}"


def test_standby_takes_over_when_the_leader_dies(no_controller, new_controller, world):
    forget_lease(world)
    mark = world.cluster.audit.mark()
    leader = elected(new_controller, "leader-a").start()
    wait_until(lambda: holder(world), 10, "a leader")
    standby = elected(new_controller, "standby-a").start()
    try:
        world.create(rollout(replicas=5, steps=LADDER))
        world.wait_phase("Healthy")
        world.set_image("web:2")
        world.wait(lambda _, status: status.get("currentStepIndex", 0) >= 2)
        assert standby.page(standby.health_port, "/healthz")[0] == "ok"
        assert "argo_rollouts_controller_info" in standby.page(standby.metrics_port, "/metrics")[0]
        leader.kill()
        began = time.monotonic()
        world.wait_phase("Healthy", limit=40)
        assert time.monotonic() - began < 25
        world.wait_sizes({1: 0, 2: 5})
        assert_one_after_the_other(world, mark, "leader-a", "standby-a")
    finally:
        leader.kill()
        standby.kill()


def test_frozen_leader_ends_without_writing(no_controller, new_controller, world):
    """A leader that wakes up after its lease has passed to another (suspended machine) must not write any more."""
    forget_lease(world)
    mark = world.cluster.audit.mark()
    leader = elected(new_controller, "leader-b").start()
    wait_until(lambda: holder(world), 10, "a leader")
    first = holder(world)
    standby = elected(new_controller, "standby-b").start()
    try:
        world.create(rollout(replicas=5, steps=LADDER))
        world.wait_phase("Healthy")
        world.set_image("web:2")
        world.wait(lambda _, status: status.get("currentStepIndex", 0) >= 1)
        leader.signal(signal.SIGSTOP)
        wait_until(lambda: holder(world) != first, 15, "another leader")
        world.wait(lambda _, status: status.get("currentStepIndex", 0) >= 4, limit=30)
        leader.signal(signal.SIGCONT)
        assert leader.wait_for_end(10) == 0
        world.wait_phase("Healthy", limit=40)
        assert_one_after_the_other(world, mark, "leader-b", "standby-b")
    finally:
        leader.kill()
        standby.kill()
