"""The house rules of safety: what the code may use, and what the settings must say."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = ROOT / "src" / "omzien"
# Who may open a connection to elsewhere, and why. An address that a person typed is never fetched.
FETCHERS = {
    "messages/actions.py": "hands mail to the one SMTP server of the settings",
    "messages/direct.py": "the same server, for a code or link that must not lie in a table",
    "web/accounts/sign_on.py": "asks the sign-on that the operator named in OMZIEN_OIDC_FILE",
}
CLIENTS = {
    "aiohttp", "allauth.socialaccount.providers", "django.core.mail", "ftplib", "http.client",
    "httpx", "imaplib", "niquests",
    "paramiko", "poplib", "requests", "smtplib", "socket", "ssl", "telnetlib", "urllib.request",
    "urllib3", "websockets",
    "xmlrpc",
}  # fmt: skip
# Who may start another program, and why.
STARTERS = {
    "cli/commands/backup.py": "pg_dump and pg_restore of the embedded server",
    "config/database.py": "only the class of an error of the embedded server",
}
# Patterns that are put together while running, and of what.
PATTERNS = {
    "questions/rules/anonymous.py: whole": "a name, escaped",
    "directory/language/patterns.py: pattern": "shipped words",
    "directory/language/crisis.py: '|'.join(map(fold, _data()['told-of']['patterns']))": "shipped",
    r"""directory/language/patterns.py: f' (?:{pattern})'""": "shipped words",
    "people/privacy/mentions.py: self.pattern": "a person's address, name and number, escaped",
    "web/accounts/passwords.py: '|'.join(map(re.escape, words))": "one's own name, escaped",
}
NEVER = {"eval", "exec", "compile", "__import__"}
# Who encrypts, and what.
ENCRYPTERS = {"web/accounts/adapters.py": "the secrets of second factors, as they lie in the table"}
DANGEROUS = {"pickle", "marshal", "shelve", "dill", "joblib"}


def modules():
    for path in sorted(CODE.rglob("*.py")):
        yield path.relative_to(CODE).as_posix(), path.read_text(encoding="utf-8")


def imported(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def users_of(names):
    return {
        name
        for name, text in modules()
        for one in imported(text)
        if any(one == wanted or one.startswith(f"{wanted}.") for wanted in names)
    }


def test_nothing_is_fetched_but_by_those_who_say_why():
    assert users_of(CLIENTS) == set(FETCHERS), "an HTTP client: name it in FETCHERS with a reason"


def test_secrets_are_encrypted_in_one_place_by_one_recipe():
    """Fernet: AES-128 in CBC mode, with HMAC-SHA256 over what it gives."""
    assert users_of({"cryptography", "Crypto", "nacl"}) == set(ENCRYPTERS)
    assert "Fernet(" in (CODE / next(iter(ENCRYPTERS))).read_text(encoding="utf-8")


def test_what_was_encrypted_and_then_changed_is_not_believed():
    from cryptography.fernet import InvalidToken

    from omzien.web.accounts.adapters import SecondFactorAdapter, _fernet

    adapter = SecondFactorAdapter()
    kept = adapter.encrypt("JBSWY3DPEHPK3PXP")
    assert adapter.decrypt(kept) == "JBSWY3DPEHPK3PXP" and "JBSW" not in kept
    assert adapter.encrypt("JBSWY3DPEHPK3PXP") != kept  # an own start each time
    for place in (12, 40, len(kept) - 5):
        changed = kept[:place] + ("A" if kept[place] != "A" else "B") + kept[place + 1 :]
        with pytest.raises(InvalidToken):
            _fernet().decrypt(changed)
        assert adapter.decrypt(changed) not in ("", "JBSWY3DPEHPK3PXP")


def test_no_other_program_is_started_but_by_those_who_say_why():
    assert users_of({"subprocess", "os.system", "os.popen", "pty"}) == set(STARTERS)


def test_nothing_is_unpickled_and_no_text_is_run_as_code():
    assert users_of(DANGEROUS) == set()
    for name, text in modules():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in NEVER, f"{name}:{node.lineno}"


def test_no_model_is_unpickled_from_a_file():
    for name, text in modules():
        assert "allow_pickle=True" not in text, name


def test_every_csv_and_spreadsheet_leaves_through_one_helper():
    found = {n for n, text in modules() if re.search(r"csv\.(writer|DictWriter)|Workbook\(", text)}
    assert found == {"kernel/cells.py", "directory/exporting/sheets.py"}
    sheets = (CODE / "directory/exporting/sheets.py").read_text(encoding="utf-8")
    assert "value=escaped(" in sheets and "csv." not in sheets


def test_bandit_finds_nothing():
    found = subprocess.run(
        [str(Path(sys.executable).parent / "bandit"), "-q", "-r", "src", "-c", "pyproject.toml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, found.stdout


def test_every_exception_for_bandit_has_a_test_id_and_a_reason():
    for name, text in modules():
        for number, line in enumerate(text.splitlines(), 1):
            if "nosec" in line:
                assert re.search(r"# nosec (B\d{3} ?)+# \S+", line), f"{name}:{number}"


# --- settings for production --------------------------------------------------------------------

WANTED = (
    "DEBUG", "ALLOWED_HOSTS", "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE",
    "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE",
    "CSRF_COOKIE_HTTPONLY", "CSRF_COOKIE_SAMESITE", "LANGUAGE_COOKIE_NAME", "HTTPS",
    "LANGUAGE_COOKIE_SECURE", "SHORTLIST_COOKIE_NAME", "MESSAGES_COOKIE_NAME", "COOKIE_PREFIX",
    "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_SSL_REDIRECT",
    "SECURE_PROXY_SSL_HEADER", "SECURE_REDIRECT_EXEMPT", "USE_X_FORWARDED_HOST",
    "PASSWORD_HASHERS", "SESSION_ENGINE", "SESSION_SERIALIZER", "SECURE_REFERRER_POLICY",
)  # fmt: skip


def production(*arguments):
    """Run something under the settings of production: no demo, HTTPS on."""
    environment = os.environ | {
        "OMZIEN_DEMO": "0",
        "OMZIEN_HTTPS": "1",
        "OMZIEN_DEBUG": "0",
        "OMZIEN_HOSTS": "meierijstad.localhost,maashorst.localhost",
        "OMZIEN_SECRET_KEY": "een-lange-sleutel-alleen-voor-deze-test-0123456789-abcdefghij-klm",
        "DJANGO_SETTINGS_MODULE": "omzien.config.settings",
        "PYTHONPATH": str(ROOT / "src"),
    }
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
    )


@pytest.fixture(scope="session")
def told():
    code = (
        "import json; from django.conf import settings;"
        f"print(json.dumps({{n: getattr(settings, n) for n in {WANTED!r}}}))"
    )
    done = production("-c", code)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_the_check_before_deployment_is_clean():
    code = (
        "import django; django.setup(); from django.core.management import call_command;"
        "call_command('check', deploy=True, fail_level='WARNING')"
    )
    done = production("-W", "ignore", "-c", code)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_only_preloading_is_left_to_the_municipality():
    from django.conf import settings

    assert settings.SILENCED_SYSTEM_CHECKS == ["security.W021"]


def test_production_is_closed_by_itself(told):
    from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

    from omzien.people.models.sessions import SessionStore

    assert told["DEBUG"] is False and told["HTTPS"] is True
    assert "*" not in told["ALLOWED_HOSTS"] and told["USE_X_FORWARDED_HOST"] is False
    for name in ("SESSION", "CSRF", "LANGUAGE", "SHORTLIST", "MESSAGES"):
        assert told[f"{name}_COOKIE_NAME"].startswith("__Host-")
    for name in ("SESSION", "CSRF"):
        assert told[f"{name}_COOKIE_SECURE"] is told[f"{name}_COOKIE_HTTPONLY"] is True
        assert told[f"{name}_COOKIE_SAMESITE"] == "Lax"
    assert told["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert told["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is told["SECURE_SSL_REDIRECT"] is True
    # Our own table, by Django's own store: random keys, and what a session knows in the database.
    assert told["SESSION_ENGINE"] == SessionStore.__module__
    assert issubclass(SessionStore, DatabaseStore)
    own = set(vars(SessionStore)) - set(vars(type("", (), {})))
    # It may be handed a row that this request read already: tests/web/test_wall_queries.py.
    assert own - {"__annotations__"} == {
        "get_model_class", "create_model_instance", "beforehand", "_get_session_from_db",
    }  # fmt: skip
    assert told["SESSION_SERIALIZER"].endswith("JSONSerializer")
    assert told["PASSWORD_HASHERS"][0].endswith("ScryptPasswordHasher")


def test_without_any_setting_debug_is_off_and_https_is_on():
    bare = {k: v for k, v in os.environ.items() if k in ("PATH", "OMZIEN_VAR", "HOME")}
    code = "from omzien.config import settings as s; print(s.DEBUG, s.DEMO, s.HTTPS)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=bare | {"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
    )
    assert done.stdout.split() == ["False", "False", "True"], done.stderr


def test_no_secret_is_in_the_repository():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    names = tracked.stdout.splitlines()
    bad = re.compile(r"(^|/)(\.env|secret_key|id_[a-z0-9]+|.*\.(pem|key|p12|pfx))$")
    assert [name for name in names if bad.search(name)] == []
    marks = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|xox[bp]-\d|ghp_\w{36}")
    for name in names:
        path = ROOT / name
        if path.suffix in {".py", ".md", ".toml", ".yml", ".json", ".txt", ""} and path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            assert name == "tests/house/test_hardening.py" or not marks.search(text), name


def test_no_template_and_no_pattern_is_made_of_what_somebody_typed():
    """A pattern is a constant, made of constants, or of words that were escaped."""
    for name, text in modules():
        assert not re.search(r"from_string\(|[^.\w]Template\(", text), name
        for node in ast.walk(ast.parse(text)):
            if not (isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re.")):
                continue
            pattern = node.args[0]
            if ast.unparse(node.func) == "re.escape" or isinstance(pattern, ast.Constant):
                continue
            parts = [n.id for n in ast.walk(pattern) if isinstance(n, ast.Name)]
            is_constant = all(part.lstrip("_").isupper() for part in parts)
            source = ast.unparse(pattern)
            assert is_constant or f"{name}: {source}" in PATTERNS, f"{name}:{node.lineno}: {source}"


def test_our_script_writes_text_only_and_stores_nothing():
    for path in (CODE / "design" / "static" / "omzien").rglob("*.js"):
        text = path.read_text(encoding="utf-8")
        for bad in (
            "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(",
            "localStorage", "sessionStorage", "indexedDB", "postMessage", "document.cookie",
        ):  # fmt: skip
            assert bad not in text, (path.name, bad)


def test_every_way_of_signing_in_is_on_paper():
    from django.conf import settings

    text = (ROOT / "docs/operations/signing-in.md").read_text(encoding="utf-8")
    words = {"totp": "app (TOTP)", "webauthn": "passkey", "recovery_codes": "recovery code"}
    ways = [words[kind] for kind in settings.MFA_SUPPORTED_TYPES]
    for way in (*ways, "a code of six digits in the mail", "password", "OpenID Connect"):
        assert way in text, way


def test_the_rules_on_paper_are_the_rules_in_code():
    from django.conf import settings

    from omzien.api import gate
    from omzien.directory.actions.importing import files
    from omzien.directory.importing import packed, table
    from omzien.kernel import images
    from omzien.people.actions import codes
    from omzien.people.rules import sessions
    from omzien.web.answers.forms import MOST_CHARACTERS

    text = (ROOT / "docs/security/rules.md").read_text(encoding="utf-8")
    for number in (
        files.MOST_BYTES // 1024 // 1024, packed.MOST_BYTES // 1_000_000, packed.MOST_MEMBERS,
        table.MOST_ROWS, files.MOST_WAITING, images.MOST_BYTES // 1_000_000, images.MOST_SIDE,
        images.MOST_PIXELS // 1_000_000, gate.PER_HOUR, MOST_CHARACTERS, packed.MOST_RATIO,
        settings.MOST_REQUEST_BYTES // 1_000_000, settings.DATA_UPLOAD_MAX_NUMBER_FIELDS,
        settings.AUTH_PASSWORD_VALIDATORS[0]["OPTIONS"]["min_length"],
    ):  # fmt: skip
        assert re.search(rf"(?<!\d){number}(?!\d)", text.replace(",", "")), number
    limits = settings.ACCOUNT_RATE_LIMITS
    failed, asked = (
        dict(part.rsplit("/", 1)[::-1] for part in limits[name].split(","))
        for name in ("login_failed", "request_login_code")
    )
    for words in (
        f"{failed['key'].split('/')[0]} in 10 minutes per visitor and address",
        f"{failed['ip'].split('/')[0]} in 10 minutes per visitor;",
        f"{asked['key'].split('/')[0]} codes in 15 minutes",
        f"{limits['second_step'].split('/h/')[0]} an hour per account",
        f"works {codes.WORKS_FOR.seconds // 60} minutes",
        f"{codes.MOST_TRIES} tries",
        f"{sessions.IDLE_AT_WORK.seconds // 60} minutes without a click",
        f"{sessions.IDLE.seconds // 3600} hours without a click",
        f"{sessions.ABSOLUTE_AT_WORK.seconds // 3600} hours at most",
        f"{sessions.ABSOLUTE.seconds // 3600} hours at most",
        f"at most {sessions.MOST_AT_ONCE} sessions at once",
        f"at most {sessions.PROVEN_WITHIN.seconds // 3600} hours: we ask with `max_age`",
        f"link for a new password: {settings.PASSWORD_RESET_TIMEOUT // 3600} hour",
    ):
        assert words in text, words
    assert limits["login_failed"].count("/10m/") == 2 and "/15m/" in limits["request_login_code"]
    for ending in files.ENDINGS:
        assert ending in text
    for name in (*FETCHERS, *STARTERS):
        assert name in text
