"""What kubectl sends as protobuf is stored as what it sends as JSON: each object is made both ways and compared."""
import json
import re

import pytest

PROTOBUF = "application/vnd.kubernetes.protobuf"

# Words after `kubectl`, and what is to be read afterwards.
CREATIONS = [
    (["create", "namespace", "shop"], "namespace/shop"),
    (["create", "configmap", "settings", "--from-literal=a=b", "--from-literal=empty=", "--from-file=binary=PROGRAM"],
     "configmap/settings"),
    (["create", "secret", "generic", "password", "--from-literal=user=me", "--type=example.com/own"], "secret/password"),
    (["create", "secret", "docker-registry", "registry", "--docker-username=a", "--docker-password=b"], "secret/registry"),
    (["create", "serviceaccount", "robot"], "serviceaccount/robot"),
    (["create", "service", "clusterip", "web", "--tcp=80:8080", "--tcp=5000"], "service/web"),
    (["create", "service", "clusterip", "headless", "--clusterip=None"], "service/headless"),
    (["create", "service", "nodeport", "node", "--tcp=80:http", "--node-port=30080"], "service/node"),
    (["create", "service", "loadbalancer", "outside", "--tcp=80"], "service/outside"),
    (["create", "service", "externalname", "alias", "--external-name=example.com"], "service/alias"),
    (["create", "deployment", "web", "--image=web:1", "--replicas=3", "--port=80"], "deployment/web"),
    (["create", "deployment", "two", "--image=web:1", "--image=proxy:2"], "deployment/two"),
    (["create", "job", "once", "--image=web:1", "--", "echo", "hi"], "job/once"),
    (["create", "ingress", "web", "--rule=a.example.com/x*=web:80,tls=cert", "--rule=b.example.com/=web:http",
      "--default-backend=web:80", "--class=canaria", "--annotation=a=b"], "ingress/web"),
    (["create", "poddisruptionbudget", "few", "--selector=app=web", "--min-available=50%"], "poddisruptionbudget/few"),
    (["create", "poddisruptionbudget", "one", "--selector=app=web", "--max-unavailable=0"], "poddisruptionbudget/one"),
    (["autoscale", "deployment/scaled", "--min=1", "--max=5", "--cpu=50%"], "horizontalpodautoscaler/scaled"),
]
# kubectl sends these as JSON whatever the server takes; they belong to the same commands.
JSON_CREATIONS = [
    (["run", "single", "--image=web:1", "--env=A=b", "--port=80", "--command", "--", "sleep", "5"], "pod/single"),
    (["expose", "deployment/scaled", "--port=80", "--name=exposed"], "service/exposed"),
]


@pytest.fixture(scope="module")
def quiet_machine(program, tmp_path_factory):
    """A machine whose controllers touch nothing that these tests create."""
    from machine import Machine
    folder = tmp_path_factory.mktemp("protobuf")
    made = Machine(program, folder / "data", folder, flags=["--controllers=rollouts"]).start()
    made.kubectl("create", "deployment", "scaled", "--image=web:1")
    yield made
    made.end()


def stored(machine, name):
    """The object without what differs between any two, and removed, so that another takes its place."""
    value = json.loads(machine.kubectl("get", name, "-o", "json", "--show-managed-fields").stdout)
    for key in ("uid", "resourceVersion", "creationTimestamp"):
        del value["metadata"][key]
    for manager in value["metadata"].get("managedFields", []):
        del manager["time"]
    if value["kind"] == "Job":  # its pods are selected by its own uid
        text = json.dumps(value)
        value = json.loads(re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UID", text))
    machine.kubectl("delete", name, "--wait=true", "--timeout=20s")
    return value


def words_for(words, *options):
    words = [word.replace("PROGRAM", "/bin/true") for word in words]
    at = words.index("--") if "--" in words else len(words)
    if "--command" in words:
        at = words.index("--command")
    return words[:at] + list(options) + words[at:]


@pytest.mark.parametrize("words,name", CREATIONS + JSON_CREATIONS, ids=[name for _, name in CREATIONS + JSON_CREATIONS])
def test_both_notations_make_the_same_object(quiet_machine, words, name):
    done = quiet_machine.kubectl(*words_for(words, "-v=8"))
    is_protobuf = f"Content-Type: {PROTOBUF}" in done.stderr
    assert is_protobuf == ((words, name) in CREATIONS), "kubectl chose the other notation"
    by_protobuf = stored(quiet_machine, name)
    manifest = quiet_machine.kubectl(*words_for(words, "--dry-run=client", "-o", "yaml")).stdout
    managers = by_protobuf["metadata"].get("managedFields")  # an empty ServiceAccount has none
    manager = managers[0]["manager"] if managers else "kubectl-create"
    quiet_machine.kubectl("create", f"--field-manager={manager}", "-f", "-", text=manifest)
    assert by_protobuf == stored(quiet_machine, name)


def test_a_dry_run_on_the_server_stores_nothing(quiet_machine):
    words = ["create", "configmap", "dry", "--from-literal=a=b", "--dry-run=server", "-o", "json"]
    assert json.loads(quiet_machine.kubectl(*words).stdout)["data"] == {"a": "b"}
    assert quiet_machine.kubectl("get", "configmap", "dry", check=False).returncode != 0


def test_refusals_are_those_of_json(quiet_machine):
    quiet_machine.kubectl("create", "configmap", "taken")
    twice = quiet_machine.kubectl("create", "configmap", "taken", check=False)
    assert 'configmaps "taken" already exists' in twice.stderr, twice.stderr
    bad_name = quiet_machine.kubectl("create", "deployment", "UPPER", "--image=x", check=False)
    assert 'Deployment.apps "UPPER" is invalid' in bad_name.stderr and "RFC 1123" in bad_name.stderr, bad_name.stderr
    nowhere = quiet_machine.kubectl("create", "secret", "generic", "x", "-n", "nowhere", check=False)
    assert 'namespaces "nowhere" not found' in nowhere.stderr, nowhere.stderr
