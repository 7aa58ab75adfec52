"""The product's own server around a handler of this process, for rates as a visitor meets them."""

import http.client
import multiprocessing
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections
from granian import Granian
from granian.constants import Interfaces

HOST = "127.0.0.1"
PATIENCE = 20.0  # seconds


@contextmanager
def served(handler: Any) -> Iterator[Callable[[str], int]]:
    """Serve a WSGI handler as `omzien serve` does, by one worker with one thread, in a process
    that knows what this one knows. Yields what asks for an address, over one connection that
    stays open, and returns the status.

    Raises TimeoutError when the server does not come.
    """
    connections.close_all()  # the two may not share them
    port = _free_port()
    child = os.fork()
    if child == 0:
        _serve(handler, port)
    link = http.client.HTTPConnection(HOST, port)

    def ask(address: str) -> int:
        link.request("GET", address)
        answer = link.getresponse()
        answer.read()
        return answer.status

    try:
        _wait_for(port)
        yield ask
    finally:
        link.close()
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)


def _serve(handler: Any, port: int) -> None:
    multiprocessing.set_start_method("fork", force=True)
    try:
        Granian(
            "handler", address=HOST, port=port, interface=Interfaces.WSGI, workers=1,
            blocking_threads=1, log_enabled=False,
        ).serve(target_loader=lambda *_names, **_more: handler)  # fmt: skip
    finally:
        os._exit(0)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


def _wait_for(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with socket.socket() as found:
            if found.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"no server on port {port}")
