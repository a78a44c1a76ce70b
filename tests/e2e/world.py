"""A namespace of its own for each test, with the questions that tests ask and bounded waiting for the answers."""
import json
import subprocess
import time

from api_server import JSON_PATCH, MERGE, ApiError
from manifests import DESIRED, HASH_LABEL, REVISION, image_patch


def wait_until(question, limit=30, what="it", poll=0.04):
    """Asks until the answer is true and gives it back. Errors of the server count as "not yet"."""
    end = time.monotonic() + limit
    while True:
        try:
            answer, failure = question(), None
        except (ApiError, OSError, KeyError, IndexError) as error:
            answer, failure = None, error
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {limit} s" + (f" (last error: {failure!r})" if failure else ""))
        time.sleep(poll)


class World:
    def __init__(self, cluster, name, program):
        self.cluster, self.api, self.name, self.program = cluster, cluster.api, name, program
        self.api.request("POST", "/api/v1/namespaces", {"metadata": {"name": name}})

    # Changing objects.

    def create(self, *objects):
        made = [self.api.create(o["kind"], self.name, o) for o in objects]
        return made[0] if len(made) == 1 else made

    def kubectl(self, *words, **options):
        return self.cluster.kubectl("-n", self.name, *words, **options)

    def apply(self, *objects):
        """kubectl apply, as users do it."""
        text = json.dumps({"apiVersion": "v1", "kind": "List", "items": list(objects)})
        return self.kubectl("apply", "-f", "-", text=text)

    def patch(self, body, name="web", kind="Rollout", subresource="", content_type=MERGE):
        return self.api.patch(kind, self.name, name, body, subresource, content_type)

    def patch_status(self, body, name="web"):
        return self.patch({"status": body}, name, subresource="status")

    def set_image(self, image, name="web"):
        return self.patch(image_patch(image), name, content_type=JSON_PATCH)

    def canaria(self, *words, check=True, kubeconfig=None, text=None, limit=60):
        """The command line in this namespace; gives back the finished process."""
        environment = self.cluster.environment(**({"KUBECONFIG": str(kubeconfig)} if kubeconfig else {}))
        done = subprocess.run([self.program, *words, "-n", self.name], capture_output=True, text=True, input=text,
                              timeout=limit, env=environment)
        if check:
            assert done.returncode == 0, f"canaria {' '.join(words)}: exit {done.returncode}: {done.stdout}{done.stderr}"
        return done

    # Asking.

    def rollout(self, name="web"):
        return self.api.get("Rollout", self.name, name)

    def status(self, name="web"):
        return self.rollout(name).get("status", {})

    def sets(self, name="web"):
        """ReplicaSets of the Rollout by revision, oldest first."""
        mine = [s for s in self.api.list("ReplicaSet", self.name)
                if any(o["name"] == name and o["kind"] == "Rollout" for o in s["metadata"].get("ownerReferences", []))]
        return sorted(mine, key=lambda s: int(s["metadata"]["annotations"].get(REVISION, 0)))

    def sizes(self, name="web"):
        """{revision: wanted replicas}"""
        return {int(s["metadata"]["annotations"][REVISION]): s["spec"]["replicas"] for s in self.sets(name)}

    def pods(self, **labels):
        found = self.api.list("Pod", self.name)
        return [p for p in found if "deletionTimestamp" not in p["metadata"]
                and all(p["metadata"]["labels"].get(k) == v for k, v in labels.items())]

    def events(self, name="web"):
        """Reasons and messages of the Rollout's Events in the order in which they were reported."""
        found = [e for e in self.api.list("Event", self.name) if e["involvedObject"]["name"] == name]
        found.sort(key=lambda e: int(e["metadata"]["resourceVersion"]))
        return [(e["type"], e["reason"], e["message"]) for e in found]

    def reasons(self, name="web"):
        return [reason for _, reason, _ in self.events(name)]

    def condition(self, kind, name="web"):
        return next((c for c in self.status(name).get("conditions", []) if c["type"] == kind), {})

    # Waiting.

    def wait(self, question, limit=30, name="web", what=None):
        """Until question(rollout, status) is true; the status must belong to the newest spec."""
        last = {}

        def asked():
            last["rollout"] = self.rollout(name)
            status = last["rollout"].get("status", {})
            is_seen = status.get("observedGeneration") == str(last["rollout"]["metadata"]["generation"])
            return is_seen and question(last["rollout"], status) and last["rollout"]

        try:
            return wait_until(asked, limit, what or "condition of the Rollout")
        except AssertionError as failure:
            raise AssertionError(f"{failure}; status: {json.dumps(last.get('rollout', {}).get('status'), indent=1)}\n"
                                 f"sets: {self.sizes(name)}\nevents: {self.events(name)[-8:]}") from None

    def wait_phase(self, phase, limit=30, name="web", **expected):
        """Until the phase and the named status fields are as expected."""
        def matches(_, status):
            return status.get("phase") == phase and all(status.get(k) == v for k, v in expected.items())
        return self.wait(matches, limit, name, f"{name} {phase} {expected or ''}")["status"]

    def wait_sizes(self, expected, limit=20, name="web"):
        try:
            wait_until(lambda: self.sizes(name) == expected, limit, f"sizes {expected}")
        except AssertionError as failure:
            raise AssertionError(f"{failure}; they are {self.sizes(name)}; status {self.status(name)}") from None

    def wait_until_quiet(self, seconds, limit=30):
        """Until the controller has written nothing in this namespace for so long. Whoever writes for ever fails here."""
        seen, since = -1, time.monotonic()

        def is_quiet():
            nonlocal seen, since
            count = len(self.cluster.audit.writes(namespace=self.name))
            if count != seen:
                seen, since = count, time.monotonic()
            return time.monotonic() - since > seconds
        wait_until(is_quiet, limit, f"{seconds} s without a write of the controller")

    def assert_no_writes(self, since, seconds):
        """The controller leaves this namespace alone for the given time, counted from now."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.assert_quiet(since)
            time.sleep(0.2)

    def assert_quiet(self, since):
        from cluster import told
        writes = self.cluster.audit.writes(since, namespace=self.name)
        assert not writes, f"unexpected writes: {told(writes)}"


__all__ = ["DESIRED", "HASH_LABEL", "JSON_PATCH", "MERGE", "REVISION", "World", "wait_until"]
