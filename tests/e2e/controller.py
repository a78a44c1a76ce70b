"""Controller processes under test: start, stop, kill, freeze, and what they say."""
import os
import random
import signal
import socket
import subprocess
import time
import urllib.request


def free_port():
    """A loopback port that nobody listens on, below those that the kernel gives to outgoing connections."""
    while True:
        port = random.randrange(10000, 18000)
        with socket.socket() as attempt:
            try:
                attempt.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


class Controller:
    """One controller process at a time; start() after an end makes the next one, with the same flags and log."""

    def __init__(self, program, kubeconfig, log_path, *flags, namespace="default"):
        self.program, self.kubeconfig, self.log_path, self.flags = program, kubeconfig, log_path, flags
        self.environment = {**os.environ, "POD_NAMESPACE": namespace}
        self.environment.pop("KUBECONFIG", None)
        self.process = None

    def start(self):
        assert not self.is_running()
        self.metrics_port, self.health_port = free_port(), free_port()
        command = [self.program, "controller", "--kubeconfig", str(self.kubeconfig),
                   f"--metricsPort={self.metrics_port}", f"--healthzPort={self.health_port}", *self.flags]
        with open(self.log_path, "ab") as log:
            log.write(f"--- {' '.join(map(str, command))}\n".encode())
            log.flush()
            self.process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=self.environment)
        return self

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def signal(self, number):
        self.process.send_signal(number)

    def kill(self):
        """As a power cut: no chance to finish anything."""
        if self.is_running():
            self.process.kill()
        if self.process is not None:
            self.process.wait(10)

    def stop(self, limit=15):
        """As Kubernetes does it; gives back the exit code."""
        if self.is_running():
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(limit)

    def wait_for_end(self, limit):
        return self.process.wait(limit)

    def log(self, lines=60, about=""):
        """The last lines of the log that name what it is about."""
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            return "\n".join([line for line in log.read().splitlines() if about in line][-lines:])

    def page(self, port, path, limit=10):
        """Body and content type of an endpoint, as soon as it answers."""
        end = time.monotonic() + limit
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        while True:
            try:
                with opener.open(f"http://127.0.0.1:{port}{path}", timeout=5) as response:
                    return response.read().decode(), response.headers["Content-Type"]
            except OSError:
                if time.monotonic() > end or not self.is_running():
                    raise
                time.sleep(0.05)

    def metrics(self):
        """Samples of /metrics: the name with its labels as printed -> value."""
        samples = {}
        for line in self.page(self.metrics_port, "/metrics")[0].splitlines():
            if line and not line.startswith("#"):
                name, _, value = line.rpartition(" ")
                samples[name] = float(value)
        return samples

    def wait_until_reconciled(self, namespace, names, limit=20):
        """Until this process has looked at each of these Rollouts."""
        end = time.monotonic() + limit
        left = set(names)
        while left:
            counts = [k for k, v in self.metrics().items() if k.startswith("rollout_reconcile_count{") and v > 0]
            left = {n for n in left if not any(f'namespace="{namespace}"' in k and f'name="{n}"' in k for k in counts)}
            assert time.monotonic() < end, f"not reconciled within {limit} s: {sorted(left)}"
            time.sleep(0.1)

    def cpu_seconds(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_mib(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))
