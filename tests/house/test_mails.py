"""No mail leaves with words that a municipality cannot choose: each stands in the one registry."""

import ast
from importlib import import_module
from pathlib import Path

import pytest

from omzien.choices.mails import MAILS, PLACES, SECTIONS
from omzien.directory import mails as of_entries
from omzien.kernel.filling import places
from omzien.messages import signing_in
from omzien.messages.mails import Mail, shipped
from omzien.questions import mails as of_questions

CODE = Path(__file__).parents[2] / "src"
# What only these modules may make; all others pass on what they get from `written`.
MAKERS = {
    "Letter": {"omzien.messages.mails", "omzien.choices.mails"},
    "Message": {"omzien.messages.actions"},
    "EmailMessage": {"omzien.messages.actions", "omzien.messages.direct"},
    "EmailMultiAlternatives": set(),
    "email_user": set(),
    "send_mail": set(),
    "send_mass_mail": set(),
    "mail_admins": set(),
    "mail_managers": set(),
}
# Which argument is the table of mails; the code comes after it.
SENDERS = {"written": 0, "write_to": 1}
PASSES_ON = {"omzien.messages.letters"}
# What opens something without signing in, or asks somebody to sign in.
WAYS_IN = {
    *signing_in.MAILS,
    "proxy-asked",
    "aftercare-mail",
    "handover-code",
    "team-offered",
    "team-reminded",
    "team-contact-reminded",
    "team-report-due",
    "team-link-again",
    "team-reopened",
}


def name_of(node: ast.expr) -> str:
    return getattr(node, "id", "") or getattr(node, "attr", "")


def calls(source: str):
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield name_of(node.func), node


def strange(module: str, source: str) -> list[str]:
    """Return what a module does about mail that only the registry may do."""
    found = []
    for name, node in calls(source):
        is_kept = name in ("create", "bulk_create", "get_or_create", "update_or_create")
        if is_kept and ast.unparse(node.func).startswith("Message.objects"):
            name = "Message"
        if name in MAKERS and module not in MAKERS[name]:
            found.append(f"{module}:{node.lineno} {name}")
        if name in SENDERS and module not in PASSES_ON:
            table = node.args[SENDERS[name]]
            code = node.args[SENDERS[name] + 1]
            is_table = isinstance(table, ast.Name) and table.id == "MAILS"
            is_unknown = isinstance(code, ast.Constant) and code.value not in MAILS
            if not is_table or is_unknown:
                found.append(f"{module}:{node.lineno} {name}")
    return found


def modules() -> dict[str, str]:
    paths = sorted(path for path in CODE.rglob("*.py") if "migrations" not in path.parts)
    names = (path.relative_to(CODE).with_suffix("").as_posix().replace("/", ".") for path in paths)
    return {name: path.read_text() for name, path in zip(names, paths, strict=True)}


def test_every_mail_comes_from_a_table():
    found = modules()
    senders = [n for n, source in found.items() if {"written(", "write_to("} & words(source)]
    assert len(senders) > 8
    assert [one for name, source in found.items() for one in strange(name, source)] == []


def words(source: str) -> set[str]:
    return {f"{name}(" for name, _node in calls(source)}


@pytest.mark.parametrize(
    "source",
    [
        'tell(municipality=m, key="k", recipients=[a], letter=Letter("Dag", "tekst"))',
        'Letter(subject="Dag", body="tekst")',
        'mails.Letter("Dag", "tekst")',
        'written({"own": mail}, "own", town, {})',
        'written(OTHERS, "code", town, {})',
        'written(MAILS, "not-there", town, {})',
        'write_to([a], TEXTS, "code", municipality=m, key="k", path="/")',
        'EmailMessage(subject="Dag")',
        'send_mail("Dag", "tekst", None, [a])',
        'user.email_user("Dag", "tekst")',
        'insert([Message(recipient=a, body="tekst")])',
        'Message.objects.create(body="tekst")',
    ],
)
def test_a_mail_with_words_of_its_own_is_seen(source):
    assert strange("omzien.questions.actions.new", source)


def test_every_table_of_mails_is_in_the_registry():
    tables = 0
    for name, source in modules().items():
        if not {"Mail(", "notice("} & words(source) or name == "omzien.messages.mails":
            continue
        module = import_module(name)
        tables += 1
        assert module.MAILS.items() <= MAILS.items(), name
        for table in vars(module).values():
            mails = list(table.values()) if isinstance(table, dict) else [table]
            own = [one for one in mails if isinstance(one, Mail)]
            assert all(one in module.MAILS.values() for one in own), name
    assert tables == 8
    assert sum(len(one) for one in SECTIONS.values()) == len(MAILS)


def test_every_mail_has_a_title_of_its_own_and_known_places():
    titles = [str(mail.title) for mail in MAILS.values()]
    assert len(set(titles)) == len(titles)
    for code, mail in MAILS.items():
        letter = shipped(mail, None)
        used = places(letter.subject + letter.body)
        assert used <= set(mail.places) <= set(PLACES), code
        assert mail.needed <= places(letter.body), code
    for table in (of_entries.PLACES, of_questions.PLACES, signing_in.PLACES):
        assert table.items() <= PLACES.items()


def test_a_notice_says_neither_what_it_is_about_nor_about_whom():
    allowed = {"link", "gemeente", "nummer", "telefoons", "code"}
    for section in ("residents", "teams", "handovers"):
        for code, mail in SECTIONS[section].items():
            assert set(mail.places) <= allowed, code
            # Where it leads somewhere, its reader must be able to go there.
            assert set(mail.places) - {"gemeente"} == mail.needed, code


def test_what_lets_somebody_in_is_kept_as_such():
    assert {code for code, mail in MAILS.items() if mail.is_way_in} == WAYS_IN
    for code in WAYS_IN:
        assert places(shipped(MAILS[code], None).subject) <= {"gemeente"}, code
