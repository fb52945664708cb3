"""The files that go with a document."""

from config.api.flowie.responses.parts import Count
from config.api.kit.answers import Answer, Text, TextOrNull


class Attachment(Answer):
    """A file: inside of the document under its `place`, or elsewhere at `url`."""

    place = Count(lambda one: one.place if one.is_inside else None, allow_null=True)
    id = Text()
    description = TextOrNull()
    filename = TextOrNull()
    mediaType = TextOrNull("media_type")
    size = Count()
    url = TextOrNull("address")


class Attachments(Answer):
    """All of them, in the document's order."""

    attachments = Attachment(many=True, source="*")
