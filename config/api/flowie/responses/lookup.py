"""What the network says of somebody."""

from config.api.kit.answers import Answer, Choice, Flag, Text, TextOrNull
from peppol import document_types
from peppol.reach import Verdict


class Type(Answer):
    """A document type that is taken."""

    id = Text(lambda uri: uri)
    name = Text(document_types.name_of)


class Lookup(Answer):
    """Whether an identifier is registered and takes what was asked about.

    `unknown` means that the network did not answer; `instead` is another identifier of the same
    company that takes it.
    """

    peppolId = Text("identifier")
    registered = Flag("is_registered")
    verdict = Choice([str(one) for one in Verdict], lambda found: str(found.verdict))
    name = TextOrNull()
    country = TextOrNull()
    instead = TextOrNull()
    error = TextOrNull()
    documentTypes = Type(read=lambda found: found.types, many=True)
