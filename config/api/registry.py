"""The vendors whose APIs we speak, one line each: everything that has to know them all asks here.

The rest of a vendor is its package, `config/api/<name>/`: its `urls.py` is what answers, the
class named here is its surface in `surface.py` and, where it has one, its outgoing dialect in
`dialect.py`. Packages are imported when they are asked for, for the settings read prefixes, too.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True)
class Vendor:
    """One vendor: its package, its class there, and the paths below which it answers.

    Of several prefixes that are alike, the first is the one that is documented.
    """

    name: str
    class_name: str
    prefixes: tuple[str, ...]
    has_dialect: bool = False

    @property
    def urls(self) -> Any:
        """The module of its paths: `urlpatterns`, and of these the `documented`."""
        return self._module("urls")

    @property
    def surface(self) -> Any:
        """Its surface: title, description and how it is opened."""
        return getattr(self._module("surface"), self.class_name)

    @property
    def dialect(self) -> Any:
        """How deliveries speak to its receivers."""
        return getattr(self._module("dialect"), self.class_name)

    def _module(self, name: str) -> Any:
        return import_module(f"config.api.{self.name}.{name}")


VENDORS = (
    Vendor("einvoice", "EInvoice", ("api",), has_dialect=True),
    Vendor("fiskaly", "Fiskaly", ("api/v0",)),
    Vendor("invora", "Invora", ("api/identity/v2", "api/account/v2", "api/v2")),
    Vendor("goroute", "GoRoute", ("peppol-api/api/v1", "api/v1"), has_dialect=True),
    Vendor("flowie", "Flowie", ("exchange/v1", "v1"), has_dialect=True),
)


def of(name: str) -> Vendor:
    """The vendor of that name."""
    return next(vendor for vendor in VENDORS if vendor.name == name)


def first_segments() -> list[str]:
    """What the paths of all vendors begin with, up to their first slash."""
    return sorted({prefix.partition("/")[0] for vendor in VENDORS for prefix in vendor.prefixes})
