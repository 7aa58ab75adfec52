"""The municipality's own sign-on: OpenID Connect, checked in full.

Somebody is known by issuer and subject. A mail address says nothing here: two people may share
one, and an address that a provider claims opens no account of ours.
"""

import logging
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer
from time import monotonic, time
from typing import Any
from uuid import UUID

import jwt
import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from urllib3.exceptions import HTTPError

from omzien.areas.models import Municipality
from omzien.areas.queries import address_of
from omzien.people.actions.groups import by_sign_on, follow_groups
from omzien.people.actions.invitations import accept_with, invitation_of
from omzien.people.actions.memberships import welcome_person
from omzien.people.limits import too_many
from omzien.people.models import Account, Person
from omzien.people.refusals import LinkBroken, LinkExpired, LinkUsed, Refused, RoleEnded
from omzien.people.rules.municipal import SignOn
from omzien.people.rules.sessions import PROVEN_WITHIN
from omzien.web.accounts import noting
from omzien.web.request import Request, is_here

log = logging.getLogger(__name__)

ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
MOST_BYTES = 1024 * 1024  # of one answer of a provider; a real one has some thousands
INVITATION = "invitation"  # in the session: which invitation is being taken up
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
CLOCKS_DIFFER_SECONDS = 60
PROVEN_SECONDS = int(PROVEN_WITHIN.total_seconds())
PROVIDER = "openid_connect"
REASONS = {
    LinkBroken: ("broken", 404),
    LinkExpired: ("expired", 410),
    LinkUsed: ("used", 410),
    RoleEnded: ("ended", 410),
}


def sign_on_of(municipality: Municipality | None) -> SignOn | None:
    """Return how the municipality that is served signs its people on, if it does."""
    return settings.SIGN_ON.get(municipality.code) if municipality else None


def app_of(request: HttpRequest) -> SocialApp | None:
    """Return the same as allauth wants it; nothing of it lies in the database."""
    sign_on = sign_on_of(getattr(request, "municipality", None))
    if sign_on is None:
        return None
    return SocialApp(
        provider=PROVIDER,
        provider_id=sign_on.municipality.casefold(),
        name=sign_on.name,
        client_id=sign_on.client_id,
        secret=sign_on.secret,
        settings={
            "server_url": sign_on.server_url,
            "scope": list(sign_on.scopes),
            "oauth_pkce_enabled": True,
            "auth_params": {"max_age": PROVEN_SECONDS}
            | ({"acr_values": " ".join(sign_on.acr)} if sign_on.acr else {}),
        },
    )


class ElsewhereError(Exception):
    """An endpoint is not on a host of the provider; the log names this kind of fault."""


class _CutOff:
    """A connection that is cut off when its time is over, whatever still comes byte by byte: the
    time limit of a read begins anew with each of them.

    Closing it ends no clock: an answer may still be read after that.
    """

    sock: socket.socket

    def connect(self) -> None:
        super().connect()  # type: ignore[misc]
        end = Timer(settings.SOCIALACCOUNT_REQUESTS_TIMEOUT, _cut, [self.sock])
        end.daemon = True
        end.start()


def _cut(connection: socket.socket) -> None:
    with suppress(OSError):  # it was closed long ago, as it should be
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


class ShortAnswers(requests.adapters.HTTPAdapter):
    """Reads no more of an answer than one of a provider can be, and no longer than it may last."""

    def get_connection_with_tls_context(self, *arguments: Any, **more: Any) -> Any:
        """Return the connections to a host; each of them ends in time."""
        pool = super().get_connection_with_tls_context(*arguments, **more)
        if not issubclass(pool.ConnectionCls, _CutOff):
            pool.ConnectionCls = type("CutOff", (_CutOff, pool.ConnectionCls), {})
        return pool

    def send(self, *arguments: Any, **more: Any) -> requests.Response:
        """Return an answer that is wholly read. Raises RequestException where it goes on."""
        begun = monotonic()
        answer = super().send(*arguments, **more)
        try:
            body = answer.raw.read(MOST_BYTES + 1, decode_content=True)
        except HTTPError as error:
            raise requests.ConnectionError(error) from error
        if len(body) > MOST_BYTES:
            answer.close()
            raise requests.RequestException("too long")
        if monotonic() - begun > settings.SOCIALACCOUNT_REQUESTS_TIMEOUT:
            raise requests.Timeout("too slow")
        answer._content = body  # what `requests` itself keeps of an answer that was read
        return answer


@contextmanager
def _one_error() -> Iterator[None]:
    """Whatever is wrong with what a provider sends is one error to us."""
    try:
        yield
    except (OAuth2Error, ImmediateHttpResponse):
        raise
    except Exception as error:
        raise OAuth2Error(type(error).__name__) from error


class MunicipalAdapter(OpenIDConnectOAuth2Adapter):
    """The talk with the provider."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """Return what the provider says about itself; it must be who we think it is."""
        if not hasattr(self, "_openid_config"):
            provider = self.get_provider()
            try:
                config = self._fetch(provider.server_url)
                sign_on = sign_on_of(self.request.municipality)
                assert sign_on is not None
                if str(config["issuer"]).rstrip("/") != sign_on.server_url:
                    raise OAuth2Error("wrong issuer")
                # What the provider says may not make us ask a machine that nobody named.
                if not all(sign_on.may_be_at(config[name]) for name in ENDPOINTS):
                    raise ElsewhereError
            except Exception as error:
                raise ImmediateHttpResponse(failed(self.request, exception=error)) from None
            self._openid_config = config
        return dict(self._openid_config)

    def _fetch(self, address: str) -> dict[str, Any]:
        with get_adapter().get_requests_session() as session:
            answer = session.get(address, allow_redirects=False)
            answer.raise_for_status()
            return dict(answer.json())

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """Return where the provider sends people back to; the Host header has no say in it."""
        municipality: Municipality = request.municipality  # type: ignore[attr-defined]
        return address_of(municipality) + reverse("municipal-return")

    def get_access_token_data(self, *arguments: Any, **more: Any) -> Any:
        """Return what the provider gives for a code."""
        with _one_error():
            return super().get_access_token_data(*arguments, **more)

    def parse_token(self, data: Any) -> Any:
        """Return the token in it."""
        with _one_error():
            return super().parse_token(data)

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any
    ) -> SocialLogin:
        """Return who signed in."""
        with _one_error():
            claims = self._claims(app, kwargs["response"]["id_token"])
            if not isinstance(claims["sub"], str) or not claims["sub"].strip():
                raise OAuth2Error("no subject")
            return self.get_provider().sociallogin_from_response(request, claims)

    def _claims(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        """Check signature, issuer, audience and times, and return what the token says.

        allauth trusts a token that came over TLS straight from the provider; a signature that
        is there and wrong must still not pass.
        """
        config = self.openid_config
        head = jwt.get_unverified_header(id_token)
        keys = jwt.PyJWKSet.from_dict(self._fetch(config["jwks_uri"])).keys
        fitting = [key for key in keys if key.key_id == head.get("kid")] or keys
        claims: dict[str, Any] = jwt.decode(
            id_token,
            key=fitting[0].key,
            algorithms=ALGORITHMS,
            audience=app.client_id,
            issuer=config["issuer"],
            leeway=CLOCKS_DIFFER_SECONDS,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
        if claims.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("meant for another party")
        # Who asks for `max_age` gets `auth_time` (OpenID Connect Core, 2): when somebody proved to
        # the provider who they are, however long they are signed on there.
        passed = time() - float(claims["auth_time"])
        if not -CLOCKS_DIFFER_SECONDS <= passed <= PROVEN_SECONDS + CLOCKS_DIFFER_SECONDS:
            raise OAuth2Error("proven too long ago")
        return claims


class MunicipalProvider(OpenIDConnectProvider):
    """Who somebody is: issuer and subject, and nothing else of them is kept."""

    oauth2_adapter_class = MunicipalAdapter

    def redirect(self, request: HttpRequest, process: str, **kwargs: Any) -> HttpResponse:
        """Go to the provider with a number that must come back in the token."""
        nonce = secrets.token_urlsafe(24)
        params = {**self.get_auth_params(), "nonce": nonce}
        return super().redirect(request, process, data=nonce, auth_params=params, **kwargs)

    def extract_uid(self, data: dict[str, Any]) -> str:
        """Return issuer and subject as one."""
        return f"{data['iss'].rstrip('/')} {data['sub']}"

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return what to keep of the claims: nothing. The request carries them until its end."""
        self.request.claims = data
        return {}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return what to fill in of the account: nothing."""
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        """Return no address: it would link people who are not the same."""
        return []


@never_cache
@require_POST
def leave(request: Request) -> HttpResponse:
    """Go to the municipality's sign-on.

    By a page that goes on by itself: a form may post to this site only, and browsers hold a
    redirect to another one for posting to it.
    """
    sign_on = sign_on_of(request.municipality)
    if sign_on is None:
        raise Http404
    if too_many(request, "sign-on", per_hour=120):
        return render(request, "429.html", status=429)
    request.session.pop(INVITATION, None)
    if token := request.POST.get("invitation"):
        try:
            request.session[INVITATION] = str(invitation_of(token).pk)
        except Refused as refusal:
            return refused(request, refusal)
    wanted = request.POST.get("next", "")
    provider = get_adapter().get_provider(request, PROVIDER)
    try:
        answer = provider.redirect(
            request, process="login", next_url=wanted if is_here(wanted) else None
        )
    except ImmediateHttpResponse as error:
        return error.response
    context = {"address": answer["Location"], "name": sign_on.name}
    return render(request, "accounts/leave.html", context)


@never_cache
@require_GET
def come_back(request: Request) -> HttpResponse:
    """Take in who comes back from the municipality's sign-on."""
    if sign_on_of(request.municipality) is None:
        raise Http404
    view = OAuth2CallbackView.adapter_view(MunicipalAdapter(request, PROVIDER))
    answer: HttpResponse = view(request)
    return answer


def welcome(request: HttpRequest, login: SocialLogin) -> None:
    """Let in who is known, invited or may be new; then the groups say which roles they have.

    Raises ImmediateHttpResponse with a page for everybody else.
    """
    municipality: Municipality = request.municipality  # type: ignore[attr-defined]
    sign_on = sign_on_of(municipality)
    assert sign_on is not None
    claims: dict[str, Any] = request.claims  # type: ignore[attr-defined]
    if not login.state.get("data") or claims.get("nonce") != login.state["data"]:
        # A code that was made for another browser: this one never asked for it.
        raise ImmediateHttpResponse(failed(request, exception=OAuth2Error("nonce")))
    account: Account | None = login.user if login.is_existing else None
    invitation = request.session.pop(INVITATION, None)
    if invitation:
        account = _invited(request, login, account, invitation)
    elif account is None and sign_on.create_users:
        account = _bound(request, login)
    if account is None:
        log.warning("Aanmelden met het account van de gemeente: onbekend, geen uitnodiging.")
        noting.refused(request, noting.BY_SIGN_ON)
        page = render(request, "accounts/unknown.html", {"name": sign_on.name}, status=403)
        raise ImmediateHttpResponse(page)
    person = Person.objects.filter(account=account, municipality=municipality).first()
    if person is None and sign_on.create_users:
        by, name = by_sign_on(municipality), str(claims.get("name") or "").strip()
        person = welcome_person(
            municipality=municipality, name=name or sign_on.name, account=account, by=by
        )
    if person is not None and account.is_active:
        follow_groups(person=person, given=sign_on.given_to(claims))
    request.sign_on_is_strong = sign_on.is_strong(claims)  # type: ignore[attr-defined]


def _invited(
    request: HttpRequest, login: SocialLogin, account: Account | None, invitation: str
) -> Account:
    try:
        with transaction.atomic():  # a link that is refused binds no subject either
            account = account or _bound(request, login)
            return accept_with(invitation=UUID(invitation), account=account)
    except Refused as refusal:
        raise ImmediateHttpResponse(refused(request, refusal)) from None


def _bound(request: HttpRequest, login: SocialLogin) -> Account:
    """Return a new account that this subject belongs to from now on."""
    login.user.set_unusable_password()
    login.save(request, connect=True)
    account: Account = login.user
    return account


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Say why an invitation does not work, and what to do."""
    reason, status = REASONS.get(type(refusal), ("broken", 404))
    return render(request, "accounts/invitation_refused.html", {"reason": reason}, status=status)


def failed(request: HttpRequest, *, error: Any = None, exception: Any = None) -> HttpResponse:
    """Say that signing on did not work. The log gets a kind of fault, no address and no token."""
    is_cancelled = request.GET.get("error") == "access_denied"
    cause = getattr(exception, "__cause__", None) or exception
    kind = type(cause).__name__ if cause is not None else str(error or "state")
    log.warning("Aanmelden met het account van de gemeente ging mis: %s.", kind)
    if not is_cancelled:
        noting.refused(request, noting.BY_SIGN_ON)
    sign_on = sign_on_of(getattr(request, "municipality", None))
    context = {"name": sign_on.name if sign_on else "", "is_cancelled": is_cancelled}
    # Below 500, so that the transaction stands: the state of this try is used up.
    return render(request, "accounts/failed.html", context, status=403 if is_cancelled else 400)
