"""N2: for every kind of mail somebody answers, when it goes, for whom it may still be."""

import ast
from pathlib import Path
from uuid import uuid4

import pytest

from omzien.messages import rights
from omzien.messages.models import Message

CODE = Path(__file__).parents[2] / "src"
# The only three by which a mail gets its key; all others pass it on to one of these.
ROOTS = ("tell", "write_to", "tell_owner")


def modules() -> dict[str, ast.Module]:
    paths = (path for path in CODE.rglob("*.py") if "migrations" not in path.parts)
    return {path.relative_to(CODE).as_posix(): ast.parse(path.read_text()) for path in paths}


def name_of(node: ast.expr) -> str:
    return getattr(node, "id", "") or getattr(node, "attr", "")


def calls(tree: ast.AST):
    """Yield each call with the function it stands in."""
    for home in ast.walk(tree):
        if isinstance(home, ast.FunctionDef):
            for node in ast.walk(home):
                if isinstance(node, ast.Call):
                    yield home, node


class Kinds:
    """Finds the first words of the keys of all mails in the code; what it cannot read, it says."""

    def __init__(self, trees: dict[str, ast.Module]):
        self.trees = trees
        self.found: set[str] = set()
        self.unread: list[str] = []
        for module, tree in trees.items():
            for home, call in calls(tree):
                key = next((k.value for k in call.keywords if k.arg == "key"), None)
                if name_of(call.func) in ROOTS and key is not None and home.name not in ROOTS:
                    self.read(key, home, module)

    def read(self, value: ast.expr | None, home: ast.FunctionDef, module: str) -> None:
        match value:
            case ast.Constant(value=str(text)):
                self.found.add(text.partition(":")[0])
            case ast.JoinedStr(values=[ast.FormattedValue(value=first), *_]):
                self.read(first, home, module)
            case ast.JoinedStr(values=[first, *_]):
                self.read(first, home, module)
            case ast.IfExp():
                self.read(value.body, home, module)
                self.read(value.orelse, home, module)
            case ast.Name(id=name):
                self.read_name(name, home, module)
            case _:
                self.unread.append(f"{module}:{getattr(value, 'lineno', home.lineno)}")

    def read_name(self, name: str, home: ast.FunctionDef, module: str) -> None:
        arguments = [*home.args.args, *home.args.kwonlyargs]
        values = list(assigned(name, home)) or list(assigned(name, self.trees[module]))
        if name in [one.arg for one in arguments]:
            self.read_callers(name, home, module)
        elif values:
            for one in values:
                self.read(one, home, module)
        else:
            self.unread.append(f"{module}:{home.lineno} {name}")

    def read_callers(self, name: str, home: ast.FunctionDef, module: str) -> None:
        place = [one.arg for one in home.args.args].index(name) if name in [
            one.arg for one in home.args.args] else None  # fmt: skip
        takes = {one.arg for one in [*home.args.args, *home.args.kwonlyargs]}
        where = [module] if home.name.startswith("_") else list(self.trees)
        for one in where:
            for caller, call in calls(self.trees[one]):
                named = {k.arg: k.value for k in call.keywords}
                is_other = not (named.keys() <= takes or home.args.kwarg) or (
                    name not in named and (place is None or place >= len(call.args))
                )
                if name_of(call.func) != home.name or caller is home or is_other:
                    continue
                given = named.get(name) or call.args[place]
                self.read(given, caller, one)


def assigned(name: str, tree: ast.AST):
    """Yield what a name is given in a function, or at the top of a module."""
    body = tree.body if isinstance(tree, ast.Module) else ast.walk(tree)
    for node in body:
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            if name_of(target) == name:
                yield node.value
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = zip(target.elts, node.value.elts, strict=True)
                yield from (value for one, value in pairs if name_of(one) == name)


def test_for_every_kind_of_mail_somebody_answers_who_may_still_get_it():
    kinds = Kinds(modules())
    assert kinds.unread == [], "a key that starts with what cannot be read here"
    assert kinds.found - rights.known() == set(), "no check, and no reason why not"
    assert rights.known() - kinds.found == set(), "a check for mail that nobody sends"
    assert len(kinds.found) > 50


def test_a_kind_is_checked_or_has_a_reason_and_not_both():
    assert not set(rights.AS_WRITTEN) & set(rights._known)
    assert all(len(why) > 20 for why in rights.AS_WRITTEN.values())


@pytest.mark.parametrize(
    "code",
    [
        'def f(row):\n    write_to([], MAILS, "c", key=f"new:{row.pk}")',
        'def f(row):\n    key = f"new:{row.pk}"\n    tell(key=key)',
        'def f(row):\n    g(row, "new")\ndef g(row, what):\n    tell(key=f"{what}:{row.pk}")',
        'NEW = "new"\ndef f(row):\n    tell(key=f"{NEW}:{row.pk}")',
    ],
)
def test_a_new_kind_is_seen(code):
    assert Kinds({"a.py": ast.parse(code)}).found == {"new"}


def test_a_kind_that_comes_from_elsewhere_is_not_passed_by():
    code = "def f(row):\n    tell(key=words_of(row))"
    assert Kinds({"a.py": ast.parse(code)}).unread


@pytest.mark.django_db
def test_mail_of_an_unknown_kind_or_about_nothing_goes_to_nobody(caplog):
    for kind in sorted(rights.known() - rights.AS_WRITTEN.keys()):
        for rest in (f":{uuid4()}", f":{uuid4()}:{uuid4()}:x", ":proef", ""):
            message = Message(key=f"{kind}{rest}", recipient="weg@voorbeeld.example")
            if kind not in EDITORS:
                assert not rights.may_still_go(message), message.key
    assert not caplog.records
    unknown = Message(key="nieuw@x.example:1", recipient="weg@voorbeeld.example")
    assert not rights.may_still_go(unknown)
    assert str(unknown.pk) in caplog.text and "@" not in caplog.text


EDITORS = ("left", "report", "edit", "late", "late-edit")  # by the address of the municipality
