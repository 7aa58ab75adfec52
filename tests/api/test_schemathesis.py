"""Schemathesis reads our three documents and sends what they allow, and what they do not.

OMZIEN_API_EXAMPLES sets how many requests each operation gets in each mode; without it 8, the
same ones each time.
"""

import os

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks as openapi

from omzien.api import gate
from omzien.api.v1 import feedback
from omzien.config.wsgi import application
from tests.api.conftest import HOST

pytestmark = [pytest.mark.django_db, pytest.mark.proofs]
EXAMPLES = int(os.environ.get("OMZIEN_API_EXAMPLES", "8"))
ALWAYS = [
    not_a_server_error,
    openapi.status_code_conformance,
    openapi.content_type_conformance,
    openapi.response_schema_conformance,
    openapi.response_headers_conformance,
]


@pytest.fixture
def server(directory, monkeypatch):
    """The real WSGI application in the transaction of the test, without limits."""
    monkeypatch.setattr(gate, "PER_HOUR", 10**9)
    monkeypatch.setattr(feedback, "PER_HOUR", 10**9)
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield application
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("name", ["hsds/v3", "uk/v3", "api/v1"])
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_an_api_keeps_to_its_document(server, name, mode):
    schema = schemathesis.openapi.from_wsgi(f"/{name}/openapi.json", server, headers={"Host": HOST})
    tried = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        takes = [*operation.path_parameters, *operation.query, *operation.body]
        if takes or mode is GenerationMode.POSITIVE:  # without input nothing can be wrong
            _send(operation, mode)
            tried += 1
    assert tried >= 3


def _send(operation, mode):
    @settings(
        max_examples=EXAMPLES,
        derandomize="OMZIEN_API_EXAMPLES" not in os.environ,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case):
        case.call_and_validate(headers={"Host": HOST}, checks=ALWAYS)

    send()
