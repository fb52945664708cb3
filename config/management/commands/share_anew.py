"""`manage.py share_anew`: where the files have moved, or secrets changed, take that for right."""

from django.core.management.base import BaseCommand

from tenants.services import sharing


class Command(BaseCommand):
    """Makes this process's places and secrets those of the installation."""

    help = (
        "Takes the payload store, the logos and the secrets of this process for those that all "
        "processes share from now on. The others start again only with the same ones."
    )

    def handle(self, **_: object) -> None:
        sharing.begin_anew()
        self.stdout.write("Marked. Start the other processes again.")
