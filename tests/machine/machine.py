"""One `canaria up` under test: start, kill, stop; its API, its processes and what answers behind its addresses."""
import http.client
import json
import os
import pathlib
import re
import signal
import ssl
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Answers with the tag of its image; HTTP/1.1, so that connections are kept as browsers do.
SERVER = """
import http.server, os, sys
VERSION = os.environ["CANARIA_IMAGE"].rpartition(":")[2]
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet: two would wait for each other
    def do_GET(self):
        body = VERSION.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *words):
        pass
class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128
print("serving", VERSION, flush=True)
Server(("0.0.0.0", 8080), Handler).serve_forever()
"""


def wait_until(question, limit=20, what="it", poll=0.03):
    """Asks until the answer is true and gives it back; errors of the machine count as "not yet"."""
    end = time.monotonic() + limit
    while True:
        try:
            answer, failure = question(), None
        except (OSError, http.client.HTTPException, ApiError, KeyError, IndexError, AssertionError) as error:
            answer, failure = None, error
        if answer:
            return answer
        assert time.monotonic() < end, f"{what}: not within {limit} s" + (f" (last error: {failure!r})" if failure else "")
        time.sleep(poll)


class ApiError(Exception):
    def __init__(self, code, message):
        super().__init__(f"{code}: {message}")
        self.code = code


class Machine:
    def __init__(self, program, folder, work_folder, flags=(), prefix=(), environment=None):
        """prefix: a command that runs the program in other circumstances (setpriv, unshare ...)."""
        self.program, self.folder, self.work_folder, self.flags = program, folder, work_folder, list(flags)
        self.prefix, self.environment = list(prefix), environment
        self.log_path = work_folder / f"{folder.name}.log"
        self.process = None
        self._connection = None
        (work_folder / "server.py").write_text(SERVER)

    # Starting and ending.

    def spawn(self, *more):
        with open(self.log_path, "ab") as log:
            words = [*self.prefix, self.program, "up", "--data", str(self.folder), *self.flags, *map(str, more)]
            self.process = subprocess.Popen(words, cwd=self.work_folder, env=self.environment, stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log)
        return self

    def start(self, *more):
        self.spawn(*more)
        wait_until(self.is_ready, 30, "the machine ready")
        return self

    def is_ready(self):
        assert self.process.poll() is None, self.log()
        return "text" in self.request("GET", "/readyz")

    def kill(self):
        """As a power cut for Canaria alone: its containers and HAProxy go on."""
        self.process.kill()
        self.process.wait(10)
        self._connection = None

    def stop(self, limit=40):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(limit)

    def end(self):
        """Also after a kill: what is left running is taken over and stopped."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.stop()
        elif self.processes() or self.haproxies():
            self.spawn()
            wait_until(self.is_ready, 30)
            self.stop()

    def log(self):
        return self.log_path.read_text(errors="replace")[-4000:]

    # The API.

    def _config(self):
        text = (self.folder / "kubeconfig").read_text()
        port = int(re.search(r"127\.0\.0\.1:(\d+)", text).group(1))
        return port, re.search(r"token: (\S+)", text).group(1)

    def request(self, method, path, body=None, content_type="application/json", token=None):
        port, own = self._config()
        headers = {"Content-Type": content_type}
        if token != "":
            headers["Authorization"] = f"Bearer {token or own}"
        if self._connection is None:
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            self._connection = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=10)
        try:
            self._connection.request(method, path, None if body is None else json.dumps(body), headers)
            response = self._connection.getresponse()
            answer = response.read()
        except (OSError, http.client.HTTPException):
            self._connection = None
            raise
        value = json.loads(answer) if answer.lstrip().startswith(b"{") else {"text": answer.decode()}
        if response.status >= 400:
            raise ApiError(response.status, value.get("message", value))
        return value

    def kubectl(self, *words, text=None, check=True):
        kubectl = subprocess.run([ROOT / "tools/cluster", "binary", "kubectl"], capture_output=True, text=True, check=True)
        done = subprocess.run([kubectl.stdout.strip(), "--kubeconfig", self.folder / "kubeconfig", *map(str, words)], input=text,
                              capture_output=True, text=True, timeout=120)
        if check:
            assert done.returncode == 0, f"kubectl {' '.join(map(str, words))}: {done.stderr}"
        return done

    def apply(self, *objects):
        return self.kubectl("apply", "-f", "-", text=json.dumps({"apiVersion": "v1", "kind": "List", "items": list(objects)}))

    def rollout(self, name="web"):
        return self.request("GET", f"/apis/argoproj.io/v1alpha1/namespaces/default/rollouts/{name}")

    def wait_phase(self, phase, name="web", limit=30):
        def has_phase():
            rollout = self.rollout(name)
            status = rollout.get("status", {})
            return status.get("phase") == phase and status.get("observedGeneration") == str(rollout["metadata"]["generation"])
        try:
            wait_until(has_phase, limit, f"{name} {phase}")
        except AssertionError as failure:
            raise AssertionError(f"{failure}: {self.rollout(name).get('status')}") from None

    def set_image(self, image, name="web"):
        patch = [{"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": image}]
        self.request("PATCH", f"/apis/argoproj.io/v1alpha1/namespaces/default/rollouts/{name}", patch, "application/json-patch+json")

    def patch_status(self, status, name="web"):
        self.request("PATCH", f"/apis/argoproj.io/v1alpha1/namespaces/default/rollouts/{name}/status", {"status": status},
                     "application/merge-patch+json")

    def canaria(self, *words):
        environment = {**os.environ, "KUBECONFIG": str(self.folder / "kubeconfig")}
        done = subprocess.run([self.program, *words], capture_output=True, text=True, timeout=60, env=environment)
        assert done.returncode == 0, f"canaria {' '.join(words)}: {done.stdout}{done.stderr}"
        return done.stdout

    def pods(self):
        return self.request("GET", "/api/v1/namespaces/default/pods")["items"]

    # The machine.

    def processes(self):
        """Process ids of the servers that were started in this test's folder."""
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
                if b"server.py" in words and os.readlink(entry / "cwd") == str(self.work_folder):
                    found.append(int(entry.name))
            except OSError:
                continue  # ended meanwhile
        return found

    def haproxies(self):
        """Process ids of this machine's HAProxy: the master and its workers."""
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
                if words[0].endswith(b"haproxy") and os.readlink(entry / "cwd") == f"{self.folder}/proxy":
                    found.append(int(entry.name))
            except OSError:
                continue
        return found

    def address(self, path="/api/v1/namespaces/default/services/web", field="clusterIP"):
        return self.request("GET", path)["spec"][field]

    def gateway_address(self):
        gateway = self.request("GET", "/apis/gateway.networking.k8s.io/v1/namespaces/default/gateways/web")
        return gateway["status"]["addresses"][0]["value"]


# Manifests.

def rollout(replicas=4, routed=True, name="web", image="web:1"):
    canary = {"steps": [{"setWeight": 25}, {"pause": {}}, {"setWeight": 60}, {"pause": {"duration": "1s"}}]}
    if routed:
        canary.update(stableService="stable", canaryService="canary",
                      trafficRouting={"plugins": {"argoproj-labs/gatewayAPI": {"httpRoute": "web"}}})
    container = {"name": "main", "image": image, "command": [sys.executable, "server.py"], "ports": [{"containerPort": 8080}],
                 "readinessProbe": {"httpGet": {"path": "/", "port": 8080}, "periodSeconds": 1}}
    return {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "metadata": {"name": name},
            "spec": {"replicas": replicas, "selector": {"matchLabels": {"app": name}}, "strategy": {"canary": canary},
                     "template": {"metadata": {"labels": {"app": name}}, "spec": {"containers": [container]}}}}


def service(name, app="web"):
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name},
            "spec": {"selector": {"app": app}, "ports": [{"name": "http", "port": 8080, "targetPort": 8080}]}}


def gateway():
    return {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway", "metadata": {"name": "web"},
            "spec": {"gatewayClassName": "canaria", "listeners": [{"name": "http", "protocol": "HTTP", "port": 8080}]}}


def route():
    refs = [{"name": "stable", "port": 8080}, {"name": "canary", "port": 8080}]
    return {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": {"name": "web"},
            "spec": {"parentRefs": [{"name": "web"}], "rules": [{"backendRefs": refs}]}}


def shop(replicas=4):
    """An application behind a route, whole."""
    return [service("stable"), service("canary"), gateway(), route(), rollout(replicas)]
