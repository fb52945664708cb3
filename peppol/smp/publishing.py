"""What a registration does at the SMP, call by call, without knowing of rows.

Every function is given a `step`, through which each call goes: it makes sure first that the work
is still wanted and still ours. All calls may be repeated; a run that died midway is simply run
again.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeVar

from django.conf import settings
from django.utils.translation import gettext_noop

from peppol import code_lists
from peppol.identifiers import DocumentType, ParticipantId
from peppol.smp import sml
from peppol.smp.client import (
    ApEndpoint,
    BusinessCard,
    RefusedBySmp,
    RegisteredElsewhere,
    SmpClient,
    SmpError,
    Unavailable,
)

_Answer = TypeVar("_Answer")
_OURS = "ours"
_NO_SML = gettext_noop("The network's register of SMPs (SML) does not answer.")


class Step(Protocol):
    """Makes one call, or raises when the work is no longer wanted or ours."""

    def __call__(self, call: Callable[..., _Answer], *arguments: object) -> _Answer: ...


class NotConfirmed(SmpError):
    """The SMP took everything, but shows something else when it is asked."""

    code = "smp_not_confirmed"


class KeyRefused(SmpError):
    """The SML does not let the participant go with this migration key."""

    code = "migration_key_refused"


class Incomplete(SmpError):
    """Something is missing here that has to be published."""

    code = "card_incomplete"


@dataclass(frozen=True)
class DesiredState:
    """What is to be found at the SMP afterwards.

    A participant that is at another SMP still is taken over with `migration_key`. `reference` is
    noted at the participant where the SMP keeps notes: whose it is on our side.
    """

    participant: ParticipantId
    document_types: tuple[DocumentType, ...]
    endpoint: ApEndpoint
    card: BusinessCard
    migration_key: str = ""
    reference: str = ""


def publish(smp: SmpClient, desired: DesiredState, step: Step) -> SmpError | None:
    """Register as `order` says, and read everything back (reference: phoss SMP's REST interface).

    Returns why there is no business card, if there is none: a participant without a card can
    still receive documents. Raises SmpError, and whatever `step` raises.
    """
    publish_metadata(smp, desired, step)
    refusal = publish_card(smp, desired, step)
    confirm(smp, desired, step)
    return refusal


def publish_metadata(smp: SmpClient, desired: DesiredState, step: Step) -> bool:
    """Put the participant and its document types; returns whether it was not there before.

    Document types of the code list that are no longer wanted are deleted, others left alone.
    """
    pid = desired.participant
    # A PUT of an existing group would reset its owner and its properties, so look first.
    there = step(smp.service_group, pid)
    if there is None:
        _create(smp, desired, step)
        # SMPs learned to keep properties in 2026; an older one refuses, and nothing is lost.
        with suppress(RefusedBySmp):
            step(smp.put_property, pid, "organization", desired.reference)
    for document_type in desired.document_types:
        step(smp.put_service_metadata, pid, document_type, desired.endpoint)
    for document_type in unwanted(desired, there or ()):
        step(smp.delete_service_metadata, pid, document_type)
    return there is None


def publish_card(smp: SmpClient, desired: DesiredState, step: Step) -> SmpError | None:
    """Put the business card and read it back; returns why the SMP does not have it, if so."""
    if not all(entity.country for entity in desired.card.entities):
        return Incomplete("A business card needs a country: give the company one, then retry.")
    try:
        step(smp.put_business_card, desired.participant, desired.card)
        shown = step(smp.business_card, desired.participant)
    except RefusedBySmp as refusal:
        return refusal
    if shown is None or card_names(shown) != card_names(desired.card):
        raise NotConfirmed("The SMP shows another business card than the one it was given.")
    return None


def confirm(smp: SmpClient, desired: DesiredState, step: Step) -> None:
    """Raise NotConfirmed unless the SMP shows the group and, signed, each document type."""
    if step(smp.service_group, desired.participant) is None:
        raise NotConfirmed("The SMP does not know the participant it has just taken.")
    for document_type in desired.document_types:
        metadata = step(smp.service_metadata, desired.participant, document_type)
        shown = set(metadata.endpoints) if metadata else set()
        wanted = {
            (process, desired.endpoint.url, desired.endpoint.certificate)
            for process in document_type.processes
        }
        if not wanted <= shown:
            raise NotConfirmed(
                f"The SMP shows another access point for {document_type.name} "
                "than the one it was given."
            )


def withdraw(smp: SmpClient, pid: ParticipantId, step: Step) -> None:
    """Take the card and the participant down; what is not there counts as done."""
    # An SMP without a Directory refuses; where there are cards, they go with the participant.
    with suppress(RefusedBySmp):
        step(smp.delete_business_card, pid)
    step(smp.delete_service_group, pid)
    if step(smp.service_group, pid) is not None:
        raise NotConfirmed("The SMP still shows the participant that it was told to delete.")


def unwanted(desired: DesiredState, there: Sequence[str]) -> list[DocumentType]:
    """Of the document types that are at the SMP, those of the code list that should not be."""
    gone = set(there) - {document_type.uri for document_type in desired.document_types}
    return [one for one in code_lists.document_types() if one.uri in gone]


def card_names(card: BusinessCard) -> list[dict[str, str]]:
    """What two cards are compared by."""
    return [entity.names for entity in card.entities]


def _create(smp: SmpClient, desired: DesiredState, step: Step) -> None:
    """Have the SMP take the participant on, which no other SMP may have.

    The SML is asked first: an SMP finds out only while it is creating, if it says so at all.
    """
    pid = desired.participant
    holder = step(_holder, pid)
    if desired.migration_key and holder != _OURS:
        _take_over(smp, desired, step)
        return
    if holder not in (None, _OURS):
        raise RegisteredElsewhere(
            f"Another provider has this participant, at {holder}. Ask the company to have it "
            "released there, or for a migration key."
        )
    try:
        step(smp.create_service_group, pid)
    except RegisteredElsewhere:
        if holder != _OURS:
            raise
        # The SML remembers what our SMP has lost: only the SMP has to learn it again.
        step(partial(smp.create_service_group, in_sml=False), pid)


def _holder(pid: ParticipantId) -> str | None:
    """The address of the SMP that has the participant, "ours", or None."""
    if not settings.SML_ZONE:
        return None
    try:
        address = sml.smp_of(pid)
    except sml.SmlUnavailable as error:
        raise Unavailable(_NO_SML, silent=False, answer=str(error)) from error
    ours = address is not None and sml.is_our_smp(address)
    return _OURS if ours else address


def _take_over(smp: SmpClient, desired: DesiredState, step: Step) -> None:
    try:
        step(smp.migrate_in, desired.participant, desired.migration_key)
    except Unavailable as error:
        if error.silent:
            raise
        raise KeyRefused("The migration key was not accepted.", answer=error.answer) from error
