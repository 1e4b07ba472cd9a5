"""The live table of roles: who may do what, and what K18 makes of it in each office."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET

from offices.models import Office
from offices.queries import visibility_by_office
from offices.roles import ROLES, SCOPE_LABELS, Permission, Role, reach
from offices.rules.describing import VISIBILITY_WORDS


@require_GET
def roles(request):
    """Roles by permissions, and the reach of each role under the rules that hold today in the actor's offices."""
    office_ids = request.actor.office_ids(Permission.READ_RULES)
    if not office_ids:
        raise Http404
    offices = list(Office.objects.filter(pk__in=office_ids))
    visibility = visibility_by_office(office_ids, request.today)
    context = {
        "roles": [{"role": role, "entry": entry, "scope": SCOPE_LABELS[entry.scope]} for role, entry in ROLES.items()],
        "rows": [
            {"label": permission.label, "cells": [(role.label, permission in ROLES[role].permissions) for role in Role]}
            for permission in Permission
        ],
        "offices": [{"office": office, "words": VISIBILITY_WORDS[visibility[office.pk]]} for office in offices],
        "reaches": [
            {
                "role": role,
                "cells": [(office, SCOPE_LABELS[reach(role, visibility[office.pk])]) for office in offices],
            }
            for role in Role
        ],
    }
    return render(request, "offices/roles.html", context)
