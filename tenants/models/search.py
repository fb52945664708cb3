"""The words that rows are found by, in every spelling."""

from django.db import models

from tenants.models.families import FamilyQuerySet, OfFamily
from tenants.models.organizations import Organization


class SearchWord(OfFamily):
    """A word, or the end of one, that a row is found by; its beginning is what people type.

    It is compared byte by byte: a comparison of text that knows of languages is none that an
    index and the walls of the database allow at once.
    """

    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    # Which table the row is in, and its key there.
    kind = models.CharField(max_length=24)
    row_id = models.UUIDField()
    word = models.BinaryField(max_length=40)

    objects = FamilyQuerySet["SearchWord"].as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["kind", "platform", "word"], name="tenants_search_family"),
            models.Index(fields=["kind", "word"], name="tenants_search_word"),
            models.Index(fields=["row_id"], name="tenants_search_row"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.row_id}: {bytes(self.word).decode(errors='replace')}"
