"""Starting, stopping, what is refused, and what survives a kill."""
import os
import random
import subprocess
import threading
import time

import pytest

from machine import ApiError, rollout, service, wait_until


def test_needs_the_token(machine):
    for token in ("", "wrong"):
        with pytest.raises(ApiError) as refused:
            machine.request("GET", "/api/v1/namespaces", token=token)
        assert refused.value.code == 401
    assert (machine.folder / "kubeconfig").stat().st_mode & 0o077 == 0


def test_the_second_on_one_folder_is_refused(machine, program):
    second = subprocess.run([program, "up", "--data", machine.folder], capture_output=True, text=True, timeout=20)
    assert second.returncode == 1
    assert second.stderr.startswith(f"Error: another machine runs in {machine.folder} (process {machine.process.pid})")
    assert machine.is_ready()


def test_bad_input_is_refused_with_the_reason(program, tmp_path):
    (tmp_path / "bad.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a\n")
    for words, told in ((["--runtime", "docker"], "must be process or podman"), (["--port", "70000"], "between 0 and 65535"),
                        (["--controllers", "x"], "some of rollouts"), ([tmp_path / "nowhere"], "no such file or folder"),
                        ([tmp_path / "bad.yaml"], "bad.yaml: ")):
        done = subprocess.run([program, "up", "--data", tmp_path / "x", *map(str, words)], capture_output=True, text=True, timeout=20)
        assert done.returncode == 1 and done.stderr.startswith("Error: ") and told in done.stderr, done.stderr


def test_detached_until_down(program, tmp_path):
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path)}
    up = subprocess.run([program, "up", "--detach"], capture_output=True, text=True, timeout=30, env=environment)
    assert up.returncode == 0 and "canaria down" in up.stdout, up.stdout + up.stderr
    again = subprocess.run([program, "up", "--detach"], capture_output=True, text=True, timeout=30, env=environment)
    assert again.returncode == 1 and "another machine runs in" in again.stderr
    down = subprocess.run([program, "down"], capture_output=True, text=True, timeout=60, env=environment)
    assert down.returncode == 0, down.stderr
    assert [entry.name for entry in (tmp_path / "canaria/machine").iterdir()] == ["lock"]
    down = subprocess.run([program, "down"], capture_output=True, text=True, timeout=60, env=environment)
    assert down.returncode == 1 and down.stderr.startswith("Error: no machine runs in ")


def test_pods_logs_and_a_clean_stop(new_machine):
    machine = new_machine().start()
    machine.apply(service("web"), rollout(3, routed=False))
    machine.wait_phase("Healthy")
    pods = [pod["metadata"]["name"] for pod in machine.pods()]
    assert len({pod["status"]["podIP"] for pod in machine.pods()}) == 3
    assert machine.kubectl("logs", pods[0]).stdout == "serving 1\n"
    machine.kubectl("delete", "pod", pods[0], "--wait=false")
    wait_until(lambda: len(machine.pods()) == 3 and pods[0] not in [p["metadata"]["name"] for p in machine.pods()])
    machine.wait_phase("Healthy")
    assert machine.stop() == 0
    assert machine.processes() == [] and machine.haproxies() == []
    machine.start()
    wait_until(lambda: len(machine.processes()) == 3, 20, "the pods are started again")
    machine.wait_phase("Healthy")


class Writer(threading.Thread):
    """Creates ConfigMaps all the time; remembers which were acknowledged."""

    def __init__(self, machine):
        super().__init__()
        self.machine, self.acknowledged, self.done = machine, [], threading.Event()

    def run(self):
        count = 0
        while not self.done.is_set():
            count += 1
            body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"c{count}"}, "data": {"n": str(count)}}
            try:
                self.machine.request("POST", "/api/v1/namespaces/default/configmaps", body)
                self.acknowledged.append(f"c{count}")
            except Exception:  # the machine is down right now
                time.sleep(0.01)


def test_nothing_is_lost_or_doubled_by_kills(new_machine, program, tmp_path):
    kills = int(os.environ.get("CANARIA_KILLS", "20"))
    machine = new_machine().start()
    machine.apply(service("web"), rollout(3, routed=False))
    machine.wait_phase("Healthy")
    writer = Writer(type(machine)(program, machine.folder, tmp_path))
    writer.start()
    chance = random.Random(7)
    try:
        for kill in range(kills):
            time.sleep(chance.uniform(0.02, 0.4))
            if kill % 5 == 0:  # also while pods come and go
                machine.set_image(f"web:{kill + 2}")
                machine.patch_status({"promoteFull": True})
            machine.kill()
            machine.start()
    finally:
        writer.done.set()
        writer.join()

    # A promotion that came before the controller knew of the new image was for the version before.
    def is_done():
        phase = machine.rollout()["status"]["phase"]
        if phase == "Paused":
            machine.patch_status({"promoteFull": True})
        return phase == "Healthy"
    wait_until(is_done, 60, "the release done", poll=0.5)
    wait_until(lambda: len(machine.pods()) == 3, 40, "three pods")
    wait_until(lambda: len(machine.processes()) == 3, 20, "one process for each pod")
    stored = {c["metadata"]["name"] for c in machine.request("GET", "/api/v1/namespaces/default/configmaps")["items"]}
    lost = [name for name in writer.acknowledged if name not in stored]
    assert len(writer.acknowledged) > kills and not lost, lost[:5]
