"""`manage.py makemessages`: Django's, which also finds what is translated where it is shown.

Services speak English, because programs read them too. What an event says and why a service
refuses is translated by the pages, so it stands unmarked where it is declared or raised. Fill
what is empty in `config/locale/*/LC_MESSAGES/django.po`, then run `manage.py compilemessages` and
commit both.
"""

from typing import Any

from django.core.management.commands import makemessages

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
        options["no_wrap"], options["add_location"] = True, "file"
        super().handle(*args, **options)
