"""Where the payloads of documents are kept."""

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, cast

from django.core.files.storage import storages
from django.utils import timezone

from tenants.storage import AfterCommit

if TYPE_CHECKING:
    from peppol.models.documents import Document


def payload_storage() -> AfterCommit:
    """Where payloads are kept; chosen by settings."""
    return cast(AfterCommit, storages["payloads"])


def payload_path(document: "Document", name: str) -> str:
    """A payload's place: by organization and month, so that no folder grows without end."""
    month = (document.created_at or timezone.now()).strftime("%Y-%m")
    suffix = PurePosixPath(name).suffix
    return f"{document.organization_id}/{month}/{document.pk}{suffix}"
