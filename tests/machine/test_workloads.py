"""What a cluster's own controllers do beside Rollouts, with kubectl: autoscalers, disruption budgets, indexed Jobs, reviews."""
import json
import re
import sys

import pytest

from machine import ApiError, rollout, service, wait_until

BUDGETS = "/apis/policy/v1/namespaces/default/poddisruptionbudgets"


def deployment(replicas, name="web"):
    container = {"name": "main", "image": "web:1", "command": [sys.executable, "server.py"]}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name},
            "spec": {"replicas": replicas, "selector": {"matchLabels": {"app": name}},
                     "template": {"metadata": {"labels": {"app": name}}, "spec": {"containers": [container]}}}}


def condition(status, kind):
    return {entry["type"]: entry for entry in status["conditions"]}[kind]


def ready_pods(machine):
    return [pod for pod in machine.pods() if any(c["type"] == "Ready" and c["status"] == "True"
                                                 for c in pod["status"].get("conditions", []))]


def test_an_autoscaler_keeps_a_deployment_within_its_limits(machine):
    machine.apply(deployment(1))
    machine.kubectl("autoscale", "deployment", "web", "--min=2", "--max=3", "--cpu-percent=70")
    wait_until(lambda: len(ready_pods(machine)) == 2, what="two pods")
    machine.kubectl("scale", "deployment", "web", "--replicas=5")
    machine.kubectl("annotate", "hpa", "web", "look=again")
    wait_until(lambda: machine.request("GET", "/apis/apps/v1/namespaces/default/deployments/web")["spec"]["replicas"] == 3, 40)
    for version in ("v1", "v2"):
        autoscaler = machine.request("GET", f"/apis/autoscaling/{version}/namespaces/default/horizontalpodautoscalers/web")
        assert autoscaler["apiVersion"] == f"autoscaling/{version}"
        assert autoscaler["status"]["desiredReplicas"] == 3
    assert condition(autoscaler["status"], "AbleToScale")["status"] == "True"
    row = machine.kubectl("get", "hpa", "--no-headers").stdout.split()
    assert row[:6] == ["web", "Deployment/web", "cpu:", "<unknown>/70%", "2", "3"], row
    told = machine.kubectl("describe", "hpa", "web").stdout
    assert "New size: 2; reason: Current number of replicas below Spec.MinReplicas" in told, told
    assert "New size: 3; reason: Current number of replicas above Spec.MaxReplicas" in told, told


def test_an_autoscaler_moves_a_rollout_and_says_what_it_cannot(machine):
    machine.apply(rollout(1, routed=False), {
        "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "web"},
        "spec": {"scaleTargetRef": {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "name": "web"},
                 "minReplicas": 2, "maxReplicas": 4}})
    wait_until(lambda: machine.rollout()["spec"]["replicas"] == 2)
    machine.wait_phase("Healthy")
    path = "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers/web"
    wait_until(lambda: condition(machine.request("GET", path)["status"], "ScalingActive")["reason"] == "FailedGetResourceMetric")
    refused = machine.kubectl("patch", "hpa", "web", "--type=merge", "-p", '{"spec":{"maxReplicas":1}}', check=False)
    assert "spec.maxReplicas: Invalid value: 1: must be greater than or equal to `minReplicas`" in refused.stderr


def test_a_budget_stands_against_evictions(machine):
    machine.apply(deployment(2))
    machine.kubectl("create", "pdb", "web", "--selector=app=web", "--min-available=1")
    wait_until(lambda: machine.request("GET", f"{BUDGETS}/web")["status"].get("disruptionsAllowed") == 1, what="one allowed")
    first, second = [pod["metadata"]["name"] for pod in ready_pods(machine)]

    def evict(name):
        body = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": name}}
        return machine.request("POST", f"/api/v1/namespaces/default/pods/{name}/eviction", body)

    assert evict(first)["status"] == "Success"
    with pytest.raises(ApiError) as refused:
        evict(second)
    assert refused.value.code == 429
    assert "Cannot evict pod as it would violate the pod's disruption budget." in str(refused.value)
    wait_until(lambda: machine.request("GET", f"{BUDGETS}/web")["status"]["disruptionsAllowed"] == 1, what="one allowed again")
    row = machine.kubectl("get", "pdb", "--no-headers").stdout.split()
    assert row[:4] == ["web", "1", "N/A", "1"], row
    assert evict(second)["status"] == "Success"


def test_an_indexed_job_runs_every_index(machine):
    script = "import os; print(os.environ['JOB_COMPLETION_INDEX'], os.environ['HOSTNAME'])"
    machine.apply({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "sum"},
                   "spec": {"completions": 3, "parallelism": 2, "completionMode": "Indexed", "ttlSecondsAfterFinished": 3600,
                            "template": {"spec": {"restartPolicy": "Never", "containers": [
                                {"name": "main", "image": "sum:1", "command": [sys.executable, "-c", script]}]}}}})
    machine.kubectl("wait", "--for=condition=Complete", "job/sum", "--timeout=30s")
    status = machine.request("GET", "/apis/batch/v1/namespaces/default/jobs/sum")["status"]
    assert status["completedIndexes"] == "0-2" and status["succeeded"] == 3
    lines = sorted(machine.kubectl("logs", pod["metadata"]["name"]).stdout for pod in machine.pods())
    assert lines == ["0 sum-0\n", "1 sum-1\n", "2 sum-2\n"]
    assert all(pod["metadata"]["name"].startswith(f"sum-{pod['metadata']['labels']['batch.kubernetes.io/job-completion-index']}-")
               for pod in machine.pods())
    assert re.search(r"Completed Indexes: +0-2\n", machine.kubectl("describe", "job", "sum").stdout)


def test_a_job_is_suspended_resumed_and_ended_by_its_deadline(machine):
    machine.apply({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "long"},
                   "spec": {"suspend": True, "ttlSecondsAfterFinished": 1, "template": {"spec": {
                       "restartPolicy": "Never", "containers": [{"name": "main", "image": "x:1", "command": ["sleep", "600"]}]}}}})
    path = "/apis/batch/v1/namespaces/default/jobs/long"
    wait_until(lambda: condition(machine.request("GET", path)["status"], "Suspended")["status"] == "True")
    assert machine.pods() == []
    machine.kubectl("patch", "job", "long", "--type=merge", "-p", '{"spec":{"suspend":false,"activeDeadlineSeconds":2}}')
    wait_until(lambda: len(machine.pods()) == 1, what="its pod")
    machine.kubectl("wait", "--for=condition=Failed", "job/long", "--timeout=60s")
    machine.kubectl("wait", "--for=delete", "job/long", "--timeout=30s")
    wait_until(lambda: machine.pods() == [])


def test_kubectl_asks_what_it_may_and_who_it_is(machine):
    assert machine.kubectl("auth", "can-i", "delete", "pods").stdout == "yes\n"
    assert machine.kubectl("auth", "can-i", "get", "/metrics").stdout == "yes\n"
    rules = machine.kubectl("auth", "can-i", "--list").stdout
    assert "*.*" in rules and "[*]" in rules, rules
    user = json.loads(machine.kubectl("auth", "whoami", "-o", "json").stdout)["status"]["userInfo"]
    assert user == {"username": "admin", "groups": ["system:masters", "system:authenticated"]}
    machine.kubectl("create", "serviceaccount", "robot")
    assert machine.kubectl("get", "serviceaccount", "robot", "-o", "name").stdout == "serviceaccount/robot\n"


def test_a_replaced_service_keeps_its_address(machine):
    plain = service("web")
    machine.apply(plain)
    address = wait_until(machine.address)
    machine.kubectl("replace", "-f", "-", text=json.dumps(plain))
    assert machine.address() == address
    other = json.loads(json.dumps(plain))
    other["spec"]["clusterIP"] = address.rpartition(".")[0] + ".250"
    refused = machine.kubectl("replace", "-f", "-", text=json.dumps(other), check=False)
    assert refused.returncode == 1 and "may not change once set" in refused.stderr, refused.stderr


def test_events_of_both_groups_name_the_container(machine):
    machine.apply(deployment(1))
    wait_until(lambda: len(ready_pods(machine)) == 1)
    pod = ready_pods(machine)[0]["metadata"]["name"]

    def started(path, about):
        events = machine.request("GET", f"{path}?fieldSelector={about}.name={pod},reason=Started")["items"]
        return [event[about]["fieldPath"] for event in events]

    wait_until(lambda: started("/api/v1/namespaces/default/events", "involvedObject") == ["spec.containers{main}"])
    assert started("/apis/events.k8s.io/v1/namespaces/default/events", "regarding") == ["spec.containers{main}"]
    assert "spec.containers{main}" in machine.kubectl("get", "events.v1.events.k8s.io", "-o", "wide").stdout
    assert "Started container main" in machine.kubectl("describe", "pod", pod).stdout
