"""What visitors say about pages is read by the editors of that municipality, and by nobody else."""

import pytest
from django.test import Client

from omzien.people.rules.roles import Role
from tests.signing import member, wearing

pytestmark = pytest.mark.django_db
HOST, OTHER = "meierijstad.localhost", "maashorst.localhost"


def test_an_editor_reads_what_visitors_think_least_liked_first(world):
    visitor, elsewhere = Client(HTTP_HOST=HOST), Client(HTTP_HOST=OTHER)
    for page, score, remark in (
        ("/over", 5, ""),
        ("/agenda", 2, "Ik vind de <b>tijden</b> niet."),
        ("javascript:alert(1)", 4, ""),
    ):
        visitor.post("/mening", {"page": page, "score": score, "remark": remark})
    elsewhere.post("/mening", {"page": "/over", "score": 1, "remark": "Van elders."})
    riet = wearing(member(Role.CHIEF_EDITOR, world.meierijstad, name="Riet"))
    seen = riet.get("/redactie/meningen").content.decode()
    assert seen.index("/agenda") < seen.index("/over") and "2,0" in seen
    assert "&lt;b&gt;tijden" in seen and "Van elders" not in seen
    assert 'href="javascript' not in seen
    assert "/redactie/meningen" in riet.get("/redactie").content.decode()


@pytest.mark.parametrize("role", [Role.POLICY_OFFICER, Role.FUNCTIONAL_MANAGER, Role.EDITOR])
def test_nobody_else_reads_them(world, role):
    assert wearing(member(role, world.meierijstad)).get("/redactie/meningen").status_code == 403
