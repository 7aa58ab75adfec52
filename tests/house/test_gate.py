"""What pages read of people starts at a gate, and what somebody may do is asked by verb.

A gate is a way of a query set that is asked with an actor: `visible_to`, `lets`, `managed_by`.
Three beginnings are as safe: a row in hand (its page read it through a gate, and this is what
hangs below it), a query inside another one, and the keys of who asks themselves. All the rest
stands in `BESIDE`, per function, with what makes it safe there.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest

from omzien.people.privacy.classes import classes, personal
from tests.house.test_hardening import modules

MODELS = {model.rpartition(".")[2] for model, _field in classes()}
PEOPLE = {one.model.rpartition(".")[2] for one in personal()}
DOOR = "the verb at the door reaches over the whole municipality"
INDEX = "what everybody may find, and the door of the editors for the rest"
LINE = "whom the log line is about; nothing of it is shown"
MAIL = "whom a mail goes to; no page shows it"
SELF = "of who signs in, by their own account"
ASKS = "asks the role table itself, and then reads its own team"
CALLER = "its caller read what it is asked about through a gate"
COUNTS = "tells only whether there is one, or how many"
KEY = "by the secret key of the own form: one key is one question"
# Module, function and model, where a query about people starts at no gate: what makes it safe.
BESIDE = {
    # the directory
    "api/hsds/organizations.py _with_one_of Provider": INDEX,
    "directory/queries/duplicates.py candidates Service": INDEX,
    "directory/queries/duplicates.py suggested_duplicates Service": INDEX,
    "directory/queries/editors.py queue Edit": DOOR,
    "directory/queries/editors.py queue Report": DOOR,
    "directory/queries/edits.py latest_edits Edit": INDEX,
    "directory/queries/import_files.py _later ImportRun": DOOR,
    "directory/queries/import_files.py last_runs ImportRun": DOOR,
    "directory/queries/import_files.py waiting_files ImportFile": DOOR,
    "directory/queries/indexes.py _entries Service": INDEX,
    "web/editors/forms.py providers Provider": INDEX,
    "web/editors/importing.py _find ImportFile": DOOR,
    "web/editors/views.py approve Edit": DOOR,
    "web/editors/views.py reject Edit": DOOR,
    "web/editors/views.py settle Report": DOOR,
    "messages/queries.py failed_mail Message": DOOR,
    "messages/queries.py not_arriving Message": "for the clock; a page tells how many",
    "messages/queries.py latest_mail Message": "the mail of a demonstration",
    # neighbour mediation
    "mediation/queries/files.py is_read_along Mandate": "whether anybody reads an open file",
    "mediation/queries/standing.py coordinates Case": COUNTS,
    "web/mediation/mediating.py about_seat Party": LINE,
    "web/mediation/mine.py about_file Party": LINE,
    "web/mediation/work.py about_case Party": LINE,
    "web/mediation/work.py mediators_page Membership": ASKS,
    # signing in, and who somebody is
    "people/queries/hats.py - Mandate": SELF,
    "people/queries/hats.py - Membership": SELF,
    "people/queries/hats.py - Person": SELF,
    "web/accounts/noting.py _write Person": LINE,
    "web/accounts/own.py form_valid Account": SELF,
    "handovers/queries/receivers.py answers_of_organisation Handover": COUNTS,
    "web/prints/views.py own_data Person": SELF,
    "web/prints/views.py question Question": "its keys come from `readable`, which is a gate",
    "web/accounts/noting.py refused Account": LINE,
    "web/today/demo.py _memberships Membership": "who can be played in a demonstration",
    "web/today/demo.py _persons Person": "who can be played in a demonstration",
    # colleagues and teams
    "people/queries/broken_roles.py broken_roles Membership": CALLER,
    "people/queries/closing.py why_shut Person": CALLER,
    "people/queries/connectors.py _at_work Membership": "connectors stand on public pages",
    "people/queries/covering.py _away Absence": CALLER,
    "people/queries/mailboxes.py _in_team Membership": MAIL,
    "people/queries/mailboxes.py coordinator_to_call Membership": "of one's own team, to call",
    "people/queries/mailboxes.py _apart Membership": MAIL + ", or who decides instead",
    "people/queries/mailboxes.py of_holder Membership": MAIL,
    "people/queries/mandates.py deciding_receivers Mandate": MAIL,
    "people/queries/mandates.py told_only Mandate": MAIL,
    "people/queries/mailboxes.py is_quiet Person": MAIL,
    "people/queries/organisations.py held_by Membership": COUNTS,
    "people/queries/organisations.py working_elsewhere Membership": COUNTS,
    "questions/queries/inbox.py _gone Membership": ASKS,
    "questions/queries/inbox.py looks_along Membership": ASKS,
    "web/people/members.py what_stops Membership": CALLER,
    "web/people/reopening.py by_mail_page Person": DOOR,
    # grounds and mandates of the resident of a question
    "handovers/queries/consents.py consents_beside Ground": CALLER,
    "handovers/queries/consents.py secret_readers Membership": CALLER,  # keys, to leave out
    "handovers/queries/consents.py secret_teams Ground": CALLER,
    "handovers/queries/consents.py secret_teams Handover": CALLER,
    "handovers/queries/consents.py secret_teams Question": CALLER,
    "people/queries/grounds.py covering Ground": CALLER,
    "people/queries/mandates.py deciders Mandate": CALLER,
    "people/queries/mandates.py proxies_of Mandate": CALLER,
    "people/queries/mandates.py _live Mandate": CALLER,
    "people/queries/mandates.py stands_still Mandate": CALLER,
    "people/queries/same.py in_order SamePerson": CALLER,
    "people/queries/same.py one_person SamePerson": CALLER,
    "people/queries/same.py rows_of_one Person": CALLER,
    "questions/queries/involved.py involved_teams GroundRecipient": CALLER,
    "questions/queries/reached.py can_answer_online Mandate": CALLER,
    # questions
    "handovers/queries/receivers.py _answers Handover": COUNTS,
    "questions/queries/caseload.py load_of Question": COUNTS,
    "questions/queries/caseload.py loads_for Membership": ASKS,
    "questions/queries/caseload.py loads_for Question": ASKS,
    "questions/queries/caseload.py totals_for Question": COUNTS,
    "questions/queries/conversation.py names_of Person": CALLER,
    "questions/queries/history.py _people Membership": CALLER,
    "questions/queries/history.py _facts apps.get_model('handovers', 'Handover')": CALLER,
    "web/asking/receipt.py _question Question": "by the key in the own session, for an hour",
    "web/asking/sending.py _whose Person": SELF,
    "web/asking/sending.py sent_before Question": KEY,
    "web/handovers/along.py _is_over Involvement": "the own team's part: only that it is over",
    "web/handovers/links.py _answer Handover": "the link in the own mail",
    "web/other_hats.py other_way Question": "asked only whether it is of one of the own hats",
    "web/other_hats.py _mailed_for Question": "asked only whether the own mandate is for its mail",
    "web/other_hats.py _mailed_for Party": "asked only whether the own mandate is for its mail",
    # log lines, and who reads the logs
    "web/aftercare/objections.py _of Objection": LINE,
    "web/handovers/offering.py _untold Ground": CALLER,
    "web/handovers/standing.py about_handover Handover": LINE,
    "web/people/teams.py _providers Provider": INDEX,
    "web/people/teams.py _untied_alike Provider": INDEX,
    "web/logged.py _resident Question": LINE,
    "web/questions/deeds.py _about_task Task": LINE,
    "web/signals/emergency.py _note_refusal Question": LINE,
    "web/privacy/data.py _found Person": DOOR,
    "web/privacy/data.py _person Person": "`people/privacy/export.py` asks who may, and for whom",
    "web/privacy/logs.py _rows Person": CALLER,
}
# Whose keys are one's own: what somebody may always begin with.
OWN = re.compile(
    r"(\b(actor|by)\.(person|membership|represents|handover)"
    r"|\brequest\.user(\.pk)?|\bself\.(request\.)?user|\b(account|user))$"
)
# Ways around the manager, which this test could not see.
AROUND = re.compile(
    r"get_object_or_404|get_list_or_404|_base_manager|\.objects\.raw\(|\.extra\(|RawSQL"
)


def is_of_a_page(name: str) -> bool:
    return name.startswith(("web/", "api/")) or "/queries" in name


@cache
def trees() -> dict[str, ast.Module]:
    return {name: ast.parse(text) for name, text in modules() if "migrations" not in name}


def every(kind: type[ast.AST], within: ast.AST) -> Iterator:
    return (node for node in ast.walk(within) if isinstance(node, kind))


def words(node: ast.AST | None) -> set[str]:
    return set(re.findall(r"\w+", ast.unparse(node))) if node else set()


def arguments(function: ast.FunctionDef) -> list[ast.arg]:
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


@cache
def gates() -> frozenset[str]:
    """Return the ways of query sets that are asked with an actor; `none` gives nothing."""
    return frozenset({"none"}) | {
        way.name
        for tree in trees().values()
        for rows in every(ast.ClassDef, tree)
        if any("QuerySet" in ast.unparse(base) for base in rows.bases)
        for way in every(ast.FunctionDef, rows)
        if any("Actor" in words(one.annotation) for one in arguments(way))
    }


def passes_gate(node: ast.AST) -> bool:
    called = {one.func.attr for one in every(ast.Call, node) if isinstance(one.func, ast.Attribute)}
    return bool(called & gates())


@cache
def finders() -> frozenset[str]:
    """Return the functions of pages that hand out rows which they read through a gate."""
    return frozenset(
        one.name
        for name, tree in trees().items()
        if name.startswith("web/")
        for one in every(ast.FunctionDef, tree)
        if words(one.returns) & MODELS and passes_gate(one)
    )


def in_hand(function: ast.AST) -> set[str]:
    """Return the names in a function that are rows already: given to it, or found at a gate."""
    if not isinstance(function, ast.FunctionDef):
        return set()
    known = {one.arg for one in arguments(function) if words(one.annotation) & (PEOPLE | {"Desk"})}
    while True:
        found = {
            target.id
            for node in every((ast.Assign, ast.NamedExpr), function)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name) and comes_from(node.value, known)
        }
        if found <= known:
            return known
        known |= found


def comes_from(value: ast.AST, known: set[str]) -> bool:
    """Tell whether something was read at a gate, or is a row that was."""
    if passes_gate(value):
        return True
    while isinstance(value, (ast.Attribute, ast.Call)):
        if isinstance(value, ast.Call):
            value = value.func
            if getattr(value, "attr", getattr(value, "id", "")) in finders():
                return True
        value = value.value if isinstance(value, ast.Attribute) else value
    return isinstance(value, ast.Name) and value.id in known


def ungated(name: str, tree: ast.Module) -> Iterator[str]:
    """Yield "module function model" for each query about people that starts at no gate."""
    above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    renamed = {
        one.asname: one.name
        for node in every(ast.ImportFrom, tree)
        for one in node.names
        if one.asname
    }
    for node in every(ast.Attribute, tree):
        if node.attr not in ("objects", "_default_manager"):
            continue
        model = ast.unparse(node.value)
        model = renamed.get(model, model)
        if model.isidentifier() and model[0].isupper() and model not in PEOPLE:
            continue
        function: ast.AST = node
        while not isinstance(function, (ast.FunctionDef, ast.Module)):
            function = above[function]
        rows, ways, asked = in_hand(function), set(), []
        whole: ast.AST = node
        while isinstance(above[whole], ast.Attribute) or (
            isinstance(above[whole], ast.Call) and above[whole].func is whole
        ):
            whole = above[whole]
            if isinstance(whole, ast.Attribute):
                ways.add(way := whole.attr)
            elif way != "exclude":
                asked += [*whole.args, *(one.value for one in whole.keywords)]
        is_safe = ways & gates() or any(
            comes_from(one, rows) or OWN.search(text) or text.startswith("OuterRef(")
            for one in asked
            for text in [ast.unparse(one)]
        )
        if not is_safe:
            yield f"{name} {getattr(function, 'name', '-')} {model}"


def test_what_pages_read_of_people_starts_at_a_gate():
    found = {
        one for name, tree in trees().items() if is_of_a_page(name) for one in ungated(name, tree)
    }
    assert found - set(BESIDE) == set(), "start at a gate, or name it in BESIDE with a reason"
    assert set(BESIDE) - found == set(), "is at a gate now, or is gone: take it out of BESIDE"


def test_no_page_goes_around_the_rows_that_have_gates():
    for name, text in modules():
        if name.startswith(("web/", "api/")):
            assert not AROUND.search(text), name


ROWS = "def page(request: Request, key: UUID) -> HttpResponse:\n    "


@pytest.mark.parametrize(
    "source",
    [
        "rows = Question.objects.filter(pk=key)",
        "rows = Question.objects.select_related('person').get(pk=request.POST['question'])",
        "rows = Person.objects.filter(municipality=request.municipality)",
        "rows = Task.objects.filter(team=request.actor.team)",  # a team is no right
        "rows = Question.objects.live().exclude(person=request.actor.person)",
        "rows = Post.objects.filter(question=key).order_by('at')",
        "rows = Handover._default_manager.filter(pk=key)",
        "question = found(Question.objects.filter(pk=key), key)",
        "rows = Question.objects.filter(Exists(posts.filter(question=OuterRef('pk'))))",
        "rows = {'referral': Referral}[kind].objects.filter(pk=key)",
    ],
)
def test_a_query_that_starts_at_no_gate_is_seen(source):
    assert len(list(ungated("web/new.py", ast.parse(ROWS + source)))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "rows = Question.objects.visible_to(request.actor).filter(pk=key)",
        "rows = Question.objects.visible_to(request.actor); Post.objects.filter(question__in=rows)",
        "question = question_of(request.actor, key); Post.objects.filter(question=question)",
        "question = question_of(request.actor, key); Tie.objects.filter(person=question.person_id)",
        "rows = Person.objects.get(pk=request.actor.person)",
        "rows = Team.objects.filter(pk=key)",  # holds nothing of a person
    ],
)
def test_a_query_that_starts_at_a_gate_passes(source):
    assert list(ungated("web/new.py", ast.parse(ROWS + source))) == []


# --- verbs, not roles ---------------------------------------------------------------------------

# Where the role table itself is, and where a role is put into words.
OF_ROLES = ("people/rules/", "people/logs/")
TYPED = {"cli/commands/people.py": "which role was typed on the command line"}


def asks_role(tree: ast.Module) -> list[int]:
    """Return the lines that compare somebody's role, instead of asking the table for a verb."""
    return [
        node.lineno
        for node in every((ast.Compare, ast.Match), tree)
        for side in (
            [node.subject] if isinstance(node, ast.Match) else [node.left, *node.comparators]
        )
        if isinstance(side, ast.Attribute) and side.attr == "role"
    ]


def test_code_asks_for_a_verb_and_not_for_a_role():
    for name, tree in trees().items():
        if not name.startswith(OF_ROLES) and name not in TYPED:
            assert asks_role(tree) == [], name


@pytest.mark.parametrize(
    "source",
    ["x = actor.role == Role.PROXY", "x = hat.role not in FOLLOWERS", "x = Role.PUBLIC != by.role",
     "match actor.role:\n    case Role.PROXY: pass"],
)  # fmt: skip
def test_a_role_that_is_asked_for_is_seen(source):
    assert asks_role(ast.parse(source)) == [1]


# --- a form takes what it names -----------------------------------------------------------------

# Forms of the columns of a table, and posts that are taken as a whole: what a visitor adds would
# be taken too. `tests/wall/test_mass_assignment.py` tries every form.
WHOLE = re.compile(
    r"ModelForm\b|modelform_factory|(Create|Update)View\b|form\.data\.(items|dict)"
    r"|\*\*\s*(self\.)?request\.POST|\bPOST\.(items|dict|lists|values)\("
)


def test_no_form_is_made_of_the_columns_of_a_table():
    for name, text in modules():
        if name.startswith(("web/", "api/")):
            assert not WHOLE.search(text), name
    for bad in ("class A(forms.ModelForm):", "make(**request.POST)", "request.POST.dict()"):
        assert WHOLE.search(bad)
