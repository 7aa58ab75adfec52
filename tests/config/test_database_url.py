"""The address of a database of your own, with what it says about TLS."""

from omzien.config.database import from_url


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
