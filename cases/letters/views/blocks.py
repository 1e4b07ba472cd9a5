"""The text blocks of the house: list, one block, and how it reads in a real case."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from cases.letters.actions.blocks import save_text_block
from cases.letters.forms.blocks import PreviewForm, TextBlockForm
from cases.letters.reading.blocks import values_of
from cases.models import TextBlock
from cases.rules.placeholders import PLACEHOLDERS, fill
from offices.forms import try_action
from offices.roles import Permission


@require_GET
def text_blocks(request):
    """Every text block of the actor's offices, retired ones marked."""
    entries = _visible(request).order_by("office__name", "name")
    return render(request, "letters/text_blocks.html", {"blocks": entries})


@require_http_methods(["GET", "POST"])
def text_block_new(request):
    _visible(request)
    return _form(request, TextBlockForm(request.POST or None, actor=request.actor))


@require_http_methods(["GET", "POST"])
def text_block(request, pk):
    """Change a text block, retire it or offer it again; with ?vorgang= as it reads in that case."""
    found = get_object_or_404(_visible(request), pk=pk)
    form = TextBlockForm(request.POST or None, instance=found, actor=request.actor)
    preview = PreviewForm(request.GET or None, actor=request.actor, office=found.office)
    return _form(request, form, found=found, preview=preview, filled=_filled(request, found, preview))


def _filled(request, block: TextBlock, preview: PreviewForm) -> str:
    """The stored text with the values of the chosen case, and the one who looks as the person to call."""
    if not preview.is_valid():
        return ""
    user = request.user
    values = values_of(preview.cleaned_data["vorgang"], request.today, str(user), user.phone)
    return fill(block.text, values)


def _visible(request):
    office_ids = request.actor.office_ids(Permission.CHANGE_TEXT_BLOCKS)
    if not office_ids:
        raise Http404
    return TextBlock.objects.filter(office__in=office_ids).select_related("office")


def _form(request, form: TextBlockForm, found: TextBlock | None = None, **context):
    name = found and found.name  # before the form puts in what was typed
    if form.is_valid() and try_action(
        form, save_text_block, by=request.actor, block=form.instance, seen_text=form.seen_text
    ):
        messages.success(request, f"Gespeichert: {form.instance}.")
        return redirect("cases:text_block", form.instance.pk)
    if found and form.errors:
        form.show_again(TextBlock.objects.get(pk=found.pk))
    context |= {"form": form, "block": found, "name": name, "placeholders": PLACEHOLDERS.items()}
    return render(request, "letters/text_block.html", context, status=422 if form.errors else 200)
