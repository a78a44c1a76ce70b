"""Volumes as people's manifests have them: read by real processes, changed while they run; by root and as a normal user."""
import os
import pathlib
import shutil
import subprocess

import pytest

from machine import wait_until
from test_unprivileged import User

CONFIG = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "app"}, "data": {"app.conf": "level=info", "run.sh": (
    "#!/bin/sh\ncat /etc/canaria/app.conf; echo; cat /etc/single.conf; echo; cat /canaria-secret/token; echo\n"
    "cat /canaria-pod/labels; echo; echo kept > /canaria-work/file; cat /canaria-work/file\n"
    "(echo x > /etc/canaria/new) 2>/dev/null || echo read-only\n"
    "while [ \"$(cat /etc/canaria/app.conf)\" = level=info ]; do sleep 0.1; done; echo changed; exec sleep 1000\n")}}
SECRET = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "keys"}, "stringData": {"token": "s3cret"}}
POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "labels": {"app": "web"}}, "spec": {
    "containers": [{"name": "main", "image": "web:1", "command": ["/canaria-scripts/run.sh"], "volumeMounts": [
        {"name": "config", "mountPath": "/etc/canaria"},
        {"name": "config", "mountPath": "/etc/single.conf", "subPath": "app.conf"},
        {"name": "scripts", "mountPath": "/canaria-scripts"}, {"name": "keys", "mountPath": "/canaria-secret", "readOnly": True},
        {"name": "about", "mountPath": "/canaria-pod"}, {"name": "work", "mountPath": "/canaria-work"}]}],
    "volumes": [
        {"name": "config", "configMap": {"name": "app"}},
        {"name": "scripts", "configMap": {"name": "app", "defaultMode": 0o755, "items": [{"key": "run.sh", "path": "run.sh"}]}},
        {"name": "keys", "secret": {"secretName": "keys", "defaultMode": 0o400}},
        {"name": "about", "projected": {"sources": [
            {"downwardAPI": {"items": [{"path": "labels", "fieldRef": {"fieldPath": "metadata.labels"}}]}}]}},
        {"name": "work", "emptyDir": {}}]}}


@pytest.fixture(params=["as it is", "as a user"])
def any_machine(request, new_machine, program):
    if request.param == "as it is":
        yield new_machine().start()
        return
    if os.geteuid() != 0:
        pytest.skip("this is a normal user already")
    user = User(program)
    made = user.machine().start()
    yield made
    made.end()
    shutil.rmtree(user.home, ignore_errors=True)


def waiting(machine):
    """(reason, message) of a container that does not run."""
    state = machine.request("GET", "/api/v1/namespaces/default/pods/web")["status"]["containerStatuses"][0]["state"]
    return (state["waiting"]["reason"], state["waiting"].get("message", "")) if "waiting" in state else ("", "")


def test_all_kinds_of_volumes(any_machine):
    machine = any_machine
    machine.apply(POD)
    told = ("FailedMount", 'MountVolume.SetUp failed for volume "config" : configmap "app" not found')
    wait_until(lambda: all(text in machine.kubectl("get", "events").stdout for text in told), 10, "what is missing")
    assert machine.kubectl("get", "pod", "web", "--no-headers").stdout.split()[2] == "ContainerCreating"
    machine.apply(CONFIG, SECRET)
    wait_until(lambda: waiting(machine)[0] in ("", "CreateContainerError"), 10, "it starts")
    if "make a mount namespace" in waiting(machine)[1]:
        pytest.skip(waiting(machine)[1])
    expected = 'level=info\nlevel=info\ns3cret\napp="web"\nkept\nread-only\n'
    wait_until(lambda: machine.kubectl("logs", "web", check=False).stdout == expected, 10, "what the container sees")
    machine.kubectl("patch", "configmap", "app", "-p", '{"data": {"app.conf": "level=debug"}}')
    wait_until(lambda: machine.kubectl("logs", "web").stdout == expected + "changed\n", 10, "the change arrives")
    assert (machine.folder / "volumes").stat().st_mode & 0o077 == 0, "Secrets are not for all users of the machine"
    folders = list((machine.folder / "volumes").iterdir())
    assert len(folders) == 1
    machine.kubectl("delete", "pod", "web", "--grace-period=1")
    wait_until(lambda: not list((machine.folder / "volumes").iterdir()), 10, "the volumes go with the pod")
    assert not pathlib.Path("/etc/canaria").exists() and not pathlib.Path("/canaria-work").exists()


def test_claims_are_refused(machine):
    pod = {**POD, "spec": {"containers": [{"name": "main", "image": "i", "command": ["true"],
                                           "volumeMounts": [{"name": "disk", "mountPath": "/canaria-disk"}]}],
                           "volumes": [{"name": "disk", "persistentVolumeClaim": {"claimName": "c"}}]}}
    machine.apply(pod)
    wait_until(lambda: waiting(machine)[0] == "CreateContainerConfigError", 10, "the refusal")
    assert waiting(machine)[1].startswith('volume "disk": persistentVolumeClaim is not supported by a single machine')


def test_where_nothing_can_be_mounted_the_container_says_so(new_machine):
    without = ["unshare", "-Ur", "/bin/sh", "-c",
               'echo 0 > /proc/sys/user/max_user_namespaces && exec setpriv --inh-caps=-all --bounding-set=-all "$@"', "sh"]
    if subprocess.run([*without, "true"], capture_output=True).returncode != 0:
        pytest.skip("this system does not let us take the permission away")
    machine = new_machine(prefix=without).start()
    machine.apply(CONFIG, SECRET, POD)
    wait_until(lambda: waiting(machine)[0] == "CreateContainerError", 10, "the refusal")
    message = waiting(machine)[1]
    assert message.startswith("volumes cannot be mounted at /etc/canaria: this system does not let user 0 make a mount namespace ("), message
    assert "run canaria as root, allow unprivileged user namespaces" in message and "or pass configuration by env" in message
    other = {**POD, "metadata": {"name": "other"},
             "spec": {"containers": [{"name": "main", "image": "i", "command": ["sh", "-c", "echo works; sleep 1000"]}]}}
    machine.apply(other)
    wait_until(lambda: machine.kubectl("logs", "other", check=False).stdout == "works\n", 10, "others run")
