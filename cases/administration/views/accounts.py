"""People and their password: the administration makes a one-time link, the person chooses, later changes it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.views import INTERNAL_RESET_SESSION_TOKEN, PasswordResetConfirmView
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cases.access_links import LINKS
from cases.administration.actions.accounts import change_password, use_link
from cases.administration.actions.people import renew_access
from cases.administration.forms.accounts import ChangeForm, ChooseForm
from offices.forms import try_action
from offices.middleware import Request
from offices.models import Membership, User
from offices.queries import actor_for
from offices.roles import Permission


@require_http_methods(["GET", "POST"])
def access_link(request: Request, pk: int) -> HttpResponse:
    """What a new link means, then the link: mailed, or shown in the only answer that ever does, and so no redirect."""
    office_ids = request.actor.office_ids(Permission.CHANGE_PEOPLE)
    if not office_ids:
        raise Http404
    seats = Membership.objects.filter(office__in=office_ids).values("user")
    person = get_object_or_404(User, pk__in=seats, pk=pk)
    link = ""
    if request.method == "POST":
        link = renew_access(by=request.actor, person=person)
        if not link:
            messages.success(request, f"Der Zugangslink geht per E-Mail an {person.email}.")
            return redirect("cases:person", person.pk)
    return render(request, "administration/access_link.html", {"person": person, "link": link})


class ChoosePassword(PasswordResetConfirmView):
    """Where a one-time link leads; open to whoever has it, and a sentence where it holds no longer."""

    request: Request
    form_class = ChooseForm
    token_generator = LINKS
    template_name = "registration/choose_password.html"

    def form_valid(self, form) -> HttpResponse:
        """Whoever was signed in here before is signed out: the password is somebody else's."""
        actor, token = actor_for(self.user, self.request.today), self.request.session[INTERNAL_RESET_SESSION_TOKEN]
        if not try_action(form, use_link, by=actor, token=token, password=form.cleaned_data["new_password1"]):
            return self.form_invalid(form)
        logout(self.request)
        messages.success(self.request, "Ihr Passwort ist gewählt. Bitte melden Sie sich damit an.")
        return redirect("login")

    def form_invalid(self, form) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"person": self.user if self.validlink else None}


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def own_password(request: Request) -> HttpResponse:
    """Change the own password; this session goes on, others end."""
    form = ChangeForm(request.user, request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        person = try_action(
            form, change_password, by=request.actor, old=given["old_password"], new=given["new_password1"]
        )
        if person:
            update_session_auth_hash(request, person)
            messages.success(request, "Ihr Passwort ist geändert. Andere Anmeldungen sind beendet.")
            return redirect("home")
    return render(request, "registration/own_password.html", {"form": form}, status=422 if form.errors else 200)
