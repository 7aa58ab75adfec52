"""Rules of the repository: docs name what the code has, and the tree stays in one shape."""

import ast
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


def test_no_page_gives_a_name_to_a_part_that_every_page_has():
    """What is called the same twice is not found: a script speaks to the wrong part."""
    folder = ROOT / "src/omzien/web/templates"
    ids = re.compile(r'\bid="([^"{]+)"')
    everywhere = set(ids.findall((folder / "base.html").read_text(encoding="utf-8")))
    assert everywhere
    for page in folder.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        if page.name != "base.html" and "extends" in text:
            assert everywhere & set(ids.findall(text)) == set(), page.name


def test_the_settings_page_names_every_setting():
    code = (ROOT / "src/omzien/config/settings.py").read_text(encoding="utf-8")
    names = set(re.findall(r'env\.(?:text|flag|number|names)\(\s*"([A-Z_]+)"', code))
    page = (ROOT / "docs/operations/settings.md").read_text(encoding="utf-8")
    assert len(names) > 10
    assert sorted(n for n in names if n not in page) == []


def _named_journeys():
    """The journeys on the page of seeds: (file, test), where no test means all of the file."""
    page = (ROOT / "docs/seeds.md").read_text(encoding="utf-8")
    found, here = [], ""
    for file, test in re.findall(r"(test_\w+\.py)?(?:::(test_\w+))?", page):
        here = file or here
        if file or test:
            found.append((here, test))
    return found


def test_every_journey_that_the_page_of_seeds_names_is_there():
    named = _named_journeys()
    assert len(named) > 15
    for file, test in named:
        code = (ROOT / "tests/journeys" / file).read_text(encoding="utf-8")
        assert not test or f"def {test}(" in code, f"{file}::{test}"


# What a hand does with a mouse, and what fills in a form without a key being pressed; `ask` is
# the short way of a visitor. To choose a file no page has keys: that window is the browser's own.
BY_HAND = frozenset(
    {
        "ask", "check", "click", "dblclick", "dispatch_event", "drag_to", "fill", "hover", "mouse",
        "select_option", "set_checked", "tap", "uncheck",
    }
)  # fmt: skip
# The page of roles is there in the demonstration only, in the place of signing in.
STANDS_IN = {"become"}


def _functions(name):
    tree = ast.parse((ROOT / "tests/journeys" / name).read_text(encoding="utf-8"))
    return tree, {one.name: one for one in tree.body if isinstance(one, ast.FunctionDef)}


def _by_hand(name, function):
    """Return where a walk, or what it calls in the folder of journeys, uses no keyboard."""
    found, done, todo = [], set(), [(name, function)]
    while todo:
        file, wanted = todo.pop()
        if (file, wanted) in done or wanted in STANDS_IN:
            continue
        done.add((file, wanted))
        tree, functions = _functions(file)
        if wanted not in functions:
            continue
        come_from = {
            alias.asname or alias.name: one.module.rpartition(".")[2] + ".py"
            for one in tree.body
            if isinstance(one, ast.ImportFrom) and (one.module or "").startswith("tests.journeys.")
            for alias in one.names
        }
        for node in ast.walk(functions[wanted]):
            if isinstance(node, ast.Attribute) and node.attr in BY_HAND:
                found.append(f"{file}:{node.lineno} {node.attr}")
            if isinstance(node, ast.Name):
                todo.append((come_from.get(node.id, file), node.id))
    return found


def test_the_journeys_of_the_seeds_need_the_keyboard_only():
    todo = [
        (file, test)
        for file, named in _named_journeys()
        for test in ([named] if named else _functions(file)[1])
        if test.startswith("test_")
    ]
    assert len(todo) > 20
    assert sorted({line for one in todo for line in _by_hand(*one)}) == []
    # The rule sees a hand: this walk, which no seed names, uses one.
    assert _by_hand("test_helping.py", "test_a_resident_looks_at_everything_around_their_question")


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
