"""What is answered about the network itself: a document on its way, a participant, the rules."""

from collections.abc import Callable

from django.conf import settings
from rest_framework import serializers

from config.api.goroute.responses import CapabilityShown
from config.api.kit.answers import Answer, Choice, Day, Flag, Text, TextOrNull, Texts
from peppol import code_lists
from peppol.document_types import bare
from peppol.identifiers import DocumentType
from peppol.models import Document
from peppol.network_lookup import LookupResult
from peppol.smp.client import Entity
from tenants.ids import spell


class SentShown(Answer):
    """A document that was taken in; the transaction tells how far it is."""

    transaction_id = Text(lambda row: spell("txn", row.pk))
    status = Choice(Document.shown_states(), "shown_state")
    invoice_id = Text(lambda row: spell("inv", row.pk))
    message_id = Text("instance_id")
    sender_id = Text("sender")
    receiver_id = Text("receiver")
    warnings = Texts(
        lambda row: row.transmission.get("warnings", []), child=serializers.DictField()
    )


class ParticipantFound(Answer):
    """What the network says of an identifier; `error` where it could not be asked."""

    # About a network_lookup.LookupResult.
    peppol_id = Text(lambda found: str(found.pid))
    participant_id = Text(lambda found: str(found.pid))
    scheme = Text("pid.scheme")
    found = Flag("is_registered")
    registered = Flag("is_registered")
    name = TextOrNull(lambda found: _on_card(found, lambda one: next(iter(one.names.values()), "")))
    country = TextOrNull(lambda found: _on_card(found, lambda one: one.country))
    smp = TextOrNull()
    smp_endpoint = TextOrNull("smp")
    document_types = Texts()
    capabilities = CapabilityShown(many=True, read=lambda found: _capabilities(found))
    message = TextOrNull(
        lambda found: None if found.is_registered else "Nobody on the network receives under it."
    )
    error = TextOrNull(lambda found: found.sml_error or found.smp_error)


def _capabilities(found: LookupResult) -> list[DocumentType]:
    known = {one.value: one for one in code_lists.all_document_types()}
    values = map(bare, found.document_types)
    return [known.get(value) or DocumentType("", value, (), "") for value in values]


def _on_card(found: LookupResult, read: Callable[[Entity], str]) -> str:
    entities = found.card.entities if found.card else []
    return read(entities[0]) if entities else ""


class VersionShown(Answer):
    """By which version of Peppol's rules invoices are judged today, and on which network."""

    # About a `rules.sets.RuleSet`.
    version = Text("title")
    mandatory_from = Day()
    network = Text(lambda rules: settings.PEPPOL_NETWORK)
    environment = Text(lambda rules: settings.PEPPOL_NETWORK)
    status = Text(lambda rules: "operational")
