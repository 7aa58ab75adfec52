"""A real OpenID Connect provider on this machine, that can be made to misbehave."""

import base64
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import jwt
import oidc_provider_mock
import requests
import werkzeug.serving
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

OWN = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Provider:
    """The provider of a municipality. Its tokens are signed anew, so that a test can spoil them."""

    port: int = 0
    claims: dict[str, Any] = field(default_factory=dict)  # in every token; None takes one away
    key: Any = OWN
    algorithm: str = "RS256"
    discovery: dict[str, Any] = field(default_factory=dict)
    answers: bool = True
    moved: str = ""  # this path sends everybody elsewhere
    odd: dict[str, Any] = field(default_factory=dict)  # path → (status, headers, body)
    slow: str = ""  # this path answers after some seconds
    drips: str = ""  # this path sends its answer byte by byte
    asked: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def __call__(self, environ: Any, start_response: Any) -> Any:
        path = environ["PATH_INFO"]
        self.asked.append(path)
        if not self.answers:
            start_response("503 Service Unavailable", [("Content-Type", "text/plain")])
            return [b"buiten dienst"]
        if path == self.moved:
            start_response("307 Temporary Redirect", [("Location", f"{self.address}/elders{path}")])
            return [b""]
        if path == self.slow:
            time.sleep(4)
        if path == self.drips:
            start_response("200 OK", [("Content-Type", "application/json")])
            return byte_by_byte(b'{"x": "' + b"x" * 40)
        if path in self.odd:
            status, headers, answer = self.odd[path]
            start_response(status, list(headers.items()))
            return [answer]
        if path == "/jwks":
            return self._json(start_response, {"keys": [self._jwk()]})
        said: list[Any] = []

        def note(status: str, headers: Any, *more: Any) -> None:
            said[:] = [status, headers]

        body = b"".join(self.app(environ, note))
        if path == "/.well-known/openid-configuration":
            found = json.loads(body) | self.discovery
            return self._json(start_response, found)
        if path == "/oauth2/token" and said[0].startswith("200"):
            return self._json(start_response, self._signed_anew(json.loads(body)))
        start_response(*said)
        return [body]

    def _jwk(self) -> dict[str, Any]:
        return json.loads(RSAAlgorithm.to_jwk(OWN.public_key())) | {"kid": "own", "use": "sig"}

    def _signed_anew(self, answer: dict[str, Any]) -> dict[str, Any]:
        part = answer["id_token"].split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        claims = {k: v for k, v in (claims | self.claims).items() if v is not None}
        key = None if self.algorithm == "none" else self.key
        token = jwt.encode(claims, key, algorithm=self.algorithm, headers={"kid": "own"})
        return answer | {"id_token": token}

    def _json(self, start_response: Any, found: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(found).encode()]

    def agree(self, address: str, sub: str, **claims: Any) -> str:
        """Sign in at the provider as `sub`; return the path to come back with."""
        requests.put(f"{self.address}/users/{sub}", json=claims, timeout=5)
        return self._back(
            requests.post(address, data={"sub": sub}, allow_redirects=False, timeout=5)
        )

    def refuse(self, address: str) -> str:
        """Say no at the provider."""
        form = {"action": "deny"}
        return self._back(requests.post(address, data=form, allow_redirects=False, timeout=5))

    def _back(self, answer: requests.Response) -> str:
        parts = urlsplit(answer.headers["Location"])
        return f"{parts.path}?{parts.query}"


def byte_by_byte(answer: bytes) -> Iterator[bytes]:
    """Give an answer so slowly that each read of it gets something in time."""
    for one in answer:
        yield bytes([one])
        time.sleep(0.1)


@contextmanager
def dripping(at_once: bytes, answer: bytes) -> Iterator[str]:
    """Run a server that sends some at once and the rest byte by byte; give its address."""
    with socket.create_server(("localhost", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                caller, _from = server.accept()
                with caller:
                    caller.recv(65536)
                    caller.sendall(at_once)
                    for one in byte_by_byte(answer):
                        caller.sendall(one)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://localhost:{server.getsockname()[1]}"
    thread.join(5)


@contextmanager
def running() -> Iterator[Provider]:
    """Run a provider until the block ends."""
    provider = Provider()
    flask = oidc_provider_mock.app()
    provider.app = flask  # type: ignore[attr-defined]
    server = werkzeug.serving.make_server("localhost", 0, provider, threaded=True)
    provider.port = server.server_port
    provider.discovery["jwks_uri"] = f"{provider.address}/jwks"
    thread = threading.Thread(target=server.serve_forever, args=[0.05])
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()
