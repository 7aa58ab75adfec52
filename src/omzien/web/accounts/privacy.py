"""What django-allauth keeps of an account: addresses, second factors, municipal sign-on."""

from collections.abc import Callable

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.utils.translation import gettext_lazy as _

from omzien.people.privacy.registry import Rows, Source, Subject

Model = type[EmailAddress] | type[Authenticator] | type[SocialAccount]


def _of_account(model: Model) -> Callable[[Subject], Rows]:
    def find(subject: Subject) -> Rows:
        return model.objects.filter(user=subject.account) if subject.account else ()

    return find


def _with_the_account(subject: Subject) -> int:
    """Leave it: these rows go with the account, and stay while somebody else signs in with it."""
    return 0


SOURCES = tuple(
    Source(code, title, _of_account(model), _with_the_account, labels)
    for code, title, model, labels in (
        (
            "address",
            _("Mailadressen om je aan te melden"),
            EmailAddress,
            ("account.EmailAddress", "account.EmailConfirmation"),
        ),
        ("second-step", _("Je tweede stap"), Authenticator, ("mfa.Authenticator",)),
        (
            "sign-on",
            _("Aanmelden met de gemeente"),
            SocialAccount,
            ("socialaccount.SocialAccount", "socialaccount.SocialToken"),
        ),
    )
)
TERMS: tuple[()] = ()
