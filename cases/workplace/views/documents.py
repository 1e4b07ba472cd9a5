"""Documents come in with a case and leave only as downloads."""

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from cases.contributing import Contributors, is_shown
from cases.documents import add_documents, as_download
from cases.lookup import visible_case
from cases.models import Case, Document, Transfer
from cases.uploads import parse
from cases.workplace.forms.case import DocumentForm
from cases.workplace.views.case_page import show
from offices.errors import NotAllowed


@require_safe
def document(request, pk):
    """The file as attachment: no browser ever renders it inside this site."""
    cases = Case.objects.visible_to(request.actor).filter(pk=OuterRef("case"))
    transfers = Transfer.objects.visible_to(request.actor).filter(pk=OuterRef("transfer"))
    seen = Document.objects.filter(Exists(cases) | Exists(transfers), pk=pk)
    found = get_object_or_404(seen.select_related("case"))
    if not is_shown(request.actor, found.case, found):
        raise Http404
    return as_download(found)


@require_POST
def document_add(request, reference):
    case = visible_case(request.actor, reference, contributors=Contributors.ASKED)
    form = DocumentForm(request.POST, request.FILES)
    if form.is_valid():
        uploads, category = form.cleaned_data["files"], form.cleaned_data["category"]
        try:
            files = [parse(upload) for upload in uploads]
            add_documents(by=request.actor, case=case, files=files, category=category)
        except NotAllowed as refusal:
            form.add_error("files", refusal.reason)
        else:
            words = "Die Unterlage ist abgelegt." if len(files) == 1 else f"{len(files)} Unterlagen sind abgelegt."
            messages.success(request, words)
            return redirect(f"{reverse('cases:detail', args=[reference])}#unterlagen")
    return show(request, case, status=422, document_form=form)
