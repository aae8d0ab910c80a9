"""Pages of API keys, of the API reference and of webhooks: their views, forms and addresses."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from serai.expo.base.numbers import number_of
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.fairs.interface.domain.caller import A_MINUTE
from serai.expo.fairs.interface.domain.keys import KeyRefusedError, make_key, revoke
from serai.expo.fairs.interface.models import ApiKey, Webhook
from serai.expo.people.account.models import User
from serai.expo.people.account.pages.confirmation import require_confirmation
from serai.expo.site.api.domain import (
    MOST_FAILURES,
    WebhookRefusedError,
    add_webhook,
    ping,
    remove_webhook,
    send_again,
    switch,
)


class KeyForm(forms.Form):
    """A new key."""

    name = forms.CharField(
        label=pgettext_lazy("of a thing", "Name"),
        max_length=100,
        help_text=_("What uses it, so that you know it again."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=ApiKey.Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    only_in = forms.ModelChoiceField(label=_("Only for"), queryset=Edition.objects.none(), required=False)
    days = forms.TypedChoiceField(
        label=_("Good for"),
        coerce=int,
        choices=[(90, _("90 days")), (365, _("365 days")), (0, _("Until it is revoked"))],
        initial=365,
    )

    def __init__(self, user: User, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        only_in = self.fields["only_in"]
        assert isinstance(only_in, forms.ModelChoiceField)
        only_in.queryset = Edition.objects.filter(organisation__roles__user=user).distinct()
        rows = [(row.pk, _name(row)) for row in only_in.queryset]
        only_in.choices = [("", _("every fair that I may see")), *rows]


def _name(edition: Edition) -> str:
    return in_language(edition.name).text or edition.slug


class WebhookForm(forms.Form):
    """A new webhook."""

    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://", "dir": "ltr", "lang": "zxx"}),
    )
    events = forms.CharField(
        label=_("Events"),
        initial="meeting.*\nsign_up.*",
        widget=forms.Textarea(attrs={"rows": 4, "dir": "ltr", "lang": "zxx"}),
        help_text=_("One a line; * stands for any part, as in meeting.* ."),
    )

    def clean_events(self) -> list[str]:
        return str(self.cleaned_data["events"]).split()


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def keys(request: Any) -> HttpResponse:
    """The reader's API keys; a POST makes one, after the reader has confirmed itself, and shows it once."""
    form = KeyForm(request.user, request.POST or None)
    shown = None
    if request.method == "POST" and form.is_valid():
        require_confirmation(request)
        days = form.cleaned_data["days"]
        try:
            _key, shown = make_key(
                request.user,
                form.cleaned_data["name"],
                form.cleaned_data["scopes"],
                only_in=form.cleaned_data["only_in"],
                expires_at=timezone.now() + timedelta(days=days) if days else None,
            )
        except KeyRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            form = KeyForm(request.user)
    rows = ApiKey.objects.filter(user=request.user).select_related("only_in")
    return render(request, "site/api/keys.html", {"form": form, "shown": shown, "keys": rows})


@login_required
@require_POST
def revoke_key(request: Any, pk: int) -> HttpResponse:
    """Revoke a key."""
    revoke(get_object_or_404(ApiKey, pk=pk, user=request.user), request.user)
    messages.success(request, gettext("The key is revoked."))
    return redirect("api-keys")


def reference(request: HttpRequest) -> HttpResponse:
    """The API reference, without scripts of third parties."""
    from serai.expo.site.api.pages.reference import operations  # only here: it loads the whole interface

    site = request.build_absolute_uri("/").rstrip("/")
    shown = [
        {"operation": operation, "group": operation.group, "example": operation.example(site)}
        for operation in operations()
    ]
    context = {"operations": shown, "a_minute": A_MINUTE, "most_failures": MOST_FAILURES}
    return render(request, "site/api/reference.html", context)


@organiser_required
@never_cache
@require_http_methods(["GET", "POST"])
def webhooks(request: OrganiserRequest) -> HttpResponse:
    """The webhooks; a POST adds one and shows its secret once."""
    form = WebhookForm(request.POST or None)
    secret = None
    if request.method == "POST" and form.is_valid():
        try:
            _made, secret = add_webhook(
                request.edition, form.cleaned_data["url"], form.cleaned_data["events"], by=request.user
            )
        except WebhookRefusedError as refusal:
            form.add_error("url", str(refusal))
        else:
            form = WebhookForm()
    rows = Webhook.objects.filter(edition=request.edition)
    return render(request, "site/api/webhooks.html", {"form": form, "secret": secret, "webhooks": rows})


@organiser_required
def webhook(request: OrganiserRequest, pk: int) -> HttpResponse:
    """The messages to an address, with their results."""
    row = get_object_or_404(Webhook, pk=pk)
    return render(request, "site/api/webhook.html", {"webhook": row, "deliveries": row.deliveries.all()[:100]})


@organiser_required("POST")
def change_webhook(request: OrganiserRequest, pk: int) -> HttpResponse:
    """Ping an address, switch it on or off, remove it, or send one of its messages again."""
    row = get_object_or_404(Webhook, pk=pk)
    do = request.POST.get("do", "")
    if do == "remove":
        remove_webhook(row, by=request.user)
        messages.success(request, gettext("The address is removed."))
        return redirect("webhooks", request.edition.slug)
    if do in ("on", "off"):
        switch(row, on=do == "on", by=request.user)
        messages.success(
            request, gettext("The address is switched on.") if do == "on" else gettext("The address is switched off.")
        )
    elif do == "again":
        delivery = get_object_or_404(row.deliveries, pk=number_of(request.POST.get("delivery")) or 0)
        try:
            send_again(delivery, by=request.user)
        except WebhookRefusedError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, gettext("The message is on its way again; look here again in a moment."))
    elif row.active:
        ping(row)
        messages.success(request, gettext("An event is on its way; look here again in a moment."))
    else:
        messages.error(request, gettext("This address is switched off. Switch it on first."))
    return redirect("webhook", request.edition.slug, row.pk)
