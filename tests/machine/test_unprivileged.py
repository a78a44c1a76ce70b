"""All of it as a normal user, as on a laptop. When the tests are run by root, the machine runs as nobody: with its own home,
a PATH that root's folders are not in, and no groups."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import pytest

from machine import Machine, rollout, service, shop, wait_until
from visitors import Visitors

NOBODY = 65534
PATH = "/usr/local/bin:/usr/bin:/bin"


class User:
    """Who runs the machine, with a folder that user can reach."""

    def __init__(self, program):
        self.is_dropped = os.geteuid() == 0
        self.uid = NOBODY if self.is_dropped else os.geteuid()
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="canaria-user-"))
        self.program = program
        self.environment = {"PATH": PATH, "HOME": str(self.home), "TMPDIR": str(self.home), "XDG_STATE_HOME": str(self.home / "state")}
        self.prefix = []
        if self.is_dropped:
            # The build may lie in a folder that only root can enter.
            self.program = shutil.copy(program, self.home / "canaria")
            self.prefix = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--no-new-privs"]
            for path in (self.home, self.home / "canaria"):
                os.chown(path, NOBODY, NOBODY)

    def machine(self, name="data", flags=()):
        return Machine(self.program, self.home / name, self.home, flags, self.prefix, self.environment)

    def run(self, *words, limit=120):
        return subprocess.run([*self.prefix, self.program, *map(str, words)], cwd=self.home, env=self.environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=limit)


@pytest.fixture
def user(program):
    made = User(program)
    yield made
    shutil.rmtree(made.home, ignore_errors=True)


@pytest.fixture
def machine(user):
    made = user.machine()
    made.start()
    yield made
    made.end()


def user_of(process):
    return int(re.search(r"Uid:\s+(\d+)", pathlib.Path(f"/proc/{process}/status").read_text()).group(1))


def objects_of_the_shop():
    objects = shop(4)
    objects[-1]["spec"]["template"]["spec"]["containers"][0]["command"][0] = "python3"  # one that this user can run
    return objects


def test_a_release_with_traffic(machine, user):
    machine.apply(*objects_of_the_shop())
    machine.wait_phase("Healthy")
    address = wait_until(machine.gateway_address, 10, "address of the Gateway")
    everybody = [machine.process.pid, *machine.processes(), *machine.haproxies()]
    assert len(everybody) >= 6 and {user_of(process) for process in everybody} == {user.uid}
    with Visitors(address) as visitors:
        machine.set_image("web:2")
        machine.wait_phase("Paused")
        wait_until(lambda: 10 < visitors.shares(300).get("2", 0) < 40, 20, "the weight in effect")
        machine.patch_status({"promoteFull": True})
        machine.wait_phase("Healthy")
        wait_until(lambda: visitors.shares(300) == {"2": 100}, 20, "everyone on the new version")
        assert visitors.failures == []
    pod = machine.pods()[0]["metadata"]["name"]
    assert machine.kubectl("logs", pod).stdout.startswith("serving 2\n")


def test_a_kill_and_what_comes_after(machine):
    only = rollout(2, routed=False)
    only["spec"]["template"]["spec"]["containers"][0]["command"][0] = "python3"
    machine.apply(service("web"), only)
    machine.wait_phase("Healthy")
    before = sorted(machine.processes())
    machine.kill()
    machine.start()
    machine.wait_phase("Healthy")
    assert sorted(machine.processes()) == before, "taken over, not started again"
    assert machine.stop() == 0
    assert machine.processes() == [] and machine.haproxies() == []


def test_ports_that_need_root_are_moved_and_it_is_said(machine):
    if int(pathlib.Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text()) <= 80:
        pytest.skip("everybody may listen on port 80 of this machine")
    objects = objects_of_the_shop()
    objects[0]["spec"]["ports"][0]["port"] = 80
    objects[2]["spec"]["listeners"][0]["port"] = 80
    objects[3]["spec"]["rules"][0]["backendRefs"][0]["port"] = 80
    machine.apply(*objects)
    machine.wait_phase("Healthy")
    address = wait_until(machine.gateway_address, 10, "address of the Gateway")
    with Visitors(address, port=8080, threads=1) as visitors:
        wait_until(lambda: visitors.shares(20), 10, "answers on port 8080")
    told = wait_until(lambda: re.search(r"listens on port 8080 instead of 80, for which root is needed",
                                        machine.kubectl("get", "events").stdout), 10, "an Event of the Service")
    assert told
    status = machine.kubectl("get", "gateway", "web", "-o", "jsonpath={.status}").stdout
    assert "listens on port 8080 instead of 80" in status, status


def test_another_user_is_refused_with_the_reason(machine, user):
    objects = [rollout(1, routed=False)]
    objects[0]["spec"]["template"]["spec"]["containers"][0]["securityContext"] = {"runAsUser": 1234}
    machine.apply(*objects)
    wait_until(lambda: "CreateContainerError" in machine.kubectl("get", "pods").stdout, 20, "CreateContainerError")
    message = machine.pods()[0]["status"]["containerStatuses"][0]["state"]["waiting"]["message"]
    assert message == (f"cannot run as user 1234: canaria itself runs as user {user.uid}; run it as root, or remove runAsUser "
                       "from the securityContext")


def test_a_folder_of_somebody_else(user):
    if not user.is_dropped:
        pytest.skip("only root can make a folder of somebody else")
    (user.home / "locked").mkdir(mode=0o700)
    for words, told in ((["up", "--data", user.home / "locked"], f"Error: open {user.home}/locked/lock: Permission denied"),
                        (["up", "--data", user.home / "locked/data"], f"Error: create {user.home}/locked/data: Permission denied")):
        done = user.run(*words, limit=20)
        assert done.returncode == 1 and told in done.stderr, done.stderr


def test_the_demo(user):
    done = user.run("demo", "--seconds", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 requests failed in the whole release" in done.stdout, done.stdout
    left = [entry.name for entry in user.home.iterdir() if entry.name not in ("canaria",)]
    assert left == [], left
