"""Bad input gets an answer that says what is wrong, where, and what to do; and it harms nobody else."""
import base64
import subprocess
import time

import pytest
from manifests import rollout, service
from world import wait_until

INVALID = {
    "weight": (dict(steps=[{"setWeight": 120}]),
               "spec.strategy.steps[0].setWeight: Invalid value: 120: SetWeight needs to be between 0 and 100"),
    "empty-step": (dict(steps=[{"setWeight": 1}, {}]), "spec.strategy.steps[1]: Invalid value"),
    "two-in-one": (dict(steps=[{"setWeight": 1, "pause": {}}]), "spec.strategy.steps[0]: Invalid value"),
    "duration": (dict(steps=[{"pause": {"duration": "soon"}}]),
                 "spec.strategy.steps[0].pause.duration: Invalid value: -1: Duration needs to be greater than 0"),
    "no-surge": (dict(canary={"maxSurge": 0, "maxUnavailable": "0%"}), "MaxSurge and MaxUnavailable both can not be zero"),
    "selector": (dict(selector={"matchLabels": {"app": "another"}}), "`selector` does not match template `labels`"),
    "no-strategy": (dict(strategy={}), "Rollout has missing field '.spec.strategy.canary or .spec.strategy.blueGreen'"),
    "deadline": (dict(progressDeadlineSeconds=5, minReadySeconds=9),
                 "spec.progressDeadlineSeconds: Invalid value: 5: must be greater than minReadySeconds"),
    "scale": (dict(steps=[{"setCanaryScale": {"replicas": 1}}]), "SetCanaryScale requires TrafficRouting to be set"),
    "same-service": (dict(canary={"stableService": "one", "canaryService": "one"}),
                     "This rollout uses the same service for the stable and canary services"),
}
NOT_YET = {
    "analysis-step": (dict(steps=[{"analysis": {"templates": [{"templateName": "t"}]}}]),
                      "spec.strategy.canary.steps[0].analysis: Forbidden: analysis is not available"),
    "istio": (dict(canary={"stableService": "a", "canaryService": "b", "trafficRouting": {"istio": {"virtualService": {"name": "v"}}}}),
              "spec.strategy.canary.trafficRouting.istio: Forbidden: this traffic router is not available"),
    "blue-green": (dict(strategy={"blueGreen": {"activeService": "a"}}),
                   "spec.strategy.blueGreen: Forbidden: the blue-green strategy is not available"),
}


def test_invalid_specs_say_what_and_where(controller, world):
    wrong = {**INVALID, **NOT_YET}
    world.create(service("a", "istio"), service("b", "istio"))
    for name, (fields, _) in wrong.items():
        world.create(rollout(name, **fields))
    for name, (_, text) in wrong.items():
        status = world.wait_phase("Degraded", name=name)
        assert text in status["message"], (name, status["message"])
        assert status["message"].startswith(f'InvalidSpec: The Rollout "{name}" is invalid: ')
        assert world.condition("InvalidSpec", name)["status"] == "True"
        assert world.sets(name) == []
    shown = world.canaria("get", "rollout", "weight", "--no-color").stdout
    assert "Degraded" in shown and "InvalidSpec" in shown
    for name in ("weight", "analysis-step"):
        world.patch({"spec": {"strategy": {"canary": {"steps": [{"setWeight": 20}]}}}}, name)
        world.wait_phase("Healthy", name=name)
        assert not world.condition("InvalidSpec", name)


def test_one_bad_rollout_does_not_slow_the_others(controller, world):
    world.create(*[rollout(f"bad{i}", steps=[{"setWeight": 300}]) for i in range(5)],
                 *[rollout(f"lost{i}", canary={"stableService": "nowhere"}) for i in range(5)],
                 rollout("odd", selector={"matchExpressions": [{"key": "app", "operator": "Maybe", "values": ["x"]}]}))
    for name in [f"{kind}{i}" for kind in ("bad", "lost") for i in range(5)]:
        world.wait_phase("Degraded", name=name)
    world.wait_until_quiet(1)
    mark = world.cluster.audit.mark()
    cpu = controller.cpu_seconds()
    began = time.monotonic()
    world.create(rollout("good", replicas=2, steps=[{"setWeight": 50}]))
    world.wait_phase("Healthy", name="good")
    world.set_image("web:2", "good")
    wait_until(lambda: len(world.sets("good")) == 2, 5)
    world.wait_phase("Healthy", name="good")
    assert time.monotonic() - began < 10
    for_bad = [e for e in world.cluster.audit.requests(mark, namespace=world.name)
               if e["objectRef"].get("name", "").startswith(("bad", "lost"))]
    assert len(for_bad) == 0, "an error that was told is not told again"
    assert controller.cpu_seconds() - cpu < 2


def test_a_rollout_that_cannot_be_read_is_only_its_own_problem(controller, world):
    """Fields that the published schema leaves open may hold anything."""
    odd = rollout("odd", replicas=1, steps=[])
    odd["spec"]["template"]["spec"]["containers"][0]["resources"] = {"limits": {"cpu": "a lot"}, "requests": [1]}
    volumes = rollout("volumes", replicas=1, steps=[])
    volumes["spec"]["template"]["spec"]["volumes"] = [{"name": 7, "emptyDir": "none"}]
    world.create(odd, volumes, rollout("good", replicas=1, steps=[]))
    world.wait_phase("Healthy", name="good")
    for name in ("odd", "volumes"):
        wait_until(lambda name=name: world.status(name).get("phase") == "Degraded" or
                   "ReplicaSetCreateError" in world.reasons(name), 5, f"complaint about {name}")
    assert controller.is_running()


CONFIG = """apiVersion: v1
kind: Config
current-context: c
contexts: [{{name: c, context: {{cluster: c, user: u}}}}]
clusters: [{{name: c, cluster: {{server: "{server}", {trust}}}}}]
users: [{{name: u, user: {{token: "{token}"}}}}]
"""


def broken_kubeconfig(cluster, folder, kind):
    """A kubeconfig with one thing wrong, and words that the complaint must contain."""
    path = folder / "config"
    server, token = f"https://127.0.0.1:{cluster.api.port}", "wrong"
    authority = base64.b64encode((cluster.folder / "tls/ca.crt").read_bytes()).decode()
    trust = f"certificate-authority-data: {authority}"
    if kind == "missing":
        return path, [str(path)]
    if kind == "not-yaml":
        path.write_text("clusters: [{name: ]")
        return path, [str(path)]
    if kind == "no-context":
        path.write_text(CONFIG.format(server=server, trust=trust, token=token).replace("current-context: c", "current-context: d"))
        return path, [str(path), "context", "d"]
    if kind == "no-server":
        path.write_text(CONFIG.format(server="", trust=trust, token=token))
        return path, [str(path), "server"]
    if kind == "refused-certificate":
        other = folder / "other.crt"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-keyout", folder / "other.key", "-out", other, "-subj", "/CN=other", "-days", "1"],
                       check=True, capture_output=True)
        path.write_text(CONFIG.format(server=server, trust=f'certificate-authority: "{other}"', token=token))
        return path, [f"127.0.0.1:{cluster.api.port}", "certificate"]
    if kind == "unreachable":
        path.write_text(CONFIG.format(server="https://127.0.0.1:9", trust=trust, token=token))
        return path, ["127.0.0.1:9"]
    if kind == "wrong-token":
        path.write_text(CONFIG.format(server=server, trust=trust, token=token))
        return path, ["nauthorized"]
    raise ValueError(kind)


KINDS = ["missing", "not-yaml", "no-context", "no-server", "refused-certificate", "unreachable", "wrong-token"]


@pytest.mark.parametrize("kind", KINDS)
def test_command_line_without_a_usable_connection(cluster, program, tmp_path, kind):
    path, words = broken_kubeconfig(cluster, tmp_path, kind)
    done = subprocess.run([program, "get", "rollout", "web", "--kubeconfig", path], capture_output=True, text=True,
                          timeout=40, env=cluster.environment())
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith("Error: ") and done.stderr.count("\n") == 1, done.stderr
    assert all(word in done.stderr for word in words), done.stderr


@pytest.mark.parametrize("kind", ["missing", "not-yaml", "no-context", "no-server"])
def test_controller_without_a_usable_connection(cluster, program, tmp_path, kind):
    path, words = broken_kubeconfig(cluster, tmp_path, kind)
    done = subprocess.run([program, "controller", "--kubeconfig", path, "--metricsPort=0", "--healthzPort=0"],
                          capture_output=True, text=True, timeout=40)
    said = done.stdout + done.stderr
    assert done.returncode == 1
    assert all(word in said for word in words), said


def test_controller_flags_that_do_not_exist(program):
    done = subprocess.run([program, "controller", "--no-such-flag"], capture_output=True, text=True, timeout=20)
    assert done.returncode == 1
    assert "unknown flag: --no-such-flag" in done.stdout + done.stderr


def test_guest_is_told_what_is_forbidden(controller, cluster, world):
    world.create(rollout(replicas=1, steps=[]))
    world.wait_phase("Healthy")
    for words in (("get", "rollout", "web"), ("list", "rollouts"), ("abort", "web"), ("promote", "web"),
                  ("set", "image", "web", "main=web:2"), ("status", "web")):
        done = world.canaria(*words, kubeconfig=cluster.guest_kubeconfig, check=False)
        assert done.returncode == 1, words
        assert done.stderr.startswith("Error: ") and "forbidden" in done.stderr and 'User "guest"' in done.stderr, done.stderr


def test_controller_without_rights_says_so(cluster, program, new_controller):
    guest = new_controller("guest", "--leader-elect=false")
    guest.kubeconfig = cluster.guest_kubeconfig
    guest.start()
    try:
        wait_until(lambda: "forbidden" in guest.log().lower() and "guest" in guest.log(), 15, "complaint about rights")
        began = len(guest.log(10**6).splitlines())
        time.sleep(2)
        assert len(guest.log(10**6).splitlines()) - began < 30, "complains too often"
    finally:
        guest.kill()


def test_texts_for_what_is_not_there(controller, world):
    expected = {
        ("get", "rollout", "nobody"): 'Error: rollout.argoproj.io "nobody" not found\n',
        ("status", "nobody"): 'Error: rollout.argoproj.io "nobody" not found\n',
        ("abort", "nobody"): 'Error: rollouts.argoproj.io "nobody" not found\n',
        ("promote", "nobody"): 'Error: rollouts.argoproj.io "nobody" not found\n',
        ("retry", "rollout", "nobody"): 'Error: rollouts.argoproj.io "nobody" not found\n',
        ("undo", "nobody"): 'Error: rollouts.argoproj.io "nobody" not found\n',
    }
    for words, text in expected.items():
        done = world.canaria(*words, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (1, "", text), words
    empty = world.canaria("list", "rollouts")
    assert (empty.stdout, empty.stderr) == ("", "No resources found.\n")
    world.create(rollout(replicas=1, steps=[]))
    world.wait_phase("Healthy")
    wrong = world.canaria("set", "image", "web", "sidecar=web:2", check=False)
    assert wrong.stderr == 'Error: unable to find container named "sidecar"\n'


def test_malformed_files_on_the_command_line(world, tmp_path):
    bad = tmp_path / "bad.yaml"
    bad.write_text("kind: Rollout\nspec:\n  replicas: [1\n")
    for command in (("lint", "-f", str(bad)), ("plan", str(bad))):
        done = world.canaria(*command, check=False)
        assert done.returncode == 1
        assert done.stderr.startswith("Error: ") and "bad.yaml" in done.stderr, done.stderr
    gone = world.canaria("plan", str(tmp_path / "gone.yaml"), check=False)
    assert gone.returncode == 1 and "gone.yaml" in gone.stderr


def test_usage_errors(program):
    def run(*words):
        done = subprocess.run([program, *words], capture_output=True, text=True, timeout=20)
        return done.returncode, done.stdout, done.stderr

    code, out, err = run("fly")
    assert code == 1 and out == "" and err.startswith('Error: unknown command "fly" for "canaria"')
    code, out, err = run("status", "x", "--no-such-flag")
    assert (code, out, err) == (1, "", "Error: unknown flag: --no-such-flag\n")
    code, out, err = run("abort")
    assert code == 1 and "Usage:" in err
    code, out, err = run("--help")
    assert code == 0 and "Available Commands" in out
