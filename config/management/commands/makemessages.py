"""`manage.py makemessages`: Django's, which also finds what is translated where it is shown.

Services speak English, because programs read them too. What an event says is translated by the
pages, so it stands unmarked where it is declared. Fill what is empty in
`config/locale/*/LC_MESSAGES/django.po`, then run `manage.py compilemessages` and commit both.
"""

from typing import Any

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    # What `events.declare` is told second.
    xgettext_options: list[str] = [
        *makemessages.Command.xgettext_options, "--keyword=declare:2"
    ]  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the catalogues of every language but English, without the tests' sentences."""
        options["locale"] = options["locale"] or ["fr", "nl", "de"]
        options["ignore_patterns"] = [*options["ignore_patterns"], "tests", "var"]
        options["no_wrap"], options["add_location"] = True, "file"
        super().handle(*args, **options)
