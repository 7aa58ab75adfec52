"""The three OpenAPI documents: valid, true to the addresses, and green for the Dutch rules."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client
from openapi_spec_validator import validate

from tests.api.conftest import SHARED_DATA

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]
DOCUMENTS = {name: f"/{name}/openapi.json" for name in ("hsds/v3", "uk/v3", "api/v1")}


@pytest.fixture
def get(world):
    world.meierijstad.editors_email = "redactie@meierijstad.example"
    world.meierijstad.save()
    return Client(HTTP_HOST="meierijstad.localhost").get


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_valid_and_names_its_server(get, name):
    document = get(DOCUMENTS[name]).json()
    validate(document)
    assert document["servers"] == [{"url": f"http://meierijstad.localhost/{name}"}]
    assert not re.search(r'"\$ref":\s*"http', json.dumps(document))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_described_address_exists(get, name):
    for path, operations in get(DOCUMENTS[name]).json()["paths"].items():
        if "get" in operations and "{" not in path:
            assert get(f"/{name}{path}").status_code == 200, path


def test_hsds_has_every_endpoint_and_parameter_of_the_specification(get, shared_hsds):
    theirs = json.loads((shared_hsds / "hsds-3.1/schema/openapi.json").read_text())
    _has_all(get(DOCUMENTS["hsds/v3"]).json(), theirs)


def test_the_uk_profile_has_every_endpoint_and_parameter_of_its_own(get, shared_hsds):
    theirs = json.loads((shared_hsds / "oruk-3.0/schema/openapi.json").read_text())
    _has_all(get(DOCUMENTS["uk/v3"]).json(), theirs)


def _names(operation):
    refs = [p.get("name") or p["$ref"].rsplit("/", 1)[1] for p in operation.get("parameters", [])]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return {*refs, *body.get("schema", {}).get("properties", {})}


def _has_all(ours, theirs):
    for path, operations in theirs["paths"].items():
        for method in operations.keys() & {"get", "post"}:
            missing = _names(operations[method]) - _names(ours["paths"][path][method])
            assert missing == set(), (path, method)


def test_our_own_api_is_green_for_the_dutch_design_rules(get, tmp_path):
    spectral = ROOT / "node_modules/.bin/spectral"
    rules = SHARED_DATA / "data/standards/adr-linter.yaml"
    if not rules.exists() or not spectral.exists() or not _node():
        pytest.skip(f"OVERGESLAGEN: geen {rules}, of geen Spectral (npm ci)")
    document = tmp_path / "openapi.json"
    body = get(DOCUMENTS["api/v1"]).json()
    body["servers"] = [{"url": "https://meierijstad.example/api/v1"}]
    document.write_text(json.dumps(body))
    found = _lint(spectral, rules, document)
    assert found.returncode == 0 and "No results" in found.stdout, found.stdout + found.stderr
    # Control: the rules are really read.
    del body["info"]["contact"]
    document.write_text(json.dumps(body))
    assert "info-contact" in _lint(spectral, rules, document).stdout


def _lint(spectral, rules, document):
    path = f"{Path(_node()).parent}{os.pathsep}{os.environ['PATH']}"
    command = [str(spectral), "lint", "-r", str(rules), "--fail-severity", "warn", str(document)]
    return subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "PATH": path}, cwd=ROOT
    )


def _node():
    beside = Path(sys.executable).parent / "node"
    return str(beside) if beside.exists() else shutil.which("node")


def test_our_document_names_the_municipality_that_serves_it(get):
    assert get("/api/v1/openapi.json").json()["info"]["contact"] == {
        "name": "Meierijstad",
        "url": "http://meierijstad.localhost/open-data",
        "email": "redactie@meierijstad.example",
    }
