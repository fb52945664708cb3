"""Before a document is handed over: does its receiver exist, and take this kind?"""

from django.utils.translation import gettext_noop

from peppol import reach
from peppol.models import Document
from peppol.reach import Reach, Verdict
from peppol.services.documents import stand_ins
from tenants.errors import Invalid
from tenants.sentences import Sentence

ABSENT = gettext_noop("The receiver %(receiver)s is not registered on the network.")
TAKES_OTHER = gettext_noop(
    "The receiver %(receiver)s does not receive documents of this type. It takes: %(types)s."
)
CODE = "receiver_out_of_reach"
_MOST_NAMED = 8


def look_up(document: Document) -> Reach | None:
    """What the network says of the receiver; None where there is nobody to be asked."""
    if document.format == Document.Format.JSON:
        return None
    return ask(document.receiver, document.document_type)


def ask(receiver: str, document_type: str) -> Reach | None:
    """What the network says of `receiver`; None of nobody, and of a stand-in of the sandbox."""
    offered = stand_ins.offered()
    if offered and receiver.startswith(f"{offered.scheme}:"):
        return None
    try:
        return reach.find(receiver, document_type)
    except Invalid:
        return None


def obstacle(found: Reach | None) -> Sentence | None:
    """Why the receiver cannot get it, if that is certain; silence of the network is no reason."""
    if found is None or found.instead:
        return None
    if found.verdict is Verdict.ABSENT:
        return Sentence(ABSENT, receiver=found.identifier)
    if found.verdict is Verdict.TAKES_OTHER:
        names = found.type_names
        types = ", ".join(names[:_MOST_NAMED]) + (" …" if len(names) > _MOST_NAMED else "")
        return Sentence(TAKES_OTHER, receiver=found.identifier, types=types)
    return None
