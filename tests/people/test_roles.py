"""The role table against the matrix of roles and permissions that the design notes give.

`tests/data/matrix.md` is that matrix, word for word. `MEANS` says for each of its lines which
verbs it speaks of and what its words are in our letters. Every cell of it is compared.
"""

import re
from pathlib import Path

import pytest

from omzien.people import rules
from omzien.people.rules.roles import (
    IN_A_TEAM,
    PRIVILEGED,
    STRONG,
    STRONG_VERBS,
    Actor,
    BadTable,
    Role,
    lines,
    read,
    table,
    verbs,
)

MATRIX = Path(__file__).parents[1] / "data" / "matrix.md"
COLUMNS = {
    "I": (Role.RESIDENT,),
    "M": (Role.PROXY,),
    "V": (Role.VOLUNTEER, Role.INITIATOR),
    "P": (Role.CONNECTOR,),
    "G": (Role.TEAM_MEMBER,),
    "K": (Role.PARTNER_WORKER,),
    "C": (Role.COORDINATOR,),
    "B": (Role.POLICY_OFFICER,),
    "R": (Role.PUBLIC,),
    "F": (Role.PRIVACY_OFFICER,),
    "A": (Role.TECHNICAL_ADMIN,),
}
NO = "-"
# line of the matrix → words of a cell → {verb: letters}; verbs not named by a cell are refused.
MEANS: dict[str, dict[str, dict[str, str]]] = {
    "Directory, activities": {"x": {"directory.read": "x"}},
    "Ask a question": {
        "o": {"question.ask": "e"},
        "o (M)": {"question.ask": "e", "question.ask_for_other": "m"},
        "for others": {"question.ask_for_other": "x"},
        "x(self)": {"question.ask": "e"},
    },
    "See name/contact": {
        "o": {"contact.read": "e"},
        "first name + task contact, after match": {"contact.read": "k"},
        "t,g": {"contact.read": "tg"},
        "g": {"contact.read": "g"},
        "t": {"contact.read": "t"},
        "log only": {},
    },
    "See story/notes": {
        "o": {"story.read": "e"},
        "if scope": {"story.read": "m"},
        "-(task text only)": {"task.read": "e"},
        "t,g,b": {"story.read": "tgb"},
        "package only": {"story.read": "g"},
        "t (logged)": {"story.read": "t"},
        "on complaint": {"story.read": "h"},
    },
    "Private notes of resident": {"o": {"note.read": "e"}},
    "Plan: edit goals": {
        "o": {"plan.change": "e", "plan.act": "e"},
        "if scope": {"plan.change": "m", "plan.act": "m"},
        "with I": {"plan.change": "s", "plan.act": "s"},
        "own actions": {"plan.act": "e"},
    },
    "Ecogram": {"o": {"ecogram.read": "e"}, "if shared": {"ecogram.read": "d"}},
    "Give/withdraw consent": {
        "o": {"consent.give": "e"},
        "if scope": {"consent.give": "m"},
        "record": {"consent.record": "t"},
    },
    "Offer handover": {
        "ask": {"handover.ask": "e"},
        "ask (M)": {"handover.ask": "m"},
        '"doorgeven aan coordinator"': {"handover.ask": "e"},
        "t": {"handover.offer": "t"},
        "onward only with new ground": {"handover.offer": "g"},
    },
    "Accept/decline": {"own task": {"handover.answer": "e"}, "t": {"handover.answer": "t"}},
    "Confirm first contact": {
        "may dispute": {"contact.dispute": "e"},
        "t": {"contact.confirm": "t"},
    },
    "Close / reopen": {
        "withdraw, reopen 6 wk": {"question.withdraw": "e"},
        "if scope": {"question.withdraw": "m"},
        "t": {"question.close": "t"},
    },
    "Reassign inside team": {"t": {"question.reassign": "t"}},
    "Outcome measure": {
        "self-report": {"outcome.report": "e"},
        "with I": {"outcome.measure": "s"},
        "a": {"outcome.read": "c"},
    },
    "Caseload per worker": {
        "own": {"caseload.read": "e"},
        "t": {"caseload.read": "t", "caseload.totals": "t"},
        "- (team totals)": {"caseload.totals": "c"},
    },
    "Who looked at my dossier": {
        "o": {"access.read": "e"},
        "if scope": {"access.read": "m"},
        "own acts": {"access.own_acts": "e"},
        "t": {"access.read": "t", "access.own_acts": "t"},
        "x": {"access.read": "x", "access.own_acts": "x"},
    },
    "Export dossier": {
        "o": {"dossier.export": "e"},
        "if scope": {"dossier.export": "m"},
        "t (logged)": {"dossier.export": "t"},
        "x": {"dossier.export": "x"},
    },
    "Indicators/werkplan": {
        "public part": {"indicators.read": "c"},
        "public": {"indicators.read": "c"},
        "t": {"indicators.read": "t"},
        "x (a)": {"indicators.read": "c"},
        "a": {"indicators.read": "c"},
    },
    "Rules, terms, routing": {
        "propose": {"rules.propose": "x"},
        "approve": {"rules.approve": "x"},
        "advise": {"rules.advise": "x"},
        "apply": {"rules.apply": "x"},
    },
    "Destroy/hold": {
        "request": {"retention.request": "e"},
        "approve list (no content)": {"retention.approve": "x"},
        "hold": {"retention.hold": "x"},
        "run": {"retention.run": "x"},
    },
    "Database": {"x, each direct access logged": {"database.access": "x"}},
}


def cells() -> list[tuple[str, str, str]]:
    """Return (line, column, words) of every cell of the matrix."""
    head, _, *rows = MATRIX.read_text(encoding="utf-8").strip().splitlines()
    columns = [cell.strip() for cell in head.strip("|").split("|")][1:]
    found = []
    for row in rows:
        name, *words = (cell.strip() for cell in row.strip().removeprefix("|").split("|"))
        found += [(name, column, word) for column, word in zip(columns, words, strict=False)]
    return found


def test_every_line_and_column_of_the_matrix_is_known():
    assert {name for name, _, _ in cells()} == set(MEANS)
    assert {column for _, column, _ in cells()} == set(COLUMNS)
    assert len(cells()) == len(MEANS) * len(COLUMNS) == 21 * 11


@pytest.mark.parametrize("name,column,words", cells())
def test_a_cell_of_the_matrix_is_what_the_table_says(name, column, words):
    meanings = MEANS[name]
    spoken = {verb for meaning in meanings.values() for verb in meaning}
    meaning = meanings.get(f"{words} ({column})", meanings.get(words))
    if words == NO:
        meaning = {}
    assert meaning is not None, f"nobody said what “{words}” means"
    for role in COLUMNS[column]:
        ours = {verb: "".join(sorted(table()[role][verb])) for verb in spoken}
        wanted = {verb: "".join(sorted(meaning.get(verb, ""))) for verb in spoken}
        assert ours == wanted, role


def test_the_additions_to_the_matrix():
    """Editor: own provider only. Initiator: own initiative. Functional manager: never a file."""
    persons = {"contact.read", "story.read", "note.read", "ecogram.read", "dossier.export"}
    assert "".join(table()[Role.EDITOR]["directory.change"]) == "e"
    assert not table()[Role.EDITOR]["directory.approve"]
    assert "".join(table()[Role.INITIATOR]["initiative.change"]) == "e"
    for role in (Role.FUNCTIONAL_MANAGER, Role.EDITOR, Role.CHIEF_EDITOR, Role.POLICY_OFFICER):
        assert not any(table()[role][verb] for verb in persons), role
    assert table()[Role.FUNCTIONAL_MANAGER]["settings.change"]


def test_the_technical_administrator_opens_nothing_of_content():
    held = {verb for verb, scopes in table()[Role.TECHNICAL_ADMIN].items() if scopes}
    assert held == {
        "directory.read", "today.read", "account.manage", "log.check", "register.read",
        "retention.read", "retention.run", "rules.apply", "database.access",
    }  # fmt: skip


def test_an_unknown_verb_is_an_error_and_not_a_no():
    with pytest.raises(KeyError):
        Actor().may("directory.raed")


def test_who_works_with_other_peoples_lives_needs_a_second_factor():
    touching = {role for role in Role if table()[role]["contact.read"] & set("tg")}
    assert touching and touching <= STRONG
    assert STRONG >= IN_A_TEAM | PRIVILEGED
    assert Role.RESIDENT not in STRONG and Role.VOLUNTEER not in STRONG
    assert {"mediation.mediate"} == STRONG_VERBS <= verbs()


def test_every_verb_has_words_for_a_policy_officer():
    assert len(verbs()) > 50
    assert all(len(line.title) > 8 and line.group for line in lines())


HEAD = "| handeling | wat dat is | " + " | ".join(Role) + " |\n|---|\n"
ROW = "| a.b | Iets | " + " | ".join("-" for _ in Role) + " |\n"


@pytest.mark.parametrize(
    "text,said",
    [
        (HEAD.replace(" editor |", "") + ROW, "missing or unknown: editor"),
        (HEAD.replace("public", "pubblic") + ROW, "pubblic"),
        (HEAD + ROW.replace("| - |\n", "|\n"), "14 cells for 15 roles"),
        (HEAD + ROW.replace("| - |", "| q |", 1), "q"),
        (HEAD + ROW + ROW, "a.b stands twice"),
    ],
)
def test_a_broken_table_names_the_place(text, said):
    with pytest.raises(BadTable, match=said):
        read("## Groep\n" + text)


# What no page asks, and why the table says it all the same.
NOT_ASKED = {
    "directory.read": "everybody may, so that no door asks it",
    "initiative.change": "not there yet",
    "outcome.read": "not there yet",
    "indicators.read": "not there yet",
    "log.check": "by a command: `omzien log check`",
    "database.access": "by commands, each with a line in the log (people/logs/operators.py)",
}


def test_each_action_of_the_table_is_asked_somewhere():
    root = Path(rules.__file__).parents[2]
    words = {
        word
        for file in root.rglob("*.py")
        for word in re.findall(r'"([a-z_]+\.[a-z_]+)"', file.read_text())
    }
    verbs = set(next(iter(table().values())))
    assert verbs - words == set(NOT_ASKED)
