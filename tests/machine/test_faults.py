"""What goes wrong on a machine, and what people see of it: containers, ports, HAProxy, the disk, the database, manifests."""
import contextlib
import http.client
import os
import pathlib
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time

import pytest

from machine import ApiError, service, shop, wait_until
from visitors import Visitors


def pod(name, script, spec=None, **container):
    main = {"name": "main", "image": f"{name}:1", "command": ["/bin/sh", "-c", script], **container}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": {"app": name}},
            "spec": {"containers": [main], **(spec or {})}}


def status_of(machine, name):
    return machine.request("GET", f"/api/v1/namespaces/default/pods/{name}").get("status", {})


def container_of(machine, name):
    return status_of(machine, name)["containerStatuses"][0]


def events(machine, reason):
    items = machine.request("GET", "/api/v1/namespaces/default/events")["items"]
    return [item["message"] for item in items if item["reason"] == reason]


def running(text):
    """Process ids of what has the text in its command line."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and text.encode() in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
    return found


# ---- containers

def test_a_crashing_container_is_restarted_later_and_later(machine):
    machine.apply(pod("crash", "echo about to fail; exit 3"))
    wait_until(lambda: container_of(machine, "crash")["restartCount"] == 1, 10, "the first restart, at once")
    waiting = wait_until(lambda: container_of(machine, "crash")["state"].get("waiting"), 10, "the back-off")
    uid = machine.request("GET", "/api/v1/namespaces/default/pods/crash")["metadata"]["uid"]
    assert waiting == {"reason": "CrashLoopBackOff",
                       "message": f"back-off 10s restarting failed container=main pod=crash_default({uid})"}
    since = time.monotonic()
    row = machine.kubectl("get", "pods", "--no-headers").stdout.split()
    assert row[:4] == ["crash", "0/1", "CrashLoopBackOff", "1"], row
    last = container_of(machine, "crash")["lastState"]["terminated"]
    assert (last["exitCode"], last["reason"]) == (3, "Error")
    assert machine.kubectl("logs", "crash", "--previous").stdout == "about to fail\n"
    assert f"Back-off restarting failed container main in pod crash_default({uid})" in wait_until(
        lambda: events(machine, "BackOff"), 5, "the Event")
    wait_until(lambda: container_of(machine, "crash")["restartCount"] == 2, 20, "the second restart")
    assert time.monotonic() - since > 7, "only after the back-off"
    wait_until(lambda: "back-off 20s" in container_of(machine, "crash")["state"]["waiting"]["message"], 10, "a longer back-off")


def test_a_process_that_ignores_sigterm_is_killed_after_its_grace_period(machine):
    mark = f"mark-{os.getpid()}-{time.time_ns()}"
    machine.apply(pod("deaf", f"trap '' TERM; echo up; while :; do sleep 0.1; : {mark}; done",
                      {"terminationGracePeriodSeconds": 2}))
    wait_until(lambda: machine.kubectl("logs", "deaf", check=False).stdout == "up\n", 10, "it runs")
    assert running(mark)
    began = time.monotonic()
    machine.kubectl("delete", "pod", "deaf")
    took = time.monotonic() - began
    assert 1.5 < took < 15, took
    assert running(mark) == []
    assert "Stopping container main" in events(machine, "Killing")


def test_probes_that_hang(machine):
    mark = f"7{time.time_ns() % 10**8}"  # seconds to sleep, and what to find it by
    hanging = {"exec": {"command": ["sleep", mark]}, "periodSeconds": 1, "timeoutSeconds": 1}
    silent = ("import socket, time; s = socket.create_server(('0.0.0.0', 8080)); time.sleep(1000)")
    machine.apply(pod("patient", "exec sleep 1000", readinessProbe=hanging),
                  pod("lively", "exec sleep 1000", {"terminationGracePeriodSeconds": 1},
                      livenessProbe={**hanging, "failureThreshold": 2}),
                  pod("silent", f'exec {sys.executable} -c "{silent}"',
                      readinessProbe={"httpGet": {"port": 8080}, "periodSeconds": 1, "timeoutSeconds": 1}))
    wait_until(lambda: container_of(machine, "lively")["restartCount"] > 0, 20, "the restart")
    assert "Container main failed liveness probe, will be restarted" in events(machine, "Killing")
    told = wait_until(lambda: len(set(events(machine, "Unhealthy"))) >= 3 and events(machine, "Unhealthy"), 20, "the Events")
    assert f'Readiness probe failed: command "sleep {mark}" timed out' in told, told
    assert f'Liveness probe failed: command "sleep {mark}" timed out' in told, told
    assert any(re.match(r'Readiness probe failed: Get "http://127\.[0-9.]+:8080/?": context deadline exceeded', text)
               for text in told), told
    assert not container_of(machine, "patient")["ready"] and not container_of(machine, "silent")["ready"]
    assert len(running(f"sleep\0{mark}")) <= 2, "commands that took too long are killed"


def test_nobody_is_sent_to_a_pod_that_is_not_ready(machine):
    server = {"command": [sys.executable, "server.py"]}
    never = {"exec": {"command": ["false"]}, "periodSeconds": 1}
    good, bad = pod("good", "", **server), pod("bad", "", readinessProbe=never, **server)
    good["spec"]["containers"][0]["image"], bad["spec"]["containers"][0]["image"] = "web:good", "web:bad"
    for one in (good, bad):
        one["metadata"]["labels"] = {"app": "web"}
    machine.apply(good, bad, service("web"))
    wait_until(lambda: container_of(machine, "good")["ready"] and container_of(machine, "bad")["started"], 10, "both run")
    wait_until(lambda: http_text(status_of(machine, "bad")["podIP"], 8080) == "bad", 10, "the other would answer too")
    address = machine.address()
    with Visitors(address) as visitors:
        wait_until(lambda: visitors.shares(50), 10, "answers")
        assert visitors.shares(500) == {"good": 100}
    slices = machine.request("GET", "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices")["items"]
    ready = {end["targetRef"]["name"]: end["conditions"]["ready"] for one in slices for end in one["endpoints"]}
    assert ready == {"good": True, "bad": False}
    machine.kubectl("delete", "pod", "good")
    assert http_text(address, 8080) is None, "rather nobody than the wrong one"


def http_text(address, port):
    """What is answered with status 200, else None."""
    connection = http.client.HTTPConnection(address, port, timeout=5)
    try:
        connection.request("GET", "/")
        response = connection.getresponse()
        text = response.read().decode()
        return text if response.status == 200 else None
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


# ---- ports

@contextlib.contextmanager
def taken(address, port=0):
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind((address, port))
        holder.listen()
        yield holder.getsockname()[1]


def test_the_port_of_the_api_is_taken(program, tmp_path):
    with taken("127.0.0.1") as port:
        done = subprocess.run([program, "up", "--data", tmp_path / "data", "--port", str(port)], capture_output=True, text=True,
                              timeout=20)
    assert done.returncode == 1
    assert re.fullmatch(rf"Error: open the API: .*127\.0\.0\.1 port {port}: Address already in use; choose another port with --port\n", done.stderr), done.stderr


def test_the_port_of_a_service_is_taken_and_becomes_free(machine):
    machine.apply(service("web"), pod("web", "", command=[sys.executable, "server.py"]))
    address = machine.address()
    with taken(address, 9090):
        patch = [{"op": "replace", "path": "/spec/ports/0/port", "value": 9090}]
        machine.request("PATCH", "/api/v1/namespaces/default/services/web", patch, "application/json-patch+json")
        told = wait_until(lambda: events(machine, "PortUnavailable"), 10, "the Event")
        assert told == [f"address {address}:9090 is in use by another program; stop it or change the port"]
    wait_until(lambda: http_text(address, 9090) == "1", 10, "it serves once the port is free")


def test_the_port_of_a_gateway_is_taken_and_becomes_free(machine):
    machine.apply(*shop(1))
    machine.wait_phase("Healthy")
    address = wait_until(machine.gateway_address, 10, "address of the Gateway")
    wait_until(lambda: http_text(address, 8080) == "1", 10, "it serves")

    def programmed():
        listener = machine.request("GET", "/apis/gateway.networking.k8s.io/v1/namespaces/default/gateways/web")
        conditions = listener["status"]["listeners"][0]["conditions"]
        return {c["type"]: (c["status"], c["message"]) for c in conditions}["Programmed"]
    assert wait_until(programmed, 10)[0] == "True"
    with taken(address, 9090):
        patch = [{"op": "replace", "path": "/spec/listeners/0/port", "value": 9090}]
        machine.request("PATCH", "/apis/gateway.networking.k8s.io/v1/namespaces/default/gateways/web", patch,
                        "application/json-patch+json")
        wait_until(lambda: programmed()[0] == "False", 10, "the status says so")
        assert programmed()[1] == f"address {address}:9090 is in use by another program; stop it or change the port"
    wait_until(lambda: http_text(address, 9090) == "1", 10, "it serves once the port is free")
    assert wait_until(lambda: programmed()[0] == "True", 10)


def test_everything_listens_on_loopback_only(machine):
    machine.apply(*shop(2))
    machine.wait_phase("Healthy")
    wait_until(machine.gateway_address, 10, "address of the Gateway")
    everybody = [machine.process.pid, *machine.processes(), *machine.haproxies()]
    assert len(everybody) >= 5
    found = {address for process in everybody for address in listens_on(process)}
    assert len(found) >= 5, found  # API, two pods, two Services, a Gateway
    assert all(address.startswith("127.") for address, _ in found), found


def listens_on(process):
    """The (address, port) pairs that a process listens on, over IPv4 and IPv6."""
    sockets, tables = set(), {}
    with contextlib.suppress(FileNotFoundError):  # a worker of HAProxy that has just ended
        for entry in pathlib.Path(f"/proc/{process}/fd").iterdir():
            with contextlib.suppress(OSError):
                sockets.add(os.readlink(entry))
        tables = {table: pathlib.Path(f"/proc/{process}/net/{table}").read_text() for table in ("tcp", "tcp6")}
    for table, text in tables.items():
        for line in text.splitlines()[1:]:
            words = line.split()
            if words[3] != "0A" or f"socket:[{words[9]}]" not in sockets:
                continue
            address, port = words[1].split(":")
            if table == "tcp":
                yield ".".join(str(byte) for byte in reversed(bytes.fromhex(address))), int(port, 16)
            else:
                yield address, int(port, 16)


# ---- HAProxy

def hidden(path):
    """A prefix for commands that do not find that program."""
    maker = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]
    probe = subprocess.run([*maker, "mount", "--bind", "/dev/null", path], capture_output=True, text=True)
    if probe.returncode != 0:
        pytest.skip(f"this system lets us not hide {path}: {probe.stderr.strip()}")
    return [*maker, "/bin/sh", "-c", f'mount --bind /dev/null {path} && exec "$@"', "sh"]


def haproxy():
    found = [f"{folder}/haproxy" for folder in os.environ["PATH"].split(":") + ["/usr/local/sbin", "/usr/sbin", "/sbin"]
             if os.access(f"{folder}/haproxy", os.X_OK)]
    return os.path.realpath(found[0])


def test_without_haproxy_the_rest_works_until_it_is_installed(new_machine):
    path = haproxy()
    machine = new_machine(prefix=hidden(path)).start()
    machine.apply(*shop(1))
    machine.wait_phase("Healthy")
    assert machine.kubectl("logs", machine.pods()[0]["metadata"]["name"]).stdout == "serving 1\n"
    wait_until(lambda: "Warning: HAProxy is not installed: no haproxy in PATH; install the Debian package haproxy" in machine.log(),
               10, "what to install")
    subprocess.run(["nsenter", "-t", str(machine.process.pid), "-m", *([] if os.geteuid() == 0 else ["-U"]), "umount", path],
                   check=True)  # as if it was installed now
    address = wait_until(machine.gateway_address, 20, "address of the Gateway")
    wait_until(lambda: http_text(address, 8080) == "1", 10, "traffic")


def test_the_demo_needs_haproxy_and_says_so(program):
    done = subprocess.run([*hidden(haproxy()), program, "demo"], capture_output=True, text=True, timeout=30)
    assert done.returncode == 1
    assert "Error: HAProxy is not installed: no haproxy in PATH; install the Debian package haproxy" in done.stderr, done.stderr


def test_haproxy_killed_is_back_soon(machine):
    machine.apply(*shop(2))
    machine.wait_phase("Healthy")
    address = wait_until(machine.gateway_address, 10, "address of the Gateway")
    wait_until(lambda: http_text(address, 8080) == "1", 10, "traffic")
    for attempt in range(3):
        victims = machine.haproxies()
        assert victims
        began = time.monotonic()
        for process in victims:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        wait_until(lambda: http_text(address, 8080) == "1", 20, "traffic again", poll=0.005)
        print(f"traffic {time.monotonic() - began:.3f} s after all HAProxy processes were killed")
        assert not set(victims) & set(machine.haproxies())


# ---- the disk and the database

@pytest.fixture
def small_disk(new_machine, tmp_path):
    """A machine whose data lie on a disk of 24 MiB of their own; and the path where we see that disk."""
    maker = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m", "none", str(disk)]
    probe = subprocess.run([*maker, *mount], capture_output=True, text=True)
    if probe.returncode != 0:
        pytest.skip(f"this system lets us not mount a disk: {probe.stderr.strip()}")
    machine = new_machine(prefix=[*maker, "/bin/sh", "-c", f'{" ".join(mount)} && exec "$@"', "sh"])
    inside = disk / "data"
    machine.folder = inside
    machine.spawn()
    seen = pathlib.Path(f"/proc/{machine.process.pid}/root{disk}")
    machine.folder = seen / "data"
    wait_until(machine.is_ready, 30, "the machine ready")
    return machine, seen


def fill(path):
    """Takes every byte that is left on the disk."""
    with open(path, "ab", buffering=0) as file:
        for size in (1 << 16, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(bytes(size))


def test_a_full_disk(small_disk):
    machine, disk = small_disk
    def config(name, size=20_000):
        return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"text": "x" * size}}

    def create(name):
        machine.request("POST", "/api/v1/namespaces/default/configmaps", config(name))

    chatty = ("i=0; while :; do i=$((i+1)); echo line $i of a container that talks much; "
              f"[ $((i % 100)) = 0 ] && sleep 0.05; echo $i > {machine.work_folder}/count; done")
    machine.apply(pod("chatty", chatty), pod("web", "", command=[sys.executable, "server.py"]))
    wait_until(lambda: http_text(status_of(machine, "web")["podIP"], 8080) == "1", 10, "the pod serves")
    address = status_of(machine, "web")["podIP"]
    stored = []
    for number in range(3):
        create(f"before-{number}")
        stored.append(f"before-{number}")
    fill(disk / "filler")
    refusal = None
    for number in range(200):  # what has been reserved in the database's log may still take some
        try:
            create(f"full-{number}")
            stored.append(f"full-{number}")
        except ApiError as error:
            refusal = error
            break
    print("refused with:", refusal)
    assert refusal is not None and refusal.code in (500, 503, 507), refusal
    assert "disk" in str(refusal) and "full" in str(refusal), refusal
    # Reading and the pods go on.
    assert len(machine.request("GET", "/api/v1/namespaces/default/configmaps")["items"]) >= len(stored)
    assert http_text(address, 8080) == "1"
    before = int((machine.work_folder / "count").read_text() or 0)
    wait_until(lambda: int((machine.work_folder / "count").read_text() or 0) > before + 500, 20, "the chatty pod is not blocked")
    (disk / "filler").unlink()
    wait_until(lambda: create("after") is None, 20, "writes again")
    stored.append("after")
    assert {item["metadata"]["name"] for item in machine.request("GET", "/api/v1/namespaces/default/configmaps")["items"]} >= set(stored)
    wait_until(lambda: "lost" in machine.kubectl("logs", "chatty", "--tail=2000").stdout, 20, "a note about lost lines")
    # As a power cut would leave it. SQLite does not follow the path through /proc.
    machine.process.send_signal(signal.SIGSTOP)
    try:
        shutil.copytree(disk / "data/store", machine.work_folder / "copy")
    finally:
        machine.process.send_signal(signal.SIGCONT)
    check_database(machine.work_folder / "copy")
    again = type(machine)(machine.program, machine.work_folder / "again", machine.work_folder)
    shutil.copytree(machine.work_folder / "copy", again.folder / "store")
    again.flags = ["--controllers", "rollouts"]  # its pods are those of the other
    again.start()
    try:
        items = again.request("GET", "/api/v1/namespaces/default/configmaps")["items"]
        assert {item["metadata"]["name"] for item in items} >= set(stored)
    finally:
        again.end()


def check_database(folder):
    databases = [path for path in folder.iterdir() if path.suffix in (".db", ".sqlite", ".sqlite3")]
    assert databases, list(folder.iterdir())
    with contextlib.closing(sqlite3.connect(databases[0])) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    return databases[0]


def test_a_database_of_a_newer_version_is_refused(new_machine, program):
    machine = new_machine().start()
    machine.stop()
    database = check_database(machine.folder / "store")
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA user_version = 99")
        connection.commit()
    done = subprocess.run([program, "up", "--data", machine.folder], capture_output=True, text=True, timeout=20)
    assert done.returncode == 1
    assert re.fullmatch(r"Error: \S+ was written by a newer version of this program \(schema 99, this one knows \d+\): use that "
                        r"version, or choose another data directory\n", done.stderr), done.stderr
    with contextlib.closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (99,), "left as it was"


# ---- manifests

def test_manifests_with_faults(program, tmp_path):
    (tmp_path / "good.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: good}\n")
    (tmp_path / "bad.yaml").write_text(
        "# two objects\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\n"
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: many\n  selector: {matchLabels: {a: b}}\n"
        "  template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}\n---\n\n"
        "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 0}]}\n---\n"
        "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\n")
    done = subprocess.run([program, "up", "--data", tmp_path / "x", tmp_path / "bad.yaml", tmp_path / "good.yaml"],
                          capture_output=True, text=True, timeout=20)
    print(done.stdout, done.stderr)
    assert done.returncode == 1
    errors = done.stderr.splitlines()
    path = tmp_path / "bad.yaml"
    assert len(errors) == 3, errors  # every fault at once
    assert any(e.startswith(f"Error: {path}:6: deployment.apps/web: ") and "replicas" in e for e in errors), errors
    assert any(e.startswith(f"Error: {path}:15: service/web: ") and "spec.ports[0].port: Invalid value: 0" in e for e in errors), errors
    assert f'Error: {path}:20: no matches for kind "Widget" in version "example.com/v1": apply its CustomResourceDefinition first' in errors
    assert "configmap/a applied" in done.stdout and "configmap/good applied" in done.stdout


def test_manifests_that_cannot_be_read(program, tmp_path):
    (tmp_path / "one.yaml").write_text("apiVersion: v1\nkind: ConfigMap\n  metadata: {name: a}\n")
    (tmp_path / "two.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\njust a text\n")
    (tmp_path / "three.yaml").write_text("apiVersion: v1\nmetadata: {name: a}\n")
    done = subprocess.run([program, "up", "--data", tmp_path / "x", tmp_path], capture_output=True, text=True, timeout=20)
    assert done.returncode == 1 and done.stdout == ""
    one, three, two = done.stderr.splitlines()
    assert re.match(rf"Error: {tmp_path}/one.yaml: malformed YAML at 3:\d+: ", one), one
    assert three == f"Error: {tmp_path}/three.yaml:1: every manifest needs apiVersion and kind"
    assert two == f"Error: {tmp_path}/two.yaml:5: a manifest must be an object with apiVersion and kind"
    assert not (tmp_path / "x").exists(), "nothing was started"
