"""The address of a database of your own, with what it says about TLS."""

from omzien.config.database import for_log, from_url, secret_key, with_kept_plans


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


def test_the_log_is_reached_as_safely_and_kept_plans_change_nothing_else():
    app = with_kept_plans(from_url("postgresql://a@db.example/omzien?sslmode=require"))
    assert app["OPTIONS"]["sslmode"] == for_log(app)["OPTIONS"]["sslmode"] == "require"
    assert "plan_cache_mode" in app["OPTIONS"]["options"]


def test_the_secret_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    folder = tmp_path / "var"
    key = secret_key(folder)
    assert len(key) > 60 and secret_key(folder) == key
    assert (folder / "secret_key").stat().st_mode & 0o777 == 0o600
