"""What the typesetter leaves out of the structure of a PDF: of which cells a head is the head (PDF/UA-1, 7.5)."""

from io import BytesIO
from typing import Any

from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject

A, K, O, S = (NameObject(name) for name in ("/A", "/K", "/O", "/S"))  # noqa: E741 - as the standard names them
TABLE, SCOPE = NameObject("/Table"), NameObject("/Scope")
HEAD, CELL = "/THead", "/TH"


def with_scopes(pdf: bytes) -> bytes:
    """The same document; a head in the head of a table is that of its column, any other that of its row."""
    writer = PdfWriter(clone_from=BytesIO(pdf))
    _walk(writer.root_object.get("/StructTreeRoot"), in_head=False)
    result = BytesIO()
    writer.write(result)
    return result.getvalue()


def _walk(element: Any, *, in_head: bool) -> None:
    element = element.get_object() if element is not None else None
    if isinstance(element, ArrayObject):
        for kid in element:
            _walk(kid, in_head=in_head)
    elif isinstance(element, DictionaryObject):
        kind = element.get(S)
        if kind == CELL:
            of = element.get(A)
            attributes = of.get_object() if of is not None else DictionaryObject()
            if isinstance(attributes, DictionaryObject):
                attributes[O] = TABLE
                attributes[SCOPE] = NameObject("/Column" if in_head else "/Row")
                element[A] = attributes
        if K in element:
            _walk(element.raw_get(K), in_head=in_head or kind == HEAD)
