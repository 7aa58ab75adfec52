"""The OpenAPI document of a profile, made from the same tables as its answers."""

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any

from omzien.api.hsds.asked import PARAMETERS
from omzien.api.hsds.profiles import Profile
from omzien.api.hsds.resource import Resource
from omzien.api.problems import CONTENT_TYPE

LIST_PROBLEMS = {"400": "BadRequest", "429": "TooMany"}
BODY_PROBLEMS = LIST_PROBLEMS | {"411": "NoLength", "413": "TooLarge", "415": "NotJson"}
ONE_PROBLEMS = {"400": "BadRequest", "404": "NotFound", "429": "TooMany"}
JSON = "application/json"


@lru_cache(maxsize=1)
def shapes() -> dict[str, Any]:
    """Return the shapes of what we give (shapes.json): schemas by name."""
    text = files("omzien.api.hsds").joinpath("shapes.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def document(profile: Profile, *, server: str) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of a profile."""
    paths: dict[str, Any] = {"/": {"get": _root()}}
    for name, resource in profile.resources.items():
        paths[f"/{name}"] = {"get": _list(resource), "post": _search(resource)}
        paths[f"/{name}/{{id}}"] = {"get": _one(resource)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": profile.title,
            "version": "3.1.3" if profile.key == "hsds" else "3.0.0",
            "summary": "Wat er voor mensen te doen en te krijgen is in de gemeente. Alleen lezen.",
            "description": f"Profile: {profile.uri}. Different parameters combine with AND; of one "
            "that is repeated any value will do. What HSDS cannot say starts with `omzien_`.",
            "license": {"name": "CC0-1.0", "identifier": "CC0-1.0"},
        },
        "servers": [{"url": server}],
        "tags": [{"name": name} for name in ("info", *profile.resources)],
        "paths": paths,
        "components": {
            "schemas": shapes()["schemas"],
            "parameters": {n: _parameter(n) for n in _all_names(profile)},
            "responses": {
                name: {
                    "description": meaning,
                    "content": {CONTENT_TYPE: {"schema": _ref("Problem")}},
                }
                for name, meaning in shapes()["problems"].items()
            },
        },
    }


def _all_names(profile: Profile) -> list[str]:
    names = [n for r in profile.resources.values() for n in (*r.parameters, *r.of_one)]
    return list(dict.fromkeys(names))


def _parameter(name: str) -> dict[str, Any]:
    parameter = PARAMETERS[name]
    out = {"name": name, "in": "query", "required": False, "description": parameter.meaning}
    if not parameter.many:
        return out | {"schema": parameter.schema}
    return out | {"schema": {"type": "array", "items": parameter.schema}, "explode": True}


def _root() -> dict[str, Any]:
    return {
        "operationId": "getAPIMetaInformation",
        "tags": ["info"],
        "summary": "Which form of HSDS this is.",
        "responses": {"200": _answer(_ref("Root")), "429": _problem("TooMany")},
    }


def _list(resource: Resource) -> dict[str, Any]:
    return {
        "operationId": f"list_{resource.name}",
        "tags": [resource.name],
        "summary": f"A page of {resource.name}.",
        "parameters": [{"$ref": f"#/components/parameters/{n}"} for n in resource.parameters],
        "responses": {"200": _page(resource), **_problems(LIST_PROBLEMS)},
    }


def _search(resource: Resource) -> dict[str, Any]:
    properties = {n: _in_body(n) for n in resource.parameters}
    schema = {"type": "object", "properties": properties}
    return {
        "operationId": f"search_{resource.name}",
        "tags": [resource.name],
        "summary": "The same with the parameters in the body: your words stay out of the address.",
        "requestBody": {"required": False, "content": {JSON: {"schema": schema}}},
        "responses": {"200": _page(resource), **_problems(BODY_PROBLEMS)},
    }


def _in_body(name: str) -> dict[str, Any]:
    parameter = PARAMETERS[name]
    if not parameter.many:
        return parameter.schema
    return {"anyOf": [parameter.schema, {"type": "array", "items": parameter.schema}]}


def _one(resource: Resource) -> dict[str, Any]:
    number = {
        "name": "id",
        "in": "path",
        "required": True,
        "description": "The id of the thing.",
        "schema": {"type": "string", "format": "uuid"},
    }
    more = [{"$ref": f"#/components/parameters/{n}"} for n in resource.of_one]
    return {
        "operationId": f"get_{resource.name}",
        "tags": [resource.name],
        "summary": "One thing with everything inside it.",
        "parameters": [number, *more],
        "responses": {"200": _answer(_ref(resource.shape)), **_problems(ONE_PROBLEMS)},
    }


def _page(resource: Resource) -> dict[str, Any]:
    item: dict[str, Any] = _ref(resource.shape)
    if "minimal" in resource.parameters:
        item = {"anyOf": [item, _ref("Minimal")]}
    contents = {"properties": {"contents": {"type": "array", "items": item}}}
    answer = _answer({"allOf": [_ref("Page"), contents]})
    answer["content"]["application/x-ndjson"] = {"schema": {"type": "string"}}
    return answer


def _answer(schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": "What was asked.", "content": {JSON: {"schema": schema}}}


def _problems(names: dict[str, str]) -> dict[str, Any]:
    return {status: _problem(name) for status, name in names.items()}


def _problem(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/responses/{name}"}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}
