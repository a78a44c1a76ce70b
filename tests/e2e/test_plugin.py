"""The same program as kubectl plugin, and commands that only look: plan, explain, version, completion."""
import subprocess

from manifests import rollout

HALF = [{"setWeight": 50}, {"pause": {}}]


def test_kubectl_argo_rollouts(controller, cluster, world, program, tmp_path):
    (tmp_path / "kubectl-argo-rollouts").symlink_to(program)
    environment = cluster.environment()
    environment["PATH"] = f"{tmp_path}:{environment['PATH']}"

    def plugin(*words):
        done = subprocess.run([cluster.kubectl_path, "argo", "rollouts", *words, "-n", world.name], capture_output=True,
                              text=True, timeout=60, env=environment)
        assert done.returncode == 0, done.stderr
        return done.stdout

    world.create(rollout(replicas=2, steps=HALF))
    world.wait_phase("Healthy")
    assert plugin("set", "image", "web", "main=web:2") == 'rollout "web" image updated\n'
    world.wait_phase("Paused")
    assert "॥ Paused" in plugin("get", "rollout", "web", "--no-color")
    assert plugin("promote", "web") == "rollout 'web' promoted\n"
    assert plugin("status", "web").splitlines()[-1] == "Healthy"
    assert plugin("version", "--short").startswith("kubectl-argo-rollouts: v")
    completed = subprocess.run([tmp_path / "kubectl-argo-rollouts", "__complete", "get", "rollout", "-n", world.name, ""],
                               capture_output=True, text=True, timeout=20, env=environment)
    candidates = completed.stdout.splitlines()
    assert candidates[0].split("\t")[0] == "web" and candidates[-1] == ":4"


def test_watching_ends_with_the_release(controller, world, cluster, program):
    world.create(rollout(replicas=2, steps=HALF))
    world.wait_phase("Healthy")
    world.set_image("web:2")
    world.wait_phase("Paused")
    late = world.canaria("status", "web", "--timeout", "1s", check=False)
    assert late.returncode == 1 and late.stderr == "Error: Rollout status watch exceeded timeout\n"
    watching = subprocess.Popen([program, "status", "web", "-n", world.name], stdout=subprocess.PIPE, text=True,
                                env=cluster.environment())
    assert watching.stdout.readline() == "Paused - CanaryPauseStep\n"
    world.canaria("promote", "web")
    rest, _ = watching.communicate(timeout=30)
    assert rest.splitlines()[-1] == "Healthy" and watching.returncode == 0
    followed = world.canaria("get", "rollout", "web", "--watch", "--timeout-seconds", "1", "--no-color")
    assert followed.stdout.count("Name:            web") >= 1


def test_explain_and_plan_only_look(controller, world, tmp_path):
    world.create(rollout(replicas=4, steps=HALF))
    world.wait_phase("Healthy")
    changed = tmp_path / "changed.yaml"
    changed.write_text(world.kubectl("get", "rollout", "web", "-o", "yaml").replace("image: web:1", "image: web:2"))
    mark = world.cluster.audit.mark()
    planned = world.canaria("plan", str(changed)).stdout
    assert "50" in planned and "web-" in planned, planned
    assert not world.cluster.audit.writes(mark, user="admin", namespace=world.name)
    assert not world.cluster.audit.writes(mark, namespace=world.name)
    world.kubectl("apply", "-f", changed)
    world.wait_phase("Paused")
    told = world.canaria("explain", "rollout", "web").stdout
    assert "promote web" in told and "Since:" in told, told
