"""The catalogue of topics, edited by the KRM desk."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from cases.administration.actions.topics import save_topic
from cases.administration.forms.topics import TopicForm
from cases.models import Topic
from offices.forms import try_action
from offices.roles import Permission


@require_GET
def topics(request):
    """Every topic of the actor's offices by group, retired ones marked."""
    entries = _visible(request).order_by("office__name", "group", "name")
    return render(request, "administration/topics.html", {"topics": entries})


@require_http_methods(["GET", "POST"])
def topic_new(request):
    _visible(request)
    return _form(request, TopicForm(request.POST or None, actor=request.actor))


@require_http_methods(["GET", "POST"])
def topic(request, pk):
    """Rename a topic, move it to another group, retire or offer it again."""
    found = get_object_or_404(_visible(request), pk=pk)
    return _form(request, TopicForm(request.POST or None, instance=found, actor=request.actor), found=found)


def _visible(request):
    office_ids = request.actor.office_ids(Permission.CHANGE_TOPICS)
    if not office_ids:
        raise Http404
    return Topic.objects.filter(office__in=office_ids).select_related("office")


def _form(request, form: TopicForm, found: Topic | None = None):
    if form.is_valid() and try_action(form, save_topic, by=request.actor, topic=form.instance):
        messages.success(request, f"Gespeichert: {form.instance}.")
        return redirect("cases:topics")
    context = {"form": form, "topic": found}
    return render(request, "administration/topic.html", context, status=422 if form.errors else 200)
