"""`manage.py makemessages`: Django's, which also finds what is translated where it is shown.

Services speak English, because programs read them too. What an event says and why a service
refuses is translated by the pages, so it stands unmarked where it is declared or raised. Fill
what is empty in `config/locale/*/LC_MESSAGES/django.po`, then run `manage.py compilemessages` and
commit both.
"""

import re
from pathlib import Path
from typing import Any

from django.core.management.commands import makemessages
from django.core.management.utils import popen_wrapper

_DATES = re.compile(r'^"(Report-Msgid-Bugs-To|POT-Creation-Date): .*\\n"\n', re.MULTILINE)
_STABLE = ("--sort-output", "--no-location", "--no-wrap")
# Programs, operators of the command line and we ourselves read English.
_ENGLISH = ("config/api", "management", "tests", "var")


class Command(makemessages.Command):
    # What `events.declare` is told second, and why a `DomainError` is raised.
    xgettext_options: list[str] = [
        *makemessages.Command.xgettext_options,
        "--keyword=declare:2",
        "--keyword=Conflict:2",
        *(
            f"--keyword={name}:1"
            for name in (
                "Invalid",
                "WrongState",
                "Forbidden",
                "LimitReached",
                "Sentence",
                "Column",
                "_refusal",
                "_refused",
                "_malformed",
            )
        ),
    ]

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the catalogues of every language but English, of what people read in pages."""
        options["locale"] = options["locale"] or ["fr", "nl", "de"]
        options["ignore_patterns"] = [*options["ignore_patterns"], *_ENGLISH]
        options["no_wrap"] = options["no_obsolete"] = True
        super().handle(*args, **options)

    def write_po_file(self, potfile: str, locale: str) -> None:
        """Write a catalogue that differs from the one before only where the texts do.

        Sorted and without places or dates, for a file that moves changes no text.
        """
        super().write_po_file(potfile, locale)
        written = Path(potfile).parent / locale / "LC_MESSAGES" / f"{self.domain}.po"
        popen_wrapper(["msgcat", *_STABLE, "-o", str(written), str(written)])
        written.write_text(_DATES.sub("", written.read_text("utf-8")), "utf-8")
