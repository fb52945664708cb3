"""Files on their way: what no storage has yet, and what one has still that nobody wants."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from tenants.ids import uuid7


class FilePieceQuerySet(models.QuerySet["FilePiece"]):
    """Reads of pieces."""

    def waiting(self) -> "FilePieceQuerySet":
        """The first pieces of the files that are yet to be stored, which stand for the whole."""
        return self.filter(number=0).order_by("next_attempt_at", "id")

    def due(self) -> "FilePieceQuerySet":
        """Of the waiting ones, those to be stored now."""
        return self.waiting().filter(next_attempt_at__lte=timezone.now())


class FilePiece(models.Model):
    """A part of a file that its transaction wrote, until a worker has stored the file.

    The first piece says of the whole how often it was tried, and when it is tried again.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    storage = models.CharField(max_length=32, help_text="The name by which settings know it.")
    name = models.CharField(max_length=255)
    number = models.PositiveIntegerField()
    content = models.BinaryField()
    attempt_count = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    last_error = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = FilePieceQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"], condition=Q(number=0), name="tenants_file_due"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["storage", "name", "number"], name="tenants_file_piece_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"


class FileRemovalQuerySet(models.QuerySet["FileRemoval"]):
    """Reads of removals."""

    def due(self) -> "FileRemovalQuerySet":
        """Those to be done now, the longest due first."""
        return self.filter(next_attempt_at__lte=timezone.now()).order_by("next_attempt_at", "id")


class FileRemoval(models.Model):
    """A file that its transaction has given up, until it is deleted from its storage."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    storage = models.CharField(max_length=32, help_text="The name by which settings know it.")
    name = models.CharField(max_length=255)
    attempt_count = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = FileRemovalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["storage", "name"], name="tenants_file_removal_once")
        ]

    def __str__(self) -> str:
        return self.name
