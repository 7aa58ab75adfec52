"""Taking up an invitation: choose a password, or sign on with the municipality's account."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from omzien.people.actions.invitations import accept_with_password, invitation_of
from omzien.people.limits import too_many
from omzien.people.refusals import Refused
from omzien.web.accounts.forms import NewPasswordForm
from omzien.web.accounts.sign_on import INVITATION, refused, sign_on_of
from omzien.web.request import Request


@require_http_methods(["GET", "HEAD", "POST"])
def invitation_page(request: Request, token: str) -> HttpResponse:
    """Show the two ways to go on; looking changes nothing, mail scanners look too."""
    try:
        person = invitation_of(token).person
        form = NewPasswordForm(request.POST or None, person=person)
        if request.method == "POST" and form.is_valid():
            if too_many(request, "invitation", per_hour=30):
                return render(request, "429.html", status=429)
            accept_with_password(token=token, password=form.cleaned_data["password"])
            request.session.pop(INVITATION, None)
            return render(request, "accounts/invited.html")
    except Refused as refusal:
        return refused(request, refusal)
    context = {"form": form, "sign_on": sign_on_of(request.municipality), "token": token}
    answer = render(
        request, "accounts/invitation.html", context, status=400 if form.errors else 200
    )
    answer["X-Robots-Tag"] = "noindex"
    return answer
