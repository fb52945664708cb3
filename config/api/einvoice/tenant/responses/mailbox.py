"""What the tenant API answers of its mailbox."""

from config.api.einvoice.tenant.responses.documents import Parts
from config.api.kit.answers import Answer, Flag, Number


class MailboxPageAnswer(Answer):
    """A page of mails that came in, of which there are none."""

    items = Parts(lambda asked: [])
    total = Number(lambda asked: 0)
    page = Number(lambda asked: asked["page"])
    page_size = Number(lambda asked: asked["page_size"])
    pages = Number(lambda asked: 0)
    has_next_page = Flag(lambda asked: False)
