"""The parts that an invoice or an answer consists of, whatever syntax they came in.

Everything is text as it stood in the document: nothing is computed, so that what is shown is what
was said. A value that is not there is empty.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Amount:
    """An amount or a price, as it was written, and its currency."""

    text: str = ""
    currency: str = ""

    def __bool__(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True)
class Address:
    """A postal address: its lines, the last with postal code and place, and the country's code."""

    lines: tuple[str, ...] = ()
    country: str = ""

    def __bool__(self) -> bool:
        return bool(self.lines or self.country)


@dataclass(frozen=True)
class Party:
    """Somebody named in a document."""

    name: str = ""
    trade_name: str = ""
    identifier: str = ""
    vat_number: str = ""
    company_number: str = ""
    tax_number: str = ""
    legal_form: str = ""
    address: Address = Address()
    contact: tuple[str, ...] = ()
    # Numbers by which the other side knows it (BT-29, BT-46).
    ids: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.title or self.identifier or self.address)

    @property
    def title(self) -> str:
        """The name that a person knows it by."""
        return self.name or self.trade_name

    @property
    def other_name(self) -> str:
        """The name it trades under, where that is another."""
        return self.trade_name if self.trade_name != self.title else ""


@dataclass(frozen=True)
class Vat:
    """How something is taxed: the category's code, the rate, and why it is exempt."""

    category: str = ""
    rate: str = ""
    reason: str = ""
    reason_code: str = ""


@dataclass(frozen=True)
class Adjustment:
    """An allowance or a charge, on a line or on the whole."""

    is_charge: bool
    amount: Amount
    reason: str = ""
    reason_code: str = ""
    percentage: str = ""
    base: Amount = Amount()
    vat: Vat = Vat()


@dataclass(frozen=True)
class Line:
    """One thing that was sold."""

    id: str
    name: str
    amount: Amount
    description: str = ""
    note: str = ""
    quantity: str = ""
    unit: str = ""
    price: Amount = Amount()
    base_quantity: str = ""
    vat: Vat = Vat()
    adjustments: tuple[Adjustment, ...] = ()
    # Period, numbers, attributes: what else is said of it, by name.
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class VatGroup:
    """What is taxed alike, and the tax on it."""

    vat: Vat
    taxable: Amount
    tax: Amount


@dataclass(frozen=True)
class Payment:
    """A way to pay."""

    means: str = ""
    means_name: str = ""
    reference: str = ""
    account: str = ""
    account_name: str = ""
    bic: str = ""
    card: str = ""
    mandate: str = ""
    debited_account: str = ""


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a document: within it, or somewhere else under `address`."""

    place: int
    id: str
    description: str = ""
    filename: str = ""
    media_type: str = ""
    size: int = 0
    address: str = ""

    @property
    def is_inside(self) -> bool:
        return self.size > 0

    @property
    def title(self) -> str:
        return self.filename or self.description or self.id


@dataclass(frozen=True)
class Totals:
    """The sums at the end."""

    lines: Amount = Amount()
    allowances: Amount = Amount()
    charges: Amount = Amount()
    without_tax: Amount = Amount()
    tax: Amount = Amount()
    tax_in_accounting_currency: Amount = Amount()
    with_tax: Amount = Amount()
    prepaid: Amount = Amount()
    rounding: Amount = Amount()
    payable: Amount = Amount()


@dataclass(frozen=True)
class Invoice:
    """An invoice or a credit note. `facts` are references and dates, by the name of each."""

    kind: str
    type_code: str
    self_billed: bool
    number: str
    issued: str
    due: str
    currency: str
    seller: Party
    buyer: Party
    facts: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    payee: Party = Party()
    tax_representative: Party = Party()
    deliver_to: Party = Party()
    lines: tuple[Line, ...] = ()
    lines_left_out: int = 0
    adjustments: tuple[Adjustment, ...] = ()
    vat_groups: tuple[VatGroup, ...] = ()
    totals: Totals = Totals()
    payments: tuple[Payment, ...] = ()
    terms: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()

    @property
    def is_credit_note(self) -> bool:
        return self.kind == "credit_note"


@dataclass(frozen=True)
class Reason:
    """Why an answer is what it is, or what it asks for: a code of a list, and words."""

    list: str = ""
    code: str = ""
    text: str = ""
    conditions: tuple[tuple[str, str], ...] = ()
    place: str = ""


@dataclass(frozen=True)
class Response:
    """An answer to a document: of its receiver (Invoice Response), or of the network (MLS, MLR)."""

    kind: str
    number: str
    issued: str
    sender: Party
    receiver: Party
    code: str
    text: str = ""
    effective: str = ""
    about: str = ""
    about_type: str = ""
    about_issued: str = ""
    reasons: tuple[Reason, ...] = field(default=())
    notes: tuple[str, ...] = ()
