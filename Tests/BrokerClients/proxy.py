"""A man in the middle: measures what a broker answers and loses what it is told to lose.

Brokers advertise their own address, so the proxy rewrites the port in every answer that is not record data; a client
that bootstraps through the proxy stays with it.
"""

import collections
import socket
import struct
import threading

PRODUCE, FETCH = 0, 1


class Proxy:
    """Listens on a free loopback port. `sizes[api key]` lists the sizes of that API's answers, in bytes."""

    def __init__(self, bootstrap):
        host, port = bootstrap.rsplit(":", 1)
        self.upstream = (host, int(port))
        self.sizes = collections.defaultdict(list)
        self.losing = {}
        self.lost = 0
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.bootstrap = f"127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self.listener.close()

    def lose_answers(self, api_key, count):
        """The next `count` answers of that API do not arrive: the request was carried out, the connection breaks."""
        with self.lock:
            self.losing[api_key] = count

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(self.upstream)
            for end in (client, server):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            asked = {}
            threading.Thread(target=self._requests, args=(client, server, asked), daemon=True).start()
            threading.Thread(target=self._answers, args=(client, server, asked), daemon=True).start()

    def _requests(self, client, server, asked):
        _pump(client, server, lambda frame: asked.__setitem__(*_request_head(frame)) or frame)

    def _answers(self, client, server, asked):
        _pump(server, client, lambda frame: self._answer(frame, asked))

    def _answer(self, frame, asked):
        (correlation,) = struct.unpack_from(">i", frame)
        key = asked.pop(correlation, None)
        with self.lock:
            self.sizes[key].append(len(frame) + 4)
            if self.losing.get(key, 0) > 0:
                self.losing[key] -= 1
                self.lost += 1
                return None
        return frame if key == FETCH else self._redirected(frame)

    def _redirected(self, frame):
        for host in (b"127.0.0.1", b"localhost"):
            frame = frame.replace(host + struct.pack(">i", self.upstream[1]), host + struct.pack(">i", self.port))
        return frame


def _request_head(frame):
    key, _version, correlation = struct.unpack_from(">hhi", frame)
    return correlation, key


def _pump(source, target, through):
    """Carries frames until either side ends or `through` gives None, which breaks the connection."""
    try:
        while True:
            head = _exactly(source, 4)
            frame = through(_exactly(source, struct.unpack(">i", head)[0]))
            if frame is None:
                break
            target.sendall(head + frame)
    except OSError:
        pass  # One side closed; so does the other.
    finally:
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # Already shut by the other direction.


def _exactly(source, count):
    parts = bytearray()
    while len(parts) < count:
        part = source.recv(min(1 << 18, count - len(parts)))
        if not part:
            raise OSError("closed")
        parts += part
    return bytes(parts)
