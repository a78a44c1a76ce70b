"""Objects that the tests create, as Python values; each test names only what it is about."""
import copy

HASH_LABEL = "rollouts-pod-template-hash"
REVISION = "rollout.argoproj.io/revision"
DESIRED = "rollout.argoproj.io/desired-replicas"


def pod_template(app, image, annotations=None):
    template = {"metadata": {"labels": {"app": app}},
                "spec": {"terminationGracePeriodSeconds": 0, "containers": [{"name": "main", "image": image}]}}
    if annotations:
        template["metadata"]["annotations"] = annotations
    return template


def rollout(name="web", image="web:1", replicas=4, steps=None, canary=None, annotations=None, **spec):
    """A canary; `canary` adds to the strategy, further arguments to the spec."""
    strategy = {**({"steps": steps} if steps is not None else {}), **(canary or {})}
    body = {"replicas": replicas, "selector": {"matchLabels": {"app": name}},
            "template": pod_template(name, image), "strategy": {"canary": strategy}}
    body.update(spec)
    return {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout",
            "metadata": {"name": name, **({"annotations": annotations} if annotations else {})},
            "spec": {key: value for key, value in copy.deepcopy(body).items() if value is not None}}


def service(name, app="web"):
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name},
            "spec": {"selector": {"app": app}, "ports": [{"port": 80, "targetPort": 8080}]}}


def deployment(name, image="web:1", replicas=3):
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name},
            "spec": {"replicas": replicas, "selector": {"matchLabels": {"app": name}},
                     "template": pod_template(name, image)}}


def image_patch(image):
    return [{"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": image}]
