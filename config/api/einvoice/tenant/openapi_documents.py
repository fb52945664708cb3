"""What the OpenAPI document says of the operations on documents."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from config.api.einvoice.openapi import operation
from config.api.einvoice.tenant import requests as shapes
from config.api.einvoice.tenant.responses.ubl import FIELDS

_Text = serializers.CharField
_TAG = "Tenant: documents"
_PATH = ("document_id",)
_FORM = {
    "multipart/form-data": {
        "type": "object",
        "required": ["file"],
        "properties": {"file": {"type": "string", "format": "binary"}},
    }
}


class ListSchema(AutoSchema):
    """Tells the lists apart, which are one operation on different documents."""

    def get_operation(self, path: str, *rest: Any, **more: Any) -> Any:
        operation = super().get_operation(path, *rest, **more)
        if operation:
            name = path.removeprefix("/api/").replace("/", "_").replace("-", "_")
            operation["operationId"] = f"list_{name}"
        return operation


class DocumentShown(serializers.Serializer[Any]):
    """A document or a draft. In lists, what only its UBL says is left empty."""

    id = _Text()
    document_type = serializers.ChoiceField(shapes.TYPES)
    state = serializers.ChoiceField(["DRAFT", "TRANSIT", "FAILED", "SENT", "RECEIVED"])
    direction = serializers.ChoiceField(["INBOUND", "OUTBOUND"])
    invoice_id = _Text(allow_null=True)
    invoice_date = serializers.DateField(allow_null=True)
    currency = _Text()
    customer_peppol_id = _Text(allow_null=True)
    created_at = serializers.DateTimeField()
    attachments = serializers.ListField(child=serializers.DictField())

    def get_fields(self) -> Any:
        """With what the UBL says."""
        return {**super().get_fields(), **{name: _Text(allow_null=True) for name in FIELDS}}


def _object(name: str, **fields: Any) -> Any:
    return inline_serializer(name, fields)


_Page = _object(
    "DocumentPage",
    items=DocumentShown(many=True),
    total=serializers.IntegerField(),
    page=serializers.IntegerField(),
    page_size=serializers.IntegerField(),
    pages=serializers.IntegerField(),
    has_next_page=serializers.BooleanField(),
)
_File = _object(
    "DocumentFile",
    id=_Text(),
    file_name=_Text(),
    file_size=serializers.IntegerField(),
    signed_url=_Text(),
    sender_peppol_id=_Text(allow_null=True),
    sender_peppol_scheme=_Text(allow_null=True),
    receiver_peppol_id=_Text(allow_null=True),
    receiver_peppol_scheme=_Text(allow_null=True),
    file_hash=_Text(allow_null=True),
    validated_at=serializers.DateTimeField(allow_null=True),
)
_Objects = serializers.ListField(child=serializers.DictField())
_Judgement = _object(
    "UblValidation",
    id=_Text(),
    file_name=_Text(allow_null=True),
    is_valid=serializers.BooleanField(),
    issues=_Objects,
    ubl_document=_Text(allow_null=True),
)
_REFUSED = {
    405: "Not a draft",
    406: "The document breaks the rules",
    409: "Another's identifier",
    415: "No UBL invoice or credit note",
}


def _operation(*about: Any, refusals: tuple[int, ...] = (), **more: Any) -> dict[str, Any]:
    return operation(*about, refusals={one: _REFUSED[one] for one in refusals}, **more)


CREATE_FROM_UBL = _operation(
    "create_document_from_ubl",
    _TAG,
    "Keep a UBL invoice or credit note as a draft",
    201,
    DocumentShown,
    request=_FORM,
    post=True,
    refusals=(415,),
)
GET_DOCUMENT = _operation(
    "get_document", _TAG, "Get a document or a draft", 200, DocumentShown, path=_PATH
)
DELETE_DOCUMENT = _operation(
    "delete_document",
    _TAG,
    "Discard a draft",
    200,
    _object("DocumentDeleted", is_deleted=serializers.BooleanField()),
    {"is_deleted": True},
    path=_PATH,
    refusals=(405,),
)
SEND_DOCUMENT = _operation(
    "send_document",
    _TAG,
    "Send a draft; the network follows",
    200,
    DocumentShown,
    path=_PATH,
    post=True,
    parameters=[shapes.Routing],
    refusals=(405, 406, 409),
)
VALIDATE_DOCUMENT = _operation(
    "validate_document",
    _TAG,
    "What the official rules say of a document",
    200,
    _Judgement,
    path=_PATH,
    post=True,
    refusals=(415,),
)
GET_UBL = _operation("get_ubl", _TAG, "Where a document's UBL is", 200, _File, path=_PATH)
GET_TIMELINE = _operation(
    "get_timeline",
    _TAG,
    "What happened to a document",
    200,
    _object("DocumentTimeline", document_id=_Text(), events=_Objects),
    path=_PATH,
)
LIST_DOCUMENTS = _operation(
    "list_documents",
    _TAG,
    "List documents, sorted and chosen",
    200,
    _Page,
    parameters=[shapes.DocumentsQuery],
)
VALIDATE_UBL = _operation(
    "validate_ubl",
    _TAG,
    "What the official rules say of a UBL document",
    201,
    _Judgement,
    request=_FORM,
    post=True,
)
