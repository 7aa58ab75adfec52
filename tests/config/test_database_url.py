"""The address of a database of your own, with what it says about TLS."""

import os
import socket
import subprocess
import sys
import threading
from contextlib import suppress

import psycopg
import pytest

from omzien.config.database import for_log, from_url, secret_key, with_kept_plans
from tests.certificates import own_certificate


def test_an_address_says_who_where_and_how_safely():
    found = from_url(
        "postgresql://omzien_app:p%40ss@db.example:5433/omzien"
        "?sslmode=verify-full&sslrootcert=/etc/ca.pem&options=-c%20x"
    )
    assert (found["USER"], found["PASSWORD"], found["HOST"]) == (
        "omzien_app",
        "p@ss",
        "db.example",
    )
    assert found["OPTIONS"] == {"sslmode": "verify-full", "sslrootcert": "/etc/ca.pem"}
    assert from_url("postgresql:///omzien?host=/run/pg")["OPTIONS"] == {}


@pytest.mark.parametrize(
    ("address", "mode"),
    [
        ("postgresql://a:b@db.example/omzien", "verify-full"),
        ("postgresql://a:b@db.example/omzien?sslrootcert=/etc/ca.pem", "verify-full"),
        ("postgresql://a:b@db.example/omzien?sslmode=require", "require"),
        ("postgresql://a:b@db.example/omzien?sslmode=disable", "disable"),
        ("postgresql://a:b@localhost/omzien", None),
        ("postgresql://a:b@127.0.0.1/omzien", None),
        ("postgresql:///omzien?host=/run/pg", None),
    ],
)
def test_another_machine_is_reached_over_tls_unless_the_address_says_otherwise(address, mode):
    assert from_url(address)["OPTIONS"].get("sslmode") == mode


@pytest.mark.parametrize("speaks_tls", [False, True])
def test_a_database_without_a_good_certificate_gets_no_name_and_no_password(speaks_tls, tmp_path):
    ours, known = own_certificate(tmp_path, "db.example")  # we ask for localhost
    got = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def refuse():
            caller, _from = server.accept()
            with caller:
                got.append(caller.recv(64))
                caller.sendall(b"S" if speaks_tls else b"N")
                talk = ours.wrap_socket if speaks_tls else (lambda plain, **_more: plain)
                with suppress(OSError), talk(caller, server_side=True) as it:
                    got.append(it.recv(64))

        thread = threading.Thread(target=refuse)
        thread.start()
        mode = from_url("postgresql://a:b@db.example/omzien")["OPTIONS"]["sslmode"]
        with pytest.raises(psycopg.OperationalError, match=r"SSL|certificate"):
            psycopg.connect(
                host="localhost", hostaddr="127.0.0.1", port=server.getsockname()[1], user="anna",
                dbname="x", sslmode=mode, sslrootcert=known, connect_timeout=5,
                gssencmode="disable",
            )  # fmt: skip
        thread.join(5)
    assert len(got[0]) == 8 and got[1:] in ([], [b""])


@pytest.mark.parametrize(
    ("host", "tls"), [("smtp.example", "True"), ("localhost", "False"), ("", "False")]
)
def test_mail_to_another_machine_goes_over_tls_unless_told_otherwise(host, tls, tmp_path):
    code = "from omzien.config import settings as s; print(s.EMAIL_USE_TLS)"
    own = {name: os.environ[name] for name in ("PATH", "OMZIEN_VAR", "HOME") if name in os.environ}
    more = {"OMZIEN_SMTP_HOST": host} if host else {}
    done = subprocess.run(
        [sys.executable, "-c", code], env=own | more, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [tls]


def test_the_log_is_reached_as_safely_and_kept_plans_change_nothing_else():
    app = with_kept_plans(from_url("postgresql://a@db.example/omzien?sslmode=require"))
    assert app["OPTIONS"]["sslmode"] == for_log(app)["OPTIONS"]["sslmode"] == "require"
    assert "plan_cache_mode" in app["OPTIONS"]["options"]


def test_the_secret_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    folder = tmp_path / "var"
    key = secret_key(folder)
    assert len(key) > 60 and secret_key(folder) == key
    assert (folder / "secret_key").stat().st_mode & 0o777 == 0o600
