from django.apps import AppConfig


class Webhooks(AppConfig):
    """Endpoints, the events due to them, and every try to deliver one."""

    name = "webhooks"
    verbose_name = "Webhooks"

    def ready(self) -> None:
        from tenants import background

        background.listen("outbox", "webhooks.distribute")
        background.listen("deliveries", "webhooks.deliver")
        background.listen("logos", "webhooks.fetch_logos")
