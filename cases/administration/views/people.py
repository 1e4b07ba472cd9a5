"""People and their roles, kept by the technical administration, who sees no cases."""

from django.contrib import messages
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from cases.administration.actions.people import add_membership, change_person, create_person, end_membership
from cases.administration.forms.people import EndForm, MembershipForm, PersonForm
from cases.leaving.actions.last_seat import seats_after
from cases.leaving.reading.plan import still_open
from cases.notices.reading.mail import full_address
from cases.paging import page_of
from offices.forms import try_action
from offices.models import Membership, User
from offices.roles import Permission

LONGEST_SEARCH, WORDS_SEARCHED = 120, 5


@require_GET
def people(request):
    """The people of the actor's offices, found by a part of the name, with the roles they hold."""
    found, wanted = _visible(request), request.GET.get("suche", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    for word in wanted.split()[:WORDS_SEARCHED]:
        found = found.filter(Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(username__icontains=word))
    pages = page_of(found.prefetch_related(_seats(request)), request.GET.get("page", ""))
    return render(request, "administration/people.html", {"page": pages.page, "wanted": wanted})


@require_http_methods(["GET", "POST"])
def person_new(request):
    """An account and its first role in one step; the link to a password comes after."""
    _visible(request)
    forms = [PersonForm(request.POST or None), MembershipForm(request.POST or None, actor=request.actor)]
    account, seat = forms
    if all([form.is_valid() for form in forms]):
        person = try_action(account, create_person, by=request.actor, person=account.instance, membership=seat.instance)
        if person:
            messages.success(request, f"{person} ist angelegt. Es fehlt noch der Zugangslink.")
            return redirect("cases:access_link", person.pk)
    status = 422 if account.errors or seat.errors else 200
    return render(
        request, "administration/person_new.html", {"forms": forms, "account": account, "seat": seat}, status=status
    )


@require_http_methods(["GET", "POST"])
def person(request, pk):
    """Change name and contact, open or close the account; below it the roles with from and until."""
    found = get_object_or_404(_visible(request).prefetch_related(_seats(request)), pk=pk)
    form = PersonForm(request.POST or None, instance=found)
    if form.is_valid():
        if not form.has_changed():
            return redirect("cases:people")
        changed = form.changed_labels
        if try_action(form, change_person, by=request.actor, person=form.instance, changed=changed):
            messages.success(request, f"Gespeichert: {found}.")
            return redirect("cases:people")
    context = {"form": form, "person": found}
    return render(request, "administration/person.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def membership_new(request, pk):
    found = get_object_or_404(_visible(request), pk=pk)
    form = MembershipForm(request.POST or None, instance=Membership(user=found), actor=request.actor)
    if form.is_valid() and try_action(form, add_membership, by=request.actor, membership=form.instance):
        messages.success(request, "Die Rolle ist vergeben.")
        return redirect("cases:person", found.pk)
    context = {"form": form, "person": found}
    return render(request, "administration/membership_new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def membership_end(request, pk):
    seats = Membership.objects.filter(office__in=request.actor.office_ids(Permission.CHANGE_PEOPLE))
    membership = get_object_or_404(seats.select_related("user", "office", "unit"), pk=pk)
    form = EndForm(request.POST or None)
    if form.is_valid() and try_action(
        form, end_membership, by=request.actor, membership=membership, **form.cleaned_data
    ):
        messages.success(request, "Das Ende der Rolle ist eingetragen.")
        return redirect("cases:person", membership.user_id)
    others = list(seats_after(membership, request.today).values_list("office", flat=True))
    is_last_here = membership.office_id not in others
    context = {
        "form": form,
        "membership": membership,
        "is_last_here": is_last_here,
        "is_last": not others,
        "still_open": still_open(membership.office, membership.user) if is_last_here else [],
        "hand_on_address": full_address(reverse("cases:hand_on")),
    }
    return render(request, "administration/membership_end.html", context, status=422 if form.errors else 200)


def _visible(request) -> QuerySet[User]:
    office_ids = request.actor.office_ids(Permission.CHANGE_PEOPLE)
    if not office_ids:
        raise Http404
    seats = Membership.objects.filter(office__in=office_ids).values("user")
    return User.objects.filter(pk__in=seats)


def _seats(request) -> Prefetch:
    """The roles in the actor's offices, ended ones last."""
    office_ids = request.actor.office_ids(Permission.CHANGE_PEOPLE)
    seats = Membership.objects.filter(office__in=office_ids).select_related("office", "unit")
    return Prefetch("memberships", seats.order_by("-until_on", "from_on"), to_attr="seats")
