"""Rules of the repository: docs name what the code has, and the tree stays in one shape."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.apps import apps
from django.core.management import call_command

ROOT = Path(__file__).parents[2]


def test_the_glossary_names_every_model():
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    ours = [m for m in apps.get_models() if m.__module__.startswith("omzien.")]
    assert len(ours) > 15
    assert [m.__name__ for m in ours if f"| {m.__name__} |" not in text] == []


def test_the_settings_page_names_every_setting():
    code = (ROOT / "src/omzien/config/settings.py").read_text(encoding="utf-8")
    names = set(re.findall(r'env\.(?:text|flag|number|names)\(\s*"([A-Z_]+)"', code))
    page = (ROOT / "docs/operations/settings.md").read_text(encoding="utf-8")
    assert len(names) > 10
    assert sorted(n for n in names if n not in page) == []


def test_every_journey_that_the_page_of_seeds_names_is_there():
    page = (ROOT / "docs/seeds.md").read_text(encoding="utf-8")
    named, here = re.findall(r"(test_\w+\.py)|::(test_\w+)", page), ""
    assert len(named) > 20
    for file, test in named:
        here = file or here
        code = (ROOT / "tests/journeys" / here).read_text(encoding="utf-8")
        assert not test or f"def {test}(" in code, f"{here}::{test}"


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_publiccode_is_complete():
    data = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    assert data["publiccodeYmlVersion"].startswith("0.7")
    for key in (
        "name",
        "url",
        "platforms",
        "developmentStatus",
        "softwareType",
        "description",
        "legal",
        "maintenance",
        "localisation",
    ):
        assert data[key], key
    assert data["legal"]["license"] == "EUPL-1.2"
    for text in data["description"].values():
        assert len(text["shortDescription"]) <= 150
        assert 150 <= len(text["longDescription"]) <= 10_000
        assert text["features"]


def test_the_layers_hold():
    found = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports")],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize("pattern", [r"\son[a-z]+=\"", r"<style", r"\sstyle=\""])
def test_no_template_has_inline_script_or_style(pattern):
    for path in (ROOT / "src").rglob("*.html"):
        text = path.read_text(encoding="utf-8").replace('style="border:0"', "")
        assert not re.search(pattern, text), path


def test_no_file_names_the_workplace():
    for path in [*ROOT.glob("*.md"), *(ROOT / "src").rglob("*.py"), *(ROOT / "docs").rglob("*.md")]:
        text = path.read_text(encoding="utf-8")
        assert "/work/" not in text and "../shared" not in text, path


def test_the_hooks_before_a_commit_name_commands_that_are_here():
    config = ROOT / ".pre-commit-config.yaml"
    repositories = yaml.safe_load(config.read_text(encoding="utf-8"))["repos"]
    assert {r["repo"] for r in repositories} == {"local"}, "a hook from elsewhere needs network"
    here = Path(sys.executable).parent
    hooks = [hook for r in repositories for hook in r["hooks"]]
    assert len(hooks) >= 4
    for hook in hooks:
        command, *_options = hook["entry"].split()
        assert hook["language"] == "system"
        assert command.startswith(".venv/bin/") and (here / Path(command).name).exists(), hook["id"]
    checked = subprocess.run([str(here / "prek"), "validate-config", str(config)], cwd=ROOT)
    assert checked.returncode == 0


def test_demonstration_mail_addresses_lead_nowhere():
    for path in (ROOT / "src/omzien/demo/data").glob("*.jsonl"):
        for address in re.findall(r'"email": "([^"]+)"', path.read_text(encoding="utf-8")):
            assert address.endswith((".example", ".nl")), address


def test_the_handbook_shows_the_role_table():
    from omzien.web.people.roles import handbook

    page = (ROOT / "docs" / "handboek" / "rollen.md").read_text(encoding="utf-8")
    assert page == handbook(), "run `omzien handbook`"
