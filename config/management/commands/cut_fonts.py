"""`manage.py cut_fonts`: cut from Unfold's fonts what the pages show."""

from typing import Any

from django.core.management.base import BaseCommand

from config import font_cuts


class Command(BaseCommand):
    """Writes the cuts into config/static, to be committed with the page that shows a new symbol."""

    help = "Cuts the letters and symbols that pages show from the fonts that Unfold brings."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, size in font_cuts.cut().items():
            self.stdout.write(f"{name:<20} {size:>7,} bytes")
