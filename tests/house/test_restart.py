"""The plug is pulled: a killed site starts again in the same folder, with what was said to it."""

import http.client
import os
import re
import signal
import threading
import urllib.parse
from pathlib import Path

import pytest

from tests.journeys.site import HOST, Site

pytestmark = pytest.mark.journeys

AT_ONCE = 45  # seconds, where others use the machine too; two or three is usual
REMARK = "De letters zijn klein."


@pytest.fixture(scope="module", autouse=True)
def as_it_was(demonstration):
    """Give the others the whole demonstration back: what serves here catches no mail."""
    yield
    demonstration.kill()
    demonstration.start("demo")


@pytest.fixture
def site(demonstration):
    yield demonstration
    if not demonstration.answers():
        demonstration.kill()
        demonstration.start()


def test_a_killed_site_serves_at_once_and_forgot_nothing(site):
    _say(site, REMARK)
    before = site.contents()
    assert REMARK in str(before)
    server = site.postmaster[0]
    site.kill()
    assert not site.answers()
    assert site.start() < AT_ONCE
    assert site.contents() == before
    assert site.postmaster[0] == server, "PostgreSQL went on, and is used as it is"
    assert b"Schijndel" in site.get("/gebied").body


def test_after_a_power_cut_the_database_recovers(site):
    _say(site, REMARK + " Ook na stroomuitval.")
    before = site.contents()
    site.kill()
    _cut_power(site)
    assert site.start() < AT_ONCE
    assert site.contents() == before


@pytest.mark.parametrize("leaves", [Site.kill, Site.stop])
def test_two_processes_share_one_database(site, leaves):
    second = Site(var=site.var)
    try:
        second.start()
        server = int(site.postmaster[0])
        _say(second, "Gezegd tegen de tweede.")
        assert "Gezegd tegen de tweede." in str(site.contents())
        leaves(second)
        os.kill(server, 0)  # the first one's database still runs
        assert site.get("/gebied").status == 200
    finally:
        second.kill()


def test_two_processes_that_start_at_the_same_moment_share_one_database(site):
    site.kill()
    _cut_power(site)
    both = [site, Site(var=site.var)]
    try:
        starts = [threading.Thread(target=one.start) for one in both]
        for start in starts:
            start.start()
        for start in starts:
            start.join(timeout=60)
        assert [one.answers() for one in both] == [True, True]
    finally:
        both[1].kill()


def _say(site: Site, remark: str) -> None:
    """Send the opinion form as a browser without JavaScript does."""
    page = site.get("/over")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.body.decode()).group(1)
    form = {"csrfmiddlewaretoken": token, "page": "/over", "score": "2", "remark": remark}
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    headers = {
        "Host": f"{HOST}:{site.port}",
        "Cookie": page.headers["set-cookie"].split(";")[0],
        "Content-Type": "application/x-www-form-urlencoded",
    }
    connection.request("POST", "/mening", urllib.parse.urlencode(form), headers)
    assert connection.getresponse().status == 302
    connection.close()


def _cut_power(site: Site) -> None:
    """Kill PostgreSQL and its children, so that nothing writes down that it stopped."""
    server = int(site.postmaster[0])
    os.kill(server, signal.SIGSTOP)
    for child in Path(f"/proc/{server}/task/{server}/children").read_text("ascii").split():
        os.kill(int(child), signal.SIGKILL)
    os.kill(server, signal.SIGKILL)
    assert (site.var / "postgres" / "postmaster.pid").exists()
