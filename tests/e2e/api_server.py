"""Talks to the API server of a test cluster with the standard library alone.

The tests ask it many times a second; starting kubectl for each question would cost most of their time. What users do with
kubectl the tests do with kubectl, so that both ways in are exercised.
"""
import http.client
import json
import re
import ssl
import threading
import urllib.parse

PATHS = {
    "Rollout": "/apis/argoproj.io/v1alpha1/namespaces/{}/rollouts",
    "AnalysisTemplate": "/apis/argoproj.io/v1alpha1/namespaces/{}/analysistemplates",
    "ReplicaSet": "/apis/apps/v1/namespaces/{}/replicasets",
    "Deployment": "/apis/apps/v1/namespaces/{}/deployments",
    "Service": "/api/v1/namespaces/{}/services",
    "Secret": "/api/v1/namespaces/{}/secrets",
    "Pod": "/api/v1/namespaces/{}/pods",
    "Event": "/api/v1/namespaces/{}/events",
    "Lease": "/apis/coordination.k8s.io/v1/namespaces/{}/leases",
    "HorizontalPodAutoscaler": "/apis/autoscaling/v2/namespaces/{}/horizontalpodautoscalers",
}
MERGE, JSON_PATCH = "application/merge-patch+json", "application/json-patch+json"


class ApiError(Exception):
    """The server refused: its code and what it said."""

    def __init__(self, code, message):
        super().__init__(f"{code}: {message}")
        self.code = code


def path_of(kind, namespace, name="", subresource=""):
    path = PATHS[kind].format(namespace)
    return path + (f"/{name}" if name else "") + (f"/{subresource}" if subresource else "")


class ApiServer:
    """One keep-alive connection per thread, as administrator."""

    def __init__(self, folder):
        ports = dict(line.split("=") for line in (folder / "ports").read_text().split())
        self.port = int(ports["apiserver_port"])
        self._tls = ssl.create_default_context(cafile=str(folder / "tls/ca.crt"))
        self._token = re.search(r"token: (\S+)", (folder / "kubeconfig").read_text()).group(1)
        self._of_thread = threading.local()

    def request(self, method, path, body=None, content_type="application/json"):
        """The answer as a Python value. Asks a second time when the kept connection turns out to be closed."""
        for attempt in (1, 2):
            connection = getattr(self._of_thread, "connection", None)
            if connection is None:
                connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=self._tls, timeout=30)
                self._of_thread.connection = connection
            try:
                text = None if body is None else json.dumps(body)
                connection.request(method, path, text, {"Content-Type": content_type, "Authorization": f"Bearer {self._token}"})
                response = connection.getresponse()
                answer = response.read()
                break
            except (OSError, http.client.HTTPException):
                connection.close()
                self._of_thread.connection = None
                if attempt == 2:
                    raise
        value = json.loads(answer) if answer.lstrip().startswith(b"{") else {"text": answer.decode()}
        if response.status >= 400:
            raise ApiError(response.status, value.get("message", value))
        return value

    def get(self, kind, namespace, name, subresource=""):
        return self.request("GET", path_of(kind, namespace, name, subresource))

    def list(self, kind, namespace, **query):
        path = path_of(kind, namespace) + ("?" + urllib.parse.urlencode(query) if query else "")
        return self.request("GET", path)["items"]

    def create(self, kind, namespace, body):
        return self.request("POST", path_of(kind, namespace), body)

    def patch(self, kind, namespace, name, body, subresource="", content_type=MERGE):
        return self.request("PATCH", path_of(kind, namespace, name, subresource), body, content_type)

    def delete(self, kind, namespace, name):
        return self.request("DELETE", path_of(kind, namespace, name))
