"""A proxy between kubectl and an API server that keeps what went through: method, path, status and the shape of JSON answers.

kubectl's own -v=8 would tell the same in a format that changes between its versions, cut off after some kilobytes. The proxy
shows the certificate of the server behind it (over plain HTTP kubectl would send no token). Of what is sent nothing is changed,
except that answers are asked for uncompressed and as JSON, where kubectl would take either JSON or protobuf.
"""
import http.client
import http.server
import json
import select
import socket
import ssl
import threading

from normal_form import normal_path, normal_text

# Which fields belong to a controller follows from how it writes; compared is what belongs to the users of kubectl.
CONTROLLERS = {"canaria", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok"}
END_LIMIT = 3  # seconds
HOP_HEADERS = {"connection", "transfer-encoding", "content-length", "accept-encoding", "keep-alive", "host"}


def shape(value, path=""):
    """The set of JSON paths of a value with their types; elements of a list count as one, schemas of definitions as a whole."""
    if path.endswith(".openAPIV3Schema"):
        return {f"{path} schema"}
    if path.endswith(".managedFields") and isinstance(value, list):
        value = [entry for entry in value if entry.get("manager") not in CONTROLLERS]
        if not value:
            return set()
    if isinstance(value, dict):
        found = {f"{path or '.'} object"} if not value else set()
        for key, part in value.items():
            found |= shape(part, f"{path}.{normal_text(key)}")
        return found
    if isinstance(value, list):
        found = {f"{path} list"}
        for part in value:
            found |= shape(part, f"{path}[]")
        return found
    names = {str: "string", bool: "boolean", int: "number", float: "number", type(None): "null"}
    return {f"{path} {names[type(value)]}"}


def message_of(status):
    """Several problems of one object come in any order, and some servers tell one of them twice."""
    text, middle = str(status.get("message")), " is invalid: "
    causes = status.get("details", {}).get("causes", [])
    if middle not in text:
        return text
    problems = sorted({f"{cause.get('field')}: {cause.get('message')} ({cause.get('reason')})" for cause in causes})
    return text.split(middle)[0] + middle + "; ".join(problems)


def shape_of_answer(body, content_type):
    """Of a watch: that of all its events together. What a Status says counts too, not just that it says something."""
    if "json" not in content_type:
        return {f"content type {content_type.split(';')[0]}"}
    found = set()
    for text in ([body] if not body.startswith(b'{"type":') else body.splitlines()):
        try:
            value = json.loads(text)
        except ValueError:
            continue  # cut off in the middle of an event: kubectl had seen enough
        if isinstance(value, dict) and value.get("type") == "BOOKMARK":
            value["object"] = {"metadata": {"resourceVersion": value["object"]["metadata"]["resourceVersion"]}}  # the rest is empty
        found |= shape(value)
        if isinstance(value, dict) and value.get("kind") == "Status":
            found |= {f".{key} = {normal_text(str(value.get(key)))}" for key in ("status", "reason", "code")}
            found.add(f".message = {normal_text(message_of(value))}".replace("\n", " "))
    return found


def without_protobuf(accept):
    """Where there is no alternative it stays."""
    kept = [kind for kind in accept.split(",") if "vnd.kubernetes.protobuf" not in kind]
    return ",".join(kept) or accept


class Exchange:
    """One request and, once it has ended, its answer."""

    def __init__(self, method, path):
        self.request = f"{method} {normal_path(path)}"
        self.is_discovery = path.split("?")[0] in ("/api", "/apis") or path.startswith("/openapi")
        self.status, self.shape, self.ended = None, set(), threading.Event()

    def end(self, status, content_type, body):
        self.status = status
        self.shape = set() if self.is_discovery else shape_of_answer(body, content_type)
        self.ended.set()

    @property
    def line(self):
        return f"{self.request} {self.status}"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet for head and body
    upstream = None

    def setup(self):
        super().setup()
        self.upstream = http.client.HTTPSConnection("127.0.0.1", self.server.port, context=self.server.tls, timeout=60)

    def finish(self):
        self.upstream.close()
        try:
            super().finish()
        except OSError:
            pass  # the client is gone

    def answer(self):
        body = self.read_body()
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_HEADERS}
        if "Accept" in headers:
            headers["Accept"] = without_protobuf(headers["Accept"])
        exchange = self.server.begin(Exchange(self.command, self.path))
        self.upstream.request(self.command, self.path, body or None, headers)
        response = self.upstream.getresponse()
        kept, length = bytearray(), response.getheader("Content-Length")
        try:
            self.send_response_only(response.status)
            for name, value in response.getheaders():
                if name.lower() not in HOP_HEADERS:
                    self.send_header(name, value)
            if length is not None or response.status in (204, 304):
                kept += response.read()
                if response.status not in (204, 304):
                    self.send_header("Content-Length", length)
                self.end_headers()
                self.wfile.write(kept)
                self.wfile.flush()
            else:
                self.stream(response, kept)
        except (OSError, http.client.HTTPException):
            self.close_connection = True  # kubectl had enough of a watch
        finally:
            content_type = response.getheader("Content-Type") or ""
            exchange.end(response.status, content_type, bytes(kept))
            if not response.isclosed():
                self.close_connection = True

    def read_body(self):
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def stream(self, response, kept):
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.flush()
        ended = threading.Event()
        if "watch=true" in self.path:
            threading.Thread(target=self.hang_up_with_client, args=(ended,), daemon=True).start()
        try:
            while part := response.read1(1 << 16):
                kept += part
                self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
                self.wfile.flush()
        finally:
            ended.set()
        self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    def hang_up_with_client(self, ended):
        """kubectl sends nothing while it watches: when there is something to read, it has gone."""
        while not ended.wait(0.02):
            if select.select([self.connection], [], [], 0)[0]:
                try:
                    self.upstream.sock.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass  # gone as well
                return

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

    def log_message(self, *words):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def get_request(self):
        """The handshake is left to the connection's own thread: reading begins with it."""
        connection, address = super().get_request()
        return self.own_tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), address

    def handle_error(self, request, client_address):
        pass  # a client or a server that is gone; the exit code of kubectl tells


class Recorder:
    """Runs until stop()."""

    def __init__(self, port, certificate, key):
        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.port = port
        self._server.tls = ssl.create_default_context()
        self._server.tls.check_hostname, self._server.tls.verify_mode = False, ssl.CERT_NONE
        self._server.own_tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._server.own_tls.load_cert_chain(certificate, key)
        self._server.begin = self._begin
        self._lock, self._kept = threading.Lock(), []
        self.address = f"https://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _begin(self, exchange):
        with self._lock:
            self._kept.append(exchange)
        return exchange

    def take(self):
        """What was asked since the last time. A watch that kubectl has dropped ends as soon as the proxy notices."""
        with self._lock:
            kept, self._kept = self._kept, []
        for exchange in kept:
            exchange.ended.wait(END_LIMIT)
        return [exchange for exchange in kept if exchange.ended.is_set()]

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
