"""Lays an answer to a document out."""

from django.utils.translation import gettext as _

from peppol.readable import values, words
from peppol.readable.parts import Reason, Response
from peppol.readable.sheet import ReasonRow, Sheet, filled, party


def lay_out(response: Response) -> Sheet:
    """The sheet of an answer."""
    of_network = response.kind == "message_status"
    meanings = words.MESSAGE_ANSWERS if of_network else words.ANSWERS
    return Sheet(
        title=_("Message level status") if of_network else _("Invoice response"),
        number=response.number,
        head=filled(
            (_("Issued on"), values.day(response.issued)),
            (_("In effect from"), values.day(response.effective)),
            (_("About the message") if of_network else _("About"), _about(response)),
        ),
        parties=tuple(
            party(role, found)
            for role, found in ((_("From"), response.sender), (_("To"), response.receiver))
            if found
        ),
        verdict=words.of(meanings, response.code),
        code=response.code,
        reasons=tuple(_reason(reason) for reason in response.reasons),
        notes=tuple(text for text in (response.text, *response.notes) if text),
    )


def _about(response: Response) -> str:
    title = str(words.TITLES.get(response.about_type, ""))
    issued = values.day(response.about_issued)
    number = f"{title} {response.about}".strip()
    return f"{number} ({issued})" if issued else number


def _reason(reason: Reason) -> ReasonRow:
    if reason.list == "MLS":
        name, meanings = _("Finding"), words.MESSAGE_REASONS
    elif reason.list == "OPStatusAction":
        name, meanings = _("What is asked for"), words.ACTIONS
    else:
        name, meanings = _("Reason"), words.REASONS
    said = words.of(meanings, reason.code)
    conditions = tuple(
        f"{words.of(words.TERMS, term)}: {values.day(text)}" for term, text in reason.conditions
    )
    return ReasonRow(
        name=name,
        text=": ".join(part for part in (said, reason.text) if part),
        details=(*conditions, *((reason.place,) if reason.place else ())),
    )
