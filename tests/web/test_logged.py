"""A page with person data leaves only with its line in the log; the person reads those lines."""

import html
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections, transaction
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.test import Client
from django.urls import include, path

from omzien.directory.models import Service
from omzien.journal.isolation import choose, working_for
from omzien.people.logs import writing
from omzien.people.logs.looking import lines_about, who_looked
from omzien.people.logs.models import AccessLine, ProcessingLine
from omzien.people.logs.reading import note
from omzien.people.rules.looking import Action, Result
from omzien.people.rules.roles import Actor, Role
from omzien.web.logged import logged
from tests.broken import break_log
from tests.people.logs.conftest import Reader

pytestmark = pytest.mark.django_db
MOE, BEP, ELS = (uuid.UUID(int=n) for n in (0x111, 0x222, 0x333))
SECRET = "Moe Jansen, Kerkstraat 9"
HELP = {"object": ("question", "42"), "purpose": "help"}
PAGE = "/account/wie-keek"


@logged(purpose="help", kind="person", about=lambda request, key: [key])
def person_page(request, key):
    what = request.GET.get("what", "")
    if what == "stream":
        return StreamingHttpResponse([SECRET])
    if what in ERRORS:
        raise ERRORS[what]
    Service.objects.filter(slug="loket-geldzaken").update(cost="onderweg geschreven")
    if request.method == "POST":
        return redirect("about")
    return HttpResponse(SECRET, status=int(request.GET.get("status", "200")))


ERRORS = {"hidden": Http404(), "forbidden": PermissionDenied(), "broken": ZeroDivisionError(SECRET)}
urlpatterns = [
    path("persoon/<uuid:key>", person_page),
    path("", include("omzien.config.urls")),
]


def signed_in(get_response):
    """Put somebody in the request, as the middleware of roles does."""

    def middleware(request):
        key = request.headers.get("X-Person")
        if key:
            request.actor = Actor("GM1948", Role.CONNECTOR, person=uuid.UUID(key))
        return get_response(request)

    return middleware


@pytest.fixture(autouse=True)
def site(settings):
    settings.ROOT_URLCONF = "tests.web.test_logged"
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "tests.web.test_logged.signed_in"]


@pytest.fixture
def visit(world):
    client = Client(HTTP_HOST="meierijstad.localhost", raise_request_exception=False)

    def visit(address, person=ELS, ask=client.get):
        return ask(address, headers={"X-Person": str(person)} if person else {})

    visit.change = lambda address: visit(address, ask=client.post)
    return visit


def access():
    choose("GM1948")
    return list(AccessLine.objects.order_by("number"))


def text(answer):
    return " ".join(html.unescape(answer.content.decode()).split())


def test_a_page_about_a_person_leaves_a_line(visit):
    answer = visit(f"/persoon/{MOE}")
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
    (line,) = access()
    assert (line.actor, line.about, line.object_id) == (str(ELS), MOE, str(MOE))
    assert (line.result, line.channel, line.purpose) == ("allowed", "web", "help")
    assert len(line.address_hash) == 24
    (processing,) = ProcessingLine.objects.all()
    assert processing.start_time < processing.end_time


def test_a_visitor_is_logged_as_a_visitor(visit):
    visit(f"/persoon/{MOE}?what=forbidden", person=None)
    (line,) = access()
    assert (line.actor, line.role, line.result) == ("visitor", "public", "refused")


@pytest.mark.parametrize(
    "query,status,result",
    [
        ("what=hidden", 404, "refused"),
        ("what=forbidden", 403, "refused"),
        ("status=403", 403, "refused"),
        ("what=stream", 500, None),
    ],
)
def test_what_came_of_it_is_in_the_line(visit, query, status, result):
    answer = visit(f"/persoon/{MOE}?{query}")
    assert answer.status_code == status
    assert SECRET not in text(answer) or query == "status=403"
    assert [line.result for line in access()] == ([result] if result else [])


@pytest.mark.django_db(databases=["default", "log"])
def test_an_error_is_rolled_back_but_its_line_stays(visit, settings):
    settings.LOG_DATABASE = "log"
    assert visit(f"/persoon/{MOE}?what=broken").status_code == 500
    with transaction.atomic(using="log"), connections["log"].cursor() as cursor:
        cursor.execute("SELECT set_config('omzien.municipality', 'GM1948', true)")
        cursor.execute("SELECT result, about FROM people_accessline")
        assert cursor.fetchall() == [("failed", MOE)]


@pytest.mark.django_db(databases=["default", "log"])
def test_the_line_of_a_change_stands_or_falls_with_it(visit, settings):
    settings.LOG_DATABASE = "log"
    assert visit.change(f"/persoon/{MOE}").status_code == 302
    assert [line.about for line in access()] == [MOE]  # in the transaction of the change
    with transaction.atomic(using="log"), connections["log"].cursor() as cursor:
        cursor.execute("SELECT set_config('omzien.municipality', 'GM1948', true)")
        cursor.execute("SELECT count(*) FROM people_accessline WHERE about = %s", [MOE])
        assert cursor.fetchone() == (0,)  # not before that is committed


@pytest.fixture(params=["refused", "gone"])
def broken_log(request, monkeypatch):
    if request.param == "refused":
        break_log(monkeypatch)
    for name in ("WRITE", "WRITE_WITHIN") if request.param == "gone" else ():
        monkeypatch.setattr(writing, name, "SELECT log_that_is_not_there(%s, %s)")


@pytest.mark.parametrize("way", ["read", "change"])
def test_without_a_log_the_page_shows_nothing_and_did_nothing(visit, broken_log, way):
    answer = (visit.change if way == "change" else visit)(f"/persoon/{MOE}")
    assert answer.status_code == 503 and answer["Retry-After"] == "60"
    assert "Daarom laten we niets zien" in text(answer)
    assert SECRET not in text(answer)
    with working_for("GM1948"):
        assert Service.objects.get(slug="loket-geldzaken").cost != "onderweg geschreven"


@pytest.mark.parametrize("query", ["what=hidden", "what=forbidden", "what=broken"])
def test_without_a_log_a_refusal_tells_nothing_either(visit, broken_log, query):
    assert visit(f"/persoon/{MOE}?{query}").status_code == 503


def test_pages_without_person_data_need_no_log(visit, broken_log):
    assert visit("/over").status_code == 200


# Who looked.


def looks(person=MOE):
    with working_for("GM1948"):
        return who_looked(person, organisation_name={"77077": "Zorggroep De Es"}.get)


def by(key=ELS, **more):
    return Reader(str(key), **more)


def test_similar_lines_of_a_day_are_one(world):
    for _ in range(3):
        note(by(), about=[MOE], result=Result.ALLOWED, **HELP)
    note(by(), about=[MOE, BEP], result=Result.ALLOWED, action=Action.SEARCH, **HELP)
    found = looks()
    assert sorted((one.did, one.times) for one in found) == [
        ("bekeek de gegevens", 3),
        ("zocht en zag toen de gegevens", 1),
    ]
    assert {(one.organisation, one.role, one.purpose) for one in found} == {
        ("Zorggroep De Es", "een verbinder", "om te helpen met een vraag")
    }
    assert [one.times for one in looks(BEP)] == [1]


@pytest.mark.parametrize(
    "result,words",
    [
        (Result.REFUSED, "wilde de gegevens bekijken, maar mocht dat niet"),
        (Result.FAILED, "wilde de gegevens bekijken, maar dat ging mis"),
        (Result.BREAK_GLASS, "bekeek de gegevens met de noodknop"),
    ],
)
def test_how_it_ended_is_told(world, result, words):
    note(by(), about=[MOE], result=result, **HELP)
    assert [one.did for one in looks()] == [words]


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("result", Result)
def test_there_are_words_for_everything(world, action, result):
    note(by(role="nieuw"), about=[MOE], result=result, action=action, **HELP)
    (one,) = looks()
    assert one.did and one.role == "een medewerker"


def test_the_overview_is_the_log_without_confidential_activities(world):
    for purpose in ("help", "inquiry", "oversight"):
        note(by(), about=[MOE], result=Result.ALLOWED, object=("person", MOE), purpose=purpose)
        note(by(), about=[BEP, ELS], result=Result.ALLOWED, object=("list", ""), purpose=purpose)
    with working_for("GM1948"):
        assert lines_about(MOE).count() == 3 and lines_about(BEP).count() == 3
    for person in (MOE, BEP):
        assert {one.purpose for one in looks(person)} == {
            "om te helpen met een vraag",
            "om na te gaan of gegevens goed gebruikt zijn",
        }


def test_another_municipalitys_lines_stay_there(world):
    note(by(municipality="GM1991"), about=[MOE], result=Result.ALLOWED, **HELP)
    assert looks() == []


def test_the_page_tells_who_looked_and_that_you_look_yourself(visit):
    note(by(represents=BEP), about=[MOE], result=Result.REFUSED, **HELP)
    first = text(visit(PAGE, person=MOE))
    assert "een verbinder (namens iemand anders)" in first
    assert "wilde de gegevens bekijken, maar mocht dat niet" in first
    assert "jijzelf" not in first
    second = text(visit(PAGE, person=MOE))
    assert "jijzelf" in second and "om eigen gegevens in te zien" in second
    assert [line.purpose for line in access()] == ["help", "own-data", "own-data"]
    assert str(ELS) not in second


def test_the_page_of_somebody_nobody_looked_at(visit):
    assert "Nog niemand heeft je gegevens bekeken" in text(visit(PAGE, person=BEP))


def test_the_page_asks_to_sign_in(visit):
    answer = visit(PAGE, person=None)
    assert (answer.status_code, answer["Location"]) == (302, f"/aanmelden?next={PAGE}")
    assert access() == []


def test_the_page_shows_nothing_without_a_log(visit, broken_log):
    answer = visit(PAGE, person=MOE)
    assert answer.status_code == 503 and "bekeek" not in text(answer)
