"""Clients that count which version answered and whether a request ever failed."""
import collections
import http.client
import threading
import time


class Visitors:
    """Some threads that ask one address all the time, each over a connection that it keeps, as browsers do."""

    def __init__(self, address, port=8080, threads=4):
        self.address, self.port = address, port
        self.counts, self.failures = collections.Counter(), []
        self._lock, self._done = threading.Lock(), threading.Event()
        self._threads = [threading.Thread(target=self._ask) for _ in range(threads)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._done.set()
        for thread in self._threads:
            thread.join()

    def _ask(self):
        connection = None
        while not self._done.is_set():
            try:
                connection = connection or http.client.HTTPConnection(self.address, self.port, timeout=10)
                connection.request("GET", "/")
                response = connection.getresponse()
                body = response.read().decode()
                with self._lock:
                    if response.status == 200:
                        self.counts[body] += 1
                    else:
                        self.failures.append(f"{response.status} {body[:80]}")
            except (OSError, http.client.HTTPException) as error:
                connection = None
                with self._lock:
                    self.failures.append(repr(error))
                time.sleep(0.01)

    def shares(self, requests=4000, limit=30):
        """Shares of the versions in percent over so many requests from now on."""
        with self._lock:
            self.counts.clear()
        end = time.monotonic() + limit
        while sum(self.counts.values()) < requests:
            assert time.monotonic() < end, f"only {sum(self.counts.values())} answers; failures: {self.failures[:3]}"
            time.sleep(0.05)
        with self._lock:
            counts = dict(self.counts)
        return {version: 100 * count / sum(counts.values()) for version, count in counts.items()}
