"""The bill of materials: every part that runs, with its version, in CycloneDX (`make sbom`)."""

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]


def components(text):
    made = json.loads(text)
    assert made["bomFormat"] == "CycloneDX"
    return {one["name"].split("/")[-1]: one for one in made["components"]}


def test_the_bill_of_materials_names_every_part_that_we_ask_for():
    made = subprocess.run(
        [sys.executable, "-m", "cyclonedx_py", "environment", "--pyproject", "pyproject.toml",
         "--output-reproducible", "--no-validate", sys.executable],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = components(made.stdout)
    names = {canonicalize_name(name) for name in found}
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    for line in asked:
        assert canonicalize_name(Requirement(line).name) in names
    django = found["Django"]
    assert django["version"] and django["purl"].startswith("pkg:pypi/django@")
    assert django["licenses"]


def test_the_style_sheets_are_in_it_too():
    npm = shutil.which("npm") or shutil.which("npm", path=str(Path(sys.executable).parent))
    if npm is None:
        pytest.skip("npm is not here: `make setup` brings it")
    made = subprocess.run(
        [npm, "sbom", "--sbom-format", "cyclonedx", "--package-lock-only", "--omit=dev"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = components(made.stdout)
    asked = json.loads((ROOT / "package.json").read_text())
    assert {name.split("/")[-1] for name in asked["dependencies"]} <= set(found)
    assert not {name.split("/")[-1] for name in asked["devDependencies"]} & set(found)


def test_the_makefile_writes_both():
    text = (ROOT / "Makefile").read_text()
    assert "sbom/python.cdx.json" in text and "sbom/browser.cdx.json" in text
