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

from django.utils.translation import gettext_noop

from peppol import code_lists, country_profiles
from peppol.identifiers import DocumentType, ParticipantId
from peppol.smp import differences, sml
from peppol.smp.client import (
    ApEndpoint,
    BusinessCard,
    Incomplete,
    KeyRefused,
    Metadata,
    NotConfirmed,
    NotOurs,
    RefusedBySmp,
    RegisteredElsewhere,
    SmpClient,
    SmpError,
    Unavailable,
)
from peppol.smp.differences import Difference

_Answer = TypeVar("_Answer")
# Called before something is put up that was not there.
Begin = Callable[[], None]
_OURS = "ours"
_SWITCHED_OFF = 412
# What we note at a participant: whose it is here.
PROPERTY = "organization"
NOT_OURS = gettext_noop(
    "The SMP has this identifier already, and it was not put there from here. The operator adopts "
    "it, or it is dismissed here and stays as it is."
)
_OTHER_CARD = gettext_noop("The SMP shows another business card than the one it was given.")
_OTHER_METADATA = gettext_noop("The SMP shows something else than it was given.")
_NO_SML = gettext_noop("The network's register of SMPs (SML) does not answer.")


class Step(Protocol):
    """Makes one call, or raises when the work is no longer wanted or ours."""

    def __call__(self, call: Callable[..., _Answer], *arguments: object) -> _Answer: ...


@dataclass(frozen=True)
class DesiredState:
    """What is to be found at the SMP afterwards.

    A participant that is at another SMP still is taken over with `migration_key`. `reference` is
    noted at the participant where the SMP keeps notes: whose it is on our side. With `put_up` it
    was put there from here: what is there is ours. With `lost` the SML had it elsewhere, or not at
    all: what our SMP still has of it is of the past. Without a `card` there is to be none. What a
    country has of its own at the SMP is left there, unless the document types were `chosen`.
    """

    participant: ParticipantId
    document_types: tuple[DocumentType, ...]
    endpoint: ApEndpoint
    card: BusinessCard | None
    migration_key: str = ""
    reference: str = ""
    put_up: bool = False
    lost: bool = False
    chosen: bool = False


def publish(
    smp: SmpClient, desired: DesiredState, step: Step, *, begin: Begin = lambda: None
) -> SmpError | None:
    """Register as `order` says, and read everything back (reference: phoss SMP's REST interface).

    Returns why there is no business card, if there is none: a participant without a card can
    still receive documents. Raises SmpError, and whatever `step` and `begin` raise.
    """
    publish_metadata(smp, desired, step, begin=begin)
    refusal = publish_card(smp, desired, step)
    confirm(smp, desired, step)
    return refusal


def publish_metadata(
    smp: SmpClient,
    desired: DesiredState,
    step: Step,
    *,
    begin: Begin = lambda: None,
    thorough: bool = False,
) -> bool:
    """Put the participant and its document types; returns whether it was not there before.

    `begin` is called before the participant is created. Document types of the code list that are
    no longer wanted are deleted, and in a `thorough` run all others. Raises NotOurs for a
    participant that is there, and was not put there from here.
    """
    pid = desired.participant
    # A PUT of an existing group would reset its owner and its properties, so look first.
    there = step(smp.service_group, pid)
    if there is not None and desired.lost and step(_holder, pid) != _OURS:
        _may_be_had(desired, step)
        step(partial(smp.delete_service_group, in_sml=False), pid)
        there = None
    if there is None:
        begin()
        _create(smp, desired, step)
    elif not desired.put_up and step(smp.shown_property, pid, PROPERTY) != desired.reference:
        raise NotOurs(NOT_OURS)
    else:
        begin()
    # SMPs learned to keep properties in 2026; an older one refuses, and nothing is lost.
    with suppress(RefusedBySmp):
        step(smp.put_property, pid, PROPERTY, desired.reference)
    for document_type in desired.document_types:
        step(smp.put_service_metadata, pid, document_type, desired.endpoint)
    for document_type in (surplus if thorough else unwanted)(desired, there or ()):
        step(smp.delete_service_metadata, pid, document_type)
    return there is None


def publish_card(smp: SmpClient, desired: DesiredState, step: Step) -> SmpError | None:
    """Put the business card, or take it away, and read that back; returns why the SMP does not
    have it so, if it does not.
    """
    if desired.card is None:
        return _take_card_away(smp, desired, step)
    if not all(entity.country for entity in desired.card.entities):
        return Incomplete("A business card needs a country: give the company one, then retry.")
    try:
        step(smp.put_business_card, desired.participant, desired.card)
        shown = step(smp.business_card, desired.participant)
    except RefusedBySmp as refusal:
        return refusal
    found = list(differences.of_card(desired.card, shown))
    if found:
        raise NotConfirmed(_OTHER_CARD, answer=_told(found))
    return None


def _take_card_away(smp: SmpClient, desired: DesiredState, step: Step) -> SmpError | None:
    try:
        step(smp.delete_business_card, desired.participant)
        shown = step(smp.business_card, desired.participant)
    except RefusedBySmp as refusal:
        # An SMP without a Directory has no cards.
        return None if refusal.status == _SWITCHED_OFF else refusal
    if shown is not None:
        raise NotConfirmed(_OTHER_CARD, answer=_told(list(differences.of_card(None, shown))))
    return None


def confirm(smp: SmpClient, desired: DesiredState, step: Step) -> None:
    """Raise NotConfirmed unless the SMP shows the group and, signed, each document type as it was
    put. A redirect that stands beside it would win, so it goes.
    """
    if step(smp.service_group, desired.participant) is None:
        raise NotConfirmed("The SMP does not know the participant it has just taken.")
    found = list[Difference]()
    for document_type in desired.document_types:
        shown = step(smp.service_metadata, desired.participant, document_type)
        if shown is not None and shown.redirect:
            shown = _end_redirect(smp, desired, document_type, step)
        found += differences.of_metadata(document_type, desired.endpoint, shown)
    if found:
        raise NotConfirmed(_OTHER_METADATA, answer=_told(found))


def compare(smp: SmpClient, desired: DesiredState, step: Step) -> list[Difference] | None:
    """Everything at the SMP that is not as it should be; None when the participant is not there.

    Nothing is changed. Raises SmpError, Untrusted among them.
    """
    there = step(smp.service_group, desired.participant)
    if there is None:
        return None
    found = [
        Difference("further document type", differences.NOTHING, one.uri)
        for one in surplus(desired, there)
    ]
    for document_type in desired.document_types:
        shown = step(smp.service_metadata, desired.participant, document_type)
        found += differences.of_metadata(document_type, desired.endpoint, shown)
    return found


def _end_redirect(
    smp: SmpClient, desired: DesiredState, document_type: DocumentType, step: Step
) -> Metadata | None:
    """Delete a redirect and put the document type again; what the SMP shows then."""
    pid = desired.participant
    # The first deletion takes what stands beside the redirect, the second one the redirect.
    for _ in range(2):
        step(smp.delete_service_metadata, pid, document_type)
        if step(smp.service_metadata, pid, document_type) is None:
            break
    step(smp.put_service_metadata, pid, document_type, desired.endpoint)
    return step(smp.service_metadata, pid, document_type)


def _told(found: list[Difference]) -> str:
    return " ".join(map(str, found))[:500]


def withdraw(smp: SmpClient, pid: ParticipantId, step: Step, *, lost: bool = False) -> None:
    """Take the card and the participant down; what is not there counts as done.

    Of one that was `lost` the SML is left alone, unless it has it at our SMP after all.
    """
    # An SMP without a Directory refuses; where there are cards, they go with the participant.
    with suppress(RefusedBySmp):
        step(smp.delete_business_card, pid)
    in_sml = not lost or step(_holder, pid) == _OURS
    step(partial(smp.delete_service_group, in_sml=in_sml), pid)
    if step(smp.service_group, pid) is not None:
        raise NotConfirmed("The SMP still shows the participant that it was told to delete.")


def unwanted(desired: DesiredState, there: Sequence[str]) -> list[DocumentType]:
    """Of the document types that are at the SMP, those of the code list that should not be."""
    gone = set(there) - {document_type.uri for document_type in desired.document_types}
    known = country_profiles.all_types() if desired.chosen else code_lists.document_types()
    return [one for one in known if one.uri in gone]


def surplus(desired: DesiredState, there: Sequence[str]) -> list[DocumentType]:
    """All document types that are at the SMP and should not be, whatever list they are of."""
    wanted = {document_type.uri for document_type in desired.document_types}
    return [
        DocumentType(scheme, value, (), uri)
        for uri in there
        if uri not in wanted
        for scheme, _, value in [uri.partition("::")]
    ]


def _create(smp: SmpClient, desired: DesiredState, step: Step) -> None:
    """Have the SMP take the participant on, which no other SMP may have.

    The SML is asked first: an SMP finds out only while it is creating, if it says so at all.
    """
    pid = desired.participant
    holder = _may_be_had(desired, step)
    if desired.migration_key and holder != _OURS:
        _take_over(smp, desired, step)
        return
    try:
        step(smp.create_service_group, pid)
    except RegisteredElsewhere:
        if holder != _OURS:
            raise
        # The SML remembers what our SMP has lost: only the SMP has to learn it again.
        step(partial(smp.create_service_group, in_sml=False), pid)


def _may_be_had(desired: DesiredState, step: Step) -> str | None:
    """Who has the participant. Raises RegisteredElsewhere for another one, without a key."""
    holder = step(_holder, desired.participant)
    if holder not in (None, _OURS) and not desired.migration_key:
        raise RegisteredElsewhere(
            f"Another provider has this participant, at {holder}. Ask the company to have it "
            "released there, or for a migration key."
        )
    return holder


def _holder(pid: ParticipantId) -> str | None:
    """The address of the SMP that has the participant, "ours", or None."""
    if not sml.is_asked():
        return None
    try:
        address = sml.smp_of(pid)
    except sml.SmlUnavailable as error:
        cause = f"{error} {type(error.__cause__).__name__}." if error.__cause__ else str(error)
        raise Unavailable(_NO_SML, silent=False, answer=cause) from error
    ours = address is not None and sml.is_our_smp(address)
    return _OURS if ours else address


def _take_over(smp: SmpClient, desired: DesiredState, step: Step) -> None:
    try:
        step(smp.migrate_in, desired.participant, desired.migration_key)
    except Unavailable as error:
        if error.silent:
            raise
        raise KeyRefused("The migration key was not accepted.", answer=error.answer) from error
