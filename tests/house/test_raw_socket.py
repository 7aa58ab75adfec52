"""What a browser never sends, on the socket of the real server: where a message ends."""

import socket

import pytest

from tests.journeys.site import HOST

pytestmark = pytest.mark.journeys

FORM = b"text=hulp"
HIDDEN = b"GET /gebied HTTP/1.1\r\nHost: %s\r\n\r\n" % HOST.encode()


def ask(site, *lines, body=b""):
    """Send lines and a body as they are; return all that comes back until the server hangs up."""
    head = b"\r\n".join([lines[0].encode(), f"Host: {HOST}".encode(), *map(str.encode, lines[1:])])
    with socket.create_connection(("127.0.0.1", site.port), timeout=10) as line:
        line.sendall(head + b"\r\n\r\n" + body)
        found = b""
        while part := _next(line):
            found += part
        return found


def _next(line):
    line.settimeout(3)
    try:
        return line.recv(65536)
    except TimeoutError:  # it waits for more
        return b""


def statuses(answer):
    return [part.split(b" ", 1)[0] for part in answer.split(b"HTTP/1.1 ")[1:]]


def test_one_request_is_one_answer(demonstration):
    answer = ask(demonstration, "GET /gebied HTTP/1.1", "Connection: close")
    assert statuses(answer) == [b"200"]


@pytest.mark.parametrize(
    "lines",
    [
        ("Content-Length: 9", "Content-Length: 60"),
        ("Content-Length: 9x",),
        ("Content-Length: -9",),
        ("Transfer-Encoding: chunked, identity",),
        ("Transfer-Encoding: xchunked",),
        ("Content-Length : 9",),
    ],
)
def test_a_length_that_is_in_doubt_is_refused(demonstration, lines):
    answer = ask(
        demonstration, "POST /antwoord HTTP/1.1",
        "Content-Type: application/x-www-form-urlencoded", *lines, body=FORM + HIDDEN,
    )  # fmt: skip
    found = statuses(answer)
    assert len(found) <= 1, "what follows is no request of its own"
    assert not found or found[0].startswith(b"4"), found


def test_a_second_request_is_never_hidden_in_a_body(demonstration):
    """In pieces wins over a length (RFC 9112, 6.3), and after both the line is closed."""
    answer = ask(
        demonstration, "POST /antwoord HTTP/1.1",
        "Content-Type: application/x-www-form-urlencoded",
        "Content-Length: 9", "Transfer-Encoding: chunked", body=b"0\r\n\r\n" + HIDDEN,
    )  # fmt: skip
    assert len(statuses(answer)) == 1


def test_a_header_cannot_hold_another_line(demonstration):
    answer = ask(demonstration, "GET /gebied HTTP/1.1", "X-Een: a\rX-Twee: b", "Connection: close")
    assert statuses(answer) in ([b"400"], [])
