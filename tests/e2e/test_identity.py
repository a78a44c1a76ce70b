"""ReplicaSet names, adoption and takeover: a live installation can be taken over, and handed back, without any write."""
import json

from manifests import DESIRED, HASH_LABEL, REVISION, pod_template, rollout
from world import wait_until

NOW = "2026-01-02T03:04:05Z"


def fnv_name(text, suffix=b""):
    """The reference's hash of compact JSON: 32-bit FNV-1a, in decimal, digits replaced by letters that spell no words."""
    value = 2166136261
    for byte in text.encode() + suffix:
        value = (value ^ byte) * 16777619 % 2**32
    return str(value).translate(str.maketrans("0123456789", "456789bcdf"))


def go_json(value):
    """Compact JSON as Go writes it, from values whose keys are in the order of Go's struct fields already."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def with_resources(template):
    """The form that is hashed: resources are always there."""
    for container in template["spec"]["containers"]:
        container.setdefault("resources", {})
    return template


def demo(name="demo"):
    ro = rollout(name, replicas=1, steps=[])
    ro["spec"]["template"] = {"metadata": {"labels": {"app": "demo"}},
                              "spec": {"containers": [{"name": "demo", "image": "nginx:1.25"}]}}
    ro["spec"]["selector"] = {"matchLabels": {"app": "demo"}}
    return ro


def set_names(world, name="web"):
    return [s["metadata"]["name"] for s in world.sets(name)]


def test_names_equal_those_of_the_incumbent(controller, world):
    app = rollout("app", "example/app:1", 1, [])
    app["spec"]["template"] = {"metadata": {"labels": {"app": "app"}}, "spec": {"containers": [
        {"name": "main", "image": "example/app:1", "ports": [{"containerPort": 8080}],
         "resources": {"requests": {"cpu": "5m", "memory": "8Mi"}}}]}}
    world.create(demo(), app)
    world.wait_phase("Healthy", name="demo")
    world.wait_phase("Healthy", name="app")
    assert set_names(world, "demo") == ["demo-56459f669d"]
    assert set_names(world, "app") == ["app-6bff59786c"]
    world.set_image("example/app:2", "app")
    wait_until(lambda: set_names(world, "app") == ["app-6bff59786c", "app-7f95877498"])


def test_name_of_a_template_with_everything(controller, world):
    container = {"name": "main", "image": "web:1", "command": ["sh", "-c"], "args": ["echo a && b > c < d é"],
                 "ports": [{"name": "http", "containerPort": 80, "protocol": "TCP"}],
                 "env": [{"name": "EMPTY"}, {"name": "NODE", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}],
                 "resources": {"limits": {"cpu": "500m", "memory": "2Gi"}, "requests": {"cpu": "100m", "memory": "1500M"}},
                 "volumeMounts": [{"name": "scratch", "mountPath": "/tmp"}],
                 "readinessProbe": {"httpGet": {"path": "/ready", "port": "http"}, "periodSeconds": 3},
                 "imagePullPolicy": "Always"}
    template = {"metadata": {"labels": {"app": "web", "zone": "a"}, "annotations": {"note": "x<y"}},
                "spec": {"volumes": [{"name": "scratch", "emptyDir": {}}], "containers": [container],
                         "terminationGracePeriodSeconds": 0, "nodeSelector": {"kubernetes.io/os": "linux"},
                         "securityContext": {"runAsUser": 1000},
                         "affinity": {"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [
                             {"weight": 1, "preference": {"matchExpressions": [
                                 {"key": "zone", "operator": "In", "values": ["a"]}]}}]}},
                         "tolerations": [{"key": "x", "operator": "Exists"}]}}
    expected = "web-" + fnv_name(go_json(template))
    # The same written in another way: order of keys, forms of quantities.
    written = json.loads(json.dumps(template, sort_keys=True))
    written["spec"]["containers"][0]["resources"] = {"requests": {"memory": "1.5G", "cpu": "0.1"},
                                                     "limits": {"memory": "2048Mi", "cpu": 0.5}}
    world.create(rollout(replicas=1, steps=[], template=written))
    world.wait_phase("Healthy")
    assert set_names(world) == [expected]


def test_a_taken_name_leads_to_another_hash(controller, world):
    stranger = {"apiVersion": "apps/v1", "kind": "ReplicaSet",
                "metadata": {"name": "demo-56459f669d", "labels": {HASH_LABEL: "56459f669d", "app": "stranger"}},
                "spec": {"replicas": 0, "selector": {"matchLabels": {"app": "stranger"}},
                         "template": pod_template("stranger", "stranger:1")}}
    world.create(stranger)
    world.create(demo())
    status = world.wait_phase("Healthy", name="demo")
    assert status["collisionCount"] == 1
    assert set_names(world, "demo") == ["demo-77567764bc"]


def replica_set(owner, hash_value, revision, replicas, template, desired=None):
    """A ReplicaSet as the incumbent leaves it."""
    name = owner["metadata"]["name"]
    template = json.loads(json.dumps(template))
    template["metadata"]["labels"][HASH_LABEL] = hash_value
    labels = dict(template["metadata"]["labels"])
    return {"apiVersion": "apps/v1", "kind": "ReplicaSet",
            "metadata": {"name": f"{name}-{hash_value}", "labels": labels,
                         "annotations": {DESIRED: str(desired or replicas), REVISION: str(revision)},
                         "ownerReferences": [{"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "name": name,
                                              "uid": owner["metadata"]["uid"], "controller": True,
                                              "blockOwnerDeletion": True}]},
            "spec": {"replicas": replicas, "selector": {"matchLabels": {"app": name, HASH_LABEL: hash_value}},
                     "template": template}}


def condition(kind, status, reason, message):
    return {"type": kind, "status": status, "reason": reason, "message": message,
            "lastTransitionTime": NOW, "lastUpdateTime": NOW}


def settled_status(name, hash_value, steps, replicas):
    return {"HPAReplicas": replicas, "availableReplicas": replicas, "blueGreen": {}, "canary": {},
            "conditions": [condition("Completed", "True", "RolloutCompleted", "RolloutCompleted"),
                           condition("Healthy", "True", "RolloutHealthy", "Rollout is healthy"),
                           condition("Progressing", "True", "NewReplicaSetAvailable",
                                     f'ReplicaSet "{name}-{hash_value}" has successfully progressed.'),
                           condition("Available", "True", "AvailableReason", "Rollout has minimum availability")],
            "currentPodHash": hash_value, "currentStepHash": fnv_name(go_json(steps)), "currentStepIndex": len(steps),
            "observedGeneration": "1", "phase": "Healthy", "readyReplicas": replicas, "replicas": replicas,
            "selector": f"app={name}", "stableRS": hash_value, "updatedReplicas": replicas}


def paused_status(name, stable, canary, steps, sizes):
    both = sum(sizes)
    return {"HPAReplicas": both, "availableReplicas": both, "blueGreen": {}, "canary": {},
            "conditions": [condition("Healthy", "False", "RolloutHealthy", "Rollout is not healthy"),
                           condition("Completed", "False", "RolloutCompleted", "RolloutCompleted"),
                           condition("Available", "True", "AvailableReason", "Rollout has minimum availability"),
                           condition("Progressing", "Unknown", "RolloutPaused", "Rollout is paused"),
                           condition("Paused", "True", "RolloutPaused", "Rollout is paused")],
            "controllerPause": True, "currentPodHash": canary, "currentStepHash": fnv_name(go_json(steps)),
            "currentStepIndex": 1, "duration": {"rolloutStartedAt": NOW, "manualPauseStartedAt": NOW},
            "message": "CanaryPauseStep", "observedGeneration": "2",
            "pauseConditions": [{"reason": "CanaryPauseStep", "startTime": NOW}], "phase": "Paused",
            "readyReplicas": both, "replicas": both, "selector": f"app={name}", "stableRS": stable,
            "updatedReplicas": sizes[1]}


STEPS = [{"setWeight": 25}, {"pause": {}}, {"setWeight": 60}, {"pause": {"duration": "10s"}}]


def leave_settled(world, name, hash_value=None):
    """The incumbent's finished release; with a given hash, that of another release of it."""
    ro = world.create(rollout(name, replicas=2, steps=STEPS, annotations={REVISION: "1"}))
    template = ro["spec"]["template"]
    hash_value = hash_value or fnv_name(go_json(hashed_form(template)))
    world.create(replica_set(ro, hash_value, 1, 2, template))
    world.patch_status(settled_status(name, hash_value, STEPS, 2), name)
    return hash_value


def hashed_form(template):
    """The template of manifests.pod_template in the order of Go's fields."""
    container = template["spec"]["containers"][0]
    return {"metadata": {"labels": template["metadata"]["labels"]},
            "spec": {"containers": [{"name": container["name"], "image": container["image"], "resources": {}}],
                     "terminationGracePeriodSeconds": template["spec"]["terminationGracePeriodSeconds"]}}


def leave_paused(world, name):
    ro = world.create(rollout(name, replicas=4, steps=STEPS, annotations={REVISION: "2"}))
    first = ro["spec"]["template"]
    stable = fnv_name(go_json(hashed_form(first)))
    world.create(replica_set(ro, stable, 1, 3, first, desired=4))
    ro = world.set_image("web:2", name)
    canary = fnv_name(go_json(hashed_form(ro["spec"]["template"])))
    world.create(replica_set(ro, canary, 2, 1, ro["spec"]["template"], desired=4))
    world.patch_status(paused_status(name, stable, canary, STEPS, (3, 1)), name)


def wait_for_ready_sets(world):
    def all_ready():
        sets = world.api.list("ReplicaSet", world.name)
        return sets and all(s.get("status", {}).get("availableReplicas", 0) == s["spec"]["replicas"] and
                            s["status"].get("observedGeneration") == s["metadata"]["generation"] for s in sets)
    wait_until(all_ready, 20, "ReplicaSets available")


def test_takeover_writes_nothing(no_controller, world):
    """Finished, paused, and made by a release with another hash function: taken over as they are."""
    leave_settled(world, "settled")
    foreign = leave_settled(world, "foreign", "5f6b7c8d9f")
    leave_paused(world, "paused")
    wait_for_ready_sets(world)
    before = {name: world.rollout(name) for name in ("settled", "foreign", "paused")}

    mark = world.cluster.audit.mark()
    no_controller.start()
    no_controller.wait_until_reconciled(world.name, before)
    world.assert_no_writes(mark, 3)
    for name, object_before in before.items():
        # The incumbent greets every Rollout at its start; an Event at most is allowed here.
        assert set(world.reasons(name)) <= {"RolloutAddedToInformer"}
        assert world.rollout(name) == object_before

    # And work goes on from there.
    world.canaria("promote", "paused", "--full")
    world.wait_phase("Healthy", name="paused")
    assert world.sizes("paused") == {1: 0, 2: 4}
    world.patch({"spec": {"replicas": 3}}, "foreign")
    world.wait_phase("Healthy", name="foreign", replicas=3)
    assert [s["metadata"]["labels"][HASH_LABEL] for s in world.sets("foreign")] == [foreign]


def test_an_orphan_is_adopted(controller, world):
    """kubectl delete --cascade=orphan and a new Rollout: the pods stay, no second ReplicaSet is made."""
    world.create(rollout(replicas=2, steps=[]))
    world.wait_phase("Healthy")
    pods = {p["metadata"]["uid"] for p in world.pods()}
    [left] = world.sets()
    world.kubectl("delete", "rollout", "web", "--cascade=orphan", "--timeout=20s")
    wait_until(lambda: not world.api.get("ReplicaSet", world.name, left["metadata"]["name"])["metadata"]
               .get("ownerReferences"), 20, "orphan")
    made = world.create(rollout(replicas=2, steps=[]))
    world.wait_phase("Healthy")
    [adopted] = world.sets()
    assert adopted["metadata"]["uid"] == left["metadata"]["uid"]
    assert adopted["metadata"]["ownerReferences"][0]["uid"] == made["metadata"]["uid"]
    assert {p["metadata"]["uid"] for p in world.pods()} == pods
