from datetime import timedelta

from django.apps import AppConfig


class Webhooks(AppConfig):
    """Endpoints, the events due to them, and every try to deliver one."""

    name = "webhooks"
    verbose_name = "Webhooks"

    def ready(self) -> None:
        from tenants import background, search, tallies
        from tenants.services import clock
        from webhooks import dialects, schedule
        from webhooks.chat import Chat
        from webhooks.models import Endpoint

        minute = timedelta(minutes=1)
        # The first attempt is due at once; a later one after a step, or two by `Retry-After`.
        step = timedelta(seconds=2 * schedule.LONGEST_STEP)
        due = ("webhooks.Delivery", "next_attempt_at")
        clock.watch(*due, minute, state="sending")
        clock.watch(*due, minute, state="pending", attempt_count=0)
        clock.watch(*due, step * (1 + schedule.JITTER), state="pending")
        clock.watch("webhooks.Endpoint", "paused_until", 10 * minute)
        search.declare(Endpoint, "url", "description")
        tallies.declare(
            "endpoint",
            Endpoint,
            state="case when status = 'active' and consecutive_failures > 0"
            " then 'failing' else status end",
            only="deleted_at is null",
            watched=("status", "consecutive_failures", "deleted_at"),
        )
        dialects.register(Chat())
        background.listen("outbox", "webhooks.distribute")
        background.listen("deliveries", "webhooks.deliver")
        background.listen("logos", "webhooks.fetch_logos")
