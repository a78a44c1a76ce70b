"""The test cluster as the tests see it: tools/cluster, kubectl, and the audit log that counts every request."""
import json
import os
import pathlib
import subprocess

from api_server import ApiServer

ROOT = pathlib.Path(__file__).resolve().parents[2]
WRITES = {"create", "update", "patch", "delete", "deletecollection"}
CONTROLLER_USER = "canaria-controller"


def cluster_command(*words):
    done = subprocess.run([ROOT / "tools/cluster", *words], capture_output=True, text=True, timeout=1800)
    if done.returncode != 0:
        raise RuntimeError(f"tools/cluster {' '.join(map(str, words))}: {done.stderr}")
    return done.stdout


class AuditLog:
    """What reached the API server. A mark is a place in the log; requests are those that were answered after it."""

    def __init__(self, path):
        self.path = path

    def mark(self):
        return self.path.stat().st_size

    def requests(self, since=0, user=CONTROLLER_USER, namespace=None):
        """One entry per request of the user (or of whom it acts as), oldest first."""
        found = {}
        with self.path.open("rb") as log:
            log.seek(since)
            for line in log:
                if not line.endswith(b"\n"):
                    break  # being written
                entry = json.loads(line)
                names = (entry["user"].get("username"), entry.get("impersonatedUser", {}).get("username"))
                target = entry.get("objectRef", {})
                if user in names and (namespace is None or target.get("namespace") == namespace):
                    found.setdefault(entry["auditID"], entry)
        return list(found.values())

    def writes(self, since=0, user=CONTROLLER_USER, namespace=None):
        """Changes of objects: without Events and the Lease."""
        return [entry for entry in self.requests(since, user, namespace)
                if entry["verb"] in WRITES and entry.get("objectRef", {}).get("resource") not in ("events", "leases")]


def told(entries):
    """Requests as short lines, for the message of a failed assertion."""
    return [f"{e['requestReceivedTimestamp'][11:23]} {e['verb']} {e['requestURI']} {e.get('responseStatus', {}).get('code')}"
            for e in entries]


class Cluster:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        cluster_command("up", self.folder)
        self.kubectl_path = cluster_command("binary", "kubectl").strip()
        self.kubeconfig = self.folder / "kubeconfig"
        self.controller_kubeconfig = self.folder / "controller.kubeconfig"
        self.guest_kubeconfig = self.folder / "guest.kubeconfig"
        self.api = ApiServer(self.folder)
        self.audit = AuditLog(self.folder / "audit.log")

    def down(self):
        cluster_command("down", self.folder)

    def stop(self, component):
        cluster_command("stop", component, self.folder)

    def start(self, component):
        cluster_command("start", component, self.folder)

    def environment(self, **more):
        """For programs that should find this cluster: kubectl, the plugin."""
        path = f"{pathlib.Path(self.kubectl_path).parent}:{os.environ['PATH']}"
        return {**os.environ, "PATH": path, "KUBECONFIG": str(self.kubeconfig), "TERM": "dumb", **more}

    def kubectl(self, *words, text=None, check=True):
        """Runs kubectl and gives back its standard output; with check=False the finished process."""
        done = subprocess.run([self.kubectl_path, *map(str, words)], input=text, capture_output=True, text=True,
                              timeout=120, env=self.environment())
        if not check:
            return done
        assert done.returncode == 0, f"kubectl {' '.join(map(str, words))}: {done.stderr}"
        return done.stdout
