"""Addresses that are told of events, and what became of telling them: for organisers."""

from datetime import datetime
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import Field, StringConstraints

from serai.expo.base.rows import row_of
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.domain.answers import require_unchanged, shown
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import DECIDE, ORGANISE, Room
from serai.expo.fairs.interface.models import Delivery, Webhook
from serai.expo.site.api import domain as webhooks

room = Room(_("Other systems"), webhooks.WebhookRefusedError)

Event = Annotated[str, StringConstraints(pattern=r"^[a-z_*?.]+$", max_length=64)]


class WebhookShown(Schema):
    number: int = Field(description="Its identifier in this interface")
    url: str
    events: list[str]
    active: bool
    failures: int = Field(description="Attempts that failed since the last that arrived")
    switched_off_at: datetime | None
    created_at: datetime


class WebhookMade(WebhookShown):
    secret: str = Field(description="With which messages are signed; shown this once")


class WebhookGiven(Schema):
    url: str = Field(min_length=1, max_length=500, pattern="^[!-~]+$")
    events: list[Event] = Field(min_length=1, max_length=50, description="With * for any part, as in meeting.*")


class Switch(Schema):
    active: bool


class DeliveryShown(Schema):
    number: int = Field(description="Its identifier in this interface")
    event: str
    state: str = Field(description="waiting, delivered or given_up")
    attempts: int
    answer: int | None = Field(description="HTTP status of the last answer")
    fault: str
    created_at: datetime
    next_at: datetime | None
    delivered_at: datetime | None


def webhook(row: Webhook) -> WebhookShown:
    return shown(WebhookShown, row, number=row.pk)


def delivery(row: Delivery) -> DeliveryShown:
    return shown(DeliveryShown, row, number=row.pk)


def _one(edition: Edition, number: int) -> Webhook:
    return row_of(Webhook.objects.filter(edition=edition), number, _("There is no such address."))


@room.list("/webhooks", _("Addresses told of events"), WebhookShown, webhook, scope=ORGANISE)
def webhooks_(_request: Call, edition: Edition) -> Any:
    return Webhook.objects.filter(edition=edition)


@room.post("/webhooks", _("Add an address"), WebhookMade, scope=DECIDE, status=201)
def add_webhook(request: Call, edition: Edition, given: WebhookGiven) -> Any:
    """With its secret, which is shown this once."""
    made, secret = webhooks.add_webhook(edition, given.url, given.events, by=request.user)
    return WebhookMade.model_validate(webhook(made).model_dump() | {"secret": secret})


@room.patch("/webhooks/{number}", _("Switch an address on or off"), WebhookShown, scope=DECIDE)
def switch_webhook(request: Call, edition: Edition, number: int, given: Switch) -> Any:
    """What waits is sent when it is switched on again."""
    row = _one(edition, number)
    require_unchanged(request, webhook(row))
    return webhook(webhooks.switch(row, on=given.active, by=request.user))


@room.delete("/webhooks/{number}", _("Remove an address"), scope=DECIDE)
def remove_webhook(request: Call, edition: Edition, number: int) -> Any:
    webhooks.remove_webhook(_one(edition, number), by=request.user)


@room.post("/webhooks/{number}/ping", _("Send a trial message"), DeliveryShown, scope=DECIDE)
def ping_webhook(_request: Call, edition: Edition, number: int) -> Any:
    return delivery(webhooks.ping(_one(edition, number)))


@room.list("/webhooks/{number}/deliveries", _("Messages to an address"), DeliveryShown, delivery, scope=ORGANISE)
def deliveries(_request: Call, edition: Edition, number: int) -> Any:
    """With all attempts and what became of them."""
    return Delivery.objects.filter(edition=edition, webhook=_one(edition, number))


@room.post("/deliveries/{number}/again", _("Send a message again"), DeliveryShown, scope=DECIDE)
def send_again(request: Call, edition: Edition, number: int) -> Any:
    """Whatever became of it: with the same number, so that the receiver knows it again."""
    row = row_of(Delivery.objects.filter(edition=edition), number, _("There is no such message."))
    return delivery(webhooks.send_again(row, by=request.user))
