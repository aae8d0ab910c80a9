"""Every address of an instance, filled with things that its database has, for each kind of visitor.

    SERAI_HOME=... python -m scripts.addresses

What the pages' benchmark measures and what the walk of a browser visits where no link leads. Django must be open.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.apps import apps
from django.db.models import Manager, Q
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve, reverse
from django_scopes import scope

if TYPE_CHECKING:  # models can be imported once Django is open only
    from serai.expo.fairs.edition.models import Edition, Participation
    from serai.expo.people.account.models import User

VISITORS: Mapping[str, str] = {
    "anonymous": "",
    "buyer": "buyer@demo.example",
    "exhibitor": "exhibitor@demo.example",
    "organiser": "organiser@demo.example",
}
"""Who signs in under which mail address in the demonstration."""
FILES = (
    ".csv",
    ".html",
    ".ics",
    ".json",
    ".jsonld",
    ".jsonl",
    ".pdf",
    ".png",
    ".svg",
    ".vcf",
    ".xlsx",
    ".xml",
    ".zip",
    ".geojson",
    "/file/",
)
NOTHING = {"int": 0, "slug": "nothing", "string": "nothing", "path": "nothing"}


def rows_of(model: str) -> "Manager[Any]":
    """The rows of a model by its name."""
    return apps.get_model("expo", model)._default_manager


def first(model: str, what: str = "pk", **which: Any) -> Any:
    """A value of the first row, None where there is none."""
    return rows_of(model).filter(**which).order_by("pk").values_list(what, flat=True).first()


class Visitor:
    """Who looks at an edition: what the values of addresses are chosen by. Call inside of the edition's scope."""

    def __init__(self, edition: "Edition", user: "User | None") -> None:
        self.edition, self.user = edition, user

    @cached_property
    def own(self) -> "Participation | None":
        """The participation that the visitor acts for."""
        firms = self.user.roles.filter(firm__isnull=False).values_list("firm", flat=True) if self.user else ()
        found: Participation | None = rows_of("Participation").filter(edition=self.edition, firm__in=firms).first()
        return found

    @cached_property
    def exhibitor(self) -> "Participation":
        """The visitor's own where it exhibits, else one that does."""
        if self.own is not None and self.own.kind == "exhibitor":
            return self.own
        found: Participation = rows_of("Participation").filter(edition=self.edition, kind="exhibitor").order_by("pk")[0]
        return found

    def between(self, model: str, one: str, other: str) -> Any:
        """The first row of a model with two sides on one of which the visitor is; the first of all without a desk."""
        mine = Q(**{one: self.own}) | Q(**{other: self.own}) if self.own else Q(edition=self.edition)
        return rows_of(model).filter(mine).order_by("pk").values_list("pk", flat=True).first()

    def outcome(self) -> Any:
        which = {"parties__participation": self.own} if self.own else {"edition": self.edition}
        return first("Outcome", **which)


def _badge(visitor: Visitor) -> str | None:
    from serai.expo.programme.badges.domain.documents import token_of

    found = rows_of("Badge").filter(edition=visitor.edition).first()
    return token_of(found) if found else None


def _unsubscribe(visitor: Visitor) -> str | None:
    from serai.expo.fairs.mailing.domain.templates import token

    return token(visitor.user, "newsletters") if visitor.user else None


def _row(model: str, what: str = "pk", **which: Any) -> Callable[[Visitor], Any]:
    return lambda visitor: first(model, what, edition=visitor.edition, **which)


def _session(visitor: Visitor) -> Any:
    rows = apps.get_model("usersessions", "UserSession")._default_manager.filter(user=visitor.user)
    return rows.order_by("pk").values_list("pk", flat=True).first()


def _of_desk(model: str) -> Callable[[Visitor], Any]:
    return lambda visitor: first(model, participation=visitor.exhibitor)


def _said(value: str) -> Callable[[Visitor], str]:
    return lambda _: value


ACTS = ("file", "submit", "renew", "remove", "withdraw")
OF_AN_ISSUE = ("report-issue", "report-file", "report-withdraw")
OF_A_REPORT = (
    "named-report",
    "report-build",
    "report-preview",
    "report-publish",
    "report-part",
    "report-part-new",
    "report-finding",
    *OF_AN_ISSUE,
)
OF_A_SCORECARD = ("scorecard", "scorecard-file", "world-scorecard", "world-scorecard-file")
OF_AN_INITIATIVE = ("initiative-desk", "initiative-edit", "signatory-new", "signatory", "commitment-new", "commitment")
OF_AN_OWN_CHAIN = (
    *("organiser-chain", "chain-file", "chain-versions"),
    *("chain-stage-new", "chain-stage", "chain-node-new", "chain-node", "chain-on-map"),
)
VALUES: Mapping[str, Callable[[Visitor], Any]] = {
    "edition": lambda visitor: visitor.edition.slug,
    "identifier": lambda visitor: visitor.exhibitor.firm.identifier,
    "language": _said("en"),
    "subject": _said("firms"),
    "sitemap.section": lambda visitor: f"{visitor.edition.slug}.en",
    "export.file_name": _said("figures.json"),
    "export-table.key": _said("firms"),
    "dataset-file.page": _said("report"),
    "dataset-file.place": _said("data.json"),
    "world-dataset-file.page": _said("scorecard"),
    "world-dataset-file.place": _said("country/KE/data.csv"),
    "unsubscribe.secret": _unsubscribe,
    "badge-seen.token": _badge,
    "social-card.kind": _said("chain"),
    "social-card.key": _said("clean-energy"),
    "chain.slug": _said("clean-energy"),
    "node.slug": _said("clean-energy"),
    "node.code": lambda _: first("Node", "code", chain__slug="clean-energy"),
    **{
        f"{name}.slug": lambda visitor: first("Chain", "slug", organisation=visitor.edition.organisation)
        for name in OF_AN_OWN_CHAIN
    },
    "chain-stage.code": lambda visitor: first("Stage", "code", chain__organisation=visitor.edition.organisation),
    "chain-on-map.code": lambda visitor: first("Node", "code", chain__organisation=visitor.edition.organisation),
    "chain-node.code": lambda visitor: first("Node", "code", chain__organisation=visitor.edition.organisation),
    **{f"{name}.kind": _said("country") for name in OF_A_SCORECARD},
    **{f"{name}.code": _said("KE") for name in OF_A_SCORECARD},
    "own-exposure-file.ending": _said("csv"),
    **{f"{name}.kind_of_file": _said("csv") for name in ("scorecard-file", "world-scorecard-file")},
    "code": lambda _: first("Hall", "code"),
    "booth": lambda _: first("Booth", "code"),
    "organiser-booth.pk": _row("Booth"),
    "give-booth.pk": _row("Booth"),
    "session.number": _row("Session", state="confirmed"),
    "speaker.number": _row("Speaker"),
    "programme-part-new.word": _said("session"),
    "programme-part.word": _said("session"),
    "programme-part.number": _row("Session"),
    "programme-part-remove.word": _said("session"),
    "stage-screen.slug": _row("Screen", what="slug"),
    "screen.number": _row("Screen"),
    "initiative.number": _row("Initiative", state="published"),
    **{f"{name}.number": _row("Initiative") for name in OF_AN_INITIATIVE},
    "signatory.signature": _row("Signature"),
    "commitment.commitment": _row("Commitment"),
    "meeting-rule.pk": _row("MeetingRule"),
    **{f"{name}.number": _row("Participation", state="confirmed") for name in ("participant", "participant-cancel")},
    "participant-restore.number": _row("Participation"),
    "own-withdrawal.number": lambda visitor: visitor.own.pk if visitor.own else None,
    "desk-part.number": lambda visitor: first("Participation", lead=visitor.exhibitor),
    "participant-visit.number": _row("Participation", kind="buyer"),
    "delegation-members.number": _row("Delegation"),
    "presence.pk": _row("Participation", kind="buyer"),
    "organiser-meeting.pk": _row("Meeting"),
    "meeting.number": lambda visitor: visitor.between("Meeting", "host", "guest"),
    "act-on-meeting.number": lambda visitor: visitor.between("Meeting", "host", "guest"),
    "meeting-request.number": lambda visitor: visitor.between("MeetingRequest", "asker", "asked"),
    "booth-contract.pk": _row("BoothContract"),
    "need-sources.number": lambda visitor: first("Need", participation=visitor.own),
    "outcome.number": lambda visitor: visitor.outcome(),
    "act-on-outcome.number": lambda visitor: visitor.outcome(),
    "import-detail.pk": _row("Import"),
    "import-mapping.pk": _row("Import"),
    "import-apply.pk": _row("Import"),
    "import-undo.pk": _row("Import"),
    "job.number": _row("Job"),
    "job-file.number": _row("Job", file_name__gt=""),
    "desk-badge.number": _of_desk("Badge"),
    "own-field.pk": _row("OwnField"),
    "registration-question.pk": _row("RegistrationQuestion"),
    "question-answers.pk": _row("RegistrationQuestion"),
    "registration-answers.number": lambda visitor: visitor.own.pk if visitor.own else None,
    "my-contact.number": lambda visitor: first("Lead", participation=visitor.own),
    "visa-letter.number": lambda visitor: visitor.exhibitor.pk if visitor.exhibitor else None,
    "visa-letter-member.number": lambda visitor: first("DelegationMember", delegation__leader=visitor.user),
    "my-badge.number": lambda visitor: first("Badge", participation=visitor.own),
    "organisers-badge.number": _row("Badge", kind="staff"),
    "desk-lead.number": _of_desk("Lead"),
    "own-source.number": _of_desk("DeclaredInput"),
    "contact-persons.number": lambda visitor: visitor.exhibitor.pk,
    "contact-person.number": lambda visitor: visitor.exhibitor.pk,
    "desk-invitation-act.number": _row("DeskInvitation"),
    "contact-person.contact": _of_desk("ContactPerson"),
    "desk-offer-edit.number": _of_desk("Offer"),
    "desk-need-edit.number": _of_desk("Need"),
    "desk-task.code": lambda _: first("DeskTask", "code"),
    "desk-task-edit.code": lambda _: first("DeskTask", "code"),
    "market-offer.number": _row("Offer", review="published", anonymous=False),
    "market-need.number": _row("Need", review="published", anonymous=False),
    "market-review-offer.number": _row("Offer", review="submitted"),
    "market-review-need.number": _row("Need", review="submitted"),
    "webhook.pk": _row("Webhook"),
    "organiser-person.number": lambda visitor: first("Role", "user", firm=visitor.exhibitor.firm),
    "segment.pk": _row("Segment"),
    "mail-template.pk": _row("MailTemplate", purpose="organiser"),
    "letter.key": _said("application-confirmed"),
    "mailing.pk": _row("Mailing"),
    "assistance-case.pk": _row("AssistanceCase"),
    "contact-card.number": lambda visitor: visitor.user.pk if visitor.user else None,
    "revoke-api-key.pk": lambda visitor: first("ApiKey", user=visitor.user),
    "change-webhook.pk": _row("Webhook"),
    "tell-more.number": lambda visitor: first("Vetting", participation=visitor.own),
    "need-edit.number": lambda visitor: first("Need", participation=visitor.own),
    "desk-record-group.group": _said("trade"),
    "desk-record-row.group": _said("plants"),
    "desk-record-row.number": lambda visitor: first("Plant", firm=visitor.exhibitor.firm),
    "desk-task-file.code": lambda _: first("DeskTask", "code"),
    "desk-take-back.number": lambda visitor: first("CoExhibitorInvitation", leader=visitor.exhibitor),
    "duplicate-decide.number": lambda visitor: first(
        "FirmPair", state="possible", one__participations__edition=visitor.edition
    ),
    "merge-undo.number": lambda visitor: first(
        "FirmMerge", undone_at=None, survivor__participations__edition=visitor.edition
    ),
    "parting-undo.number": lambda visitor: first(
        "FirmParting", undone_at=None, origin__participations__edition=visitor.edition
    ),
    "take-back-correction.number": lambda _: first("GroupMembership"),
    "decide-allocation.pk": _row("BoothProposal"),
    "booth-wish-points.pk": _row("BoothWish"),
    "desk-lead-done.number": _of_desk("Lead"),
    **{f"desk-{kind}-{act}.number": _of_desk(kind.title()) for kind in ("offer", "need") for act in ACTS},
    "desk-offer-certificate.number": _of_desk("Offer"),
    "market-file.number": _row("MarketFile"),
    "market-file-remove.number": lambda visitor: first("MarketFile", offer__participation=visitor.exhibitor),
    "market-file-focus.number": lambda visitor: first("MarketFile", offer__participation=visitor.exhibitor),
    "interest.number": lambda visitor: first("Interest", offer__participation=visitor.exhibitor),
    "quotation.number": lambda visitor: first("Interest", offer__participation=visitor.exhibitor),
    "quotation-file.number": _row("Quotation", file__isnull=False),
    "quotations.number": lambda visitor: first("Need", participation=visitor.own),
    "meeting-exchange.number": _row("MeetingExchange"),
    "floor-entrance.code": _row("Entrance", what="hall__code"),
    "floor-entrance.row": _row("Entrance"),
    "floor-booth.code": _row("Booth", what="hall__code"),
    "floor-booth.row": _row("Booth", what="code"),
    "floor-tables.code": _row("TableArea", what="hall__code"),
    "floor-tables.row": _row("TableArea"),
    "outcome-document.number": _row("OutcomeEvidence", what="outcome"),
    "outcome-document.document": _row("OutcomeEvidence"),
    "package.code": _row("Package", what="code"),
    "package-give.code": _row("Package", what="code"),
    "session-end.pk": _session,
    "sign-up.number": _row("Session", state="confirmed"),
    "withdraw.number": _row("Session", state="confirmed"),
    "session-confirm.number": _row("Session", state="proposed"),
    "session-cancel.number": _row("Session", state="confirmed"),
    "programme-part-remove.number": _row("Session"),
    "desk-event-withdraw.number": lambda visitor: first("Session", host=visitor.exhibitor),
    **{
        f"{name}.number": lambda visitor: first("Proposal", proposed_by=visitor.user, state="submitted")
        for name in ("proposal-edit", "proposal-withdraw")
    },
    "proposal.number": _row("Proposal"),
    **{f"proposal-{act}.number": _row("Proposal", state="submitted") for act in ("review", "accept", "decline")},
    **{f"{name}.slug": _row("NamedReport", what="slug") for name in OF_A_REPORT},
    **{f"{name}.number": _row("ReportIssue", what="number", withdrawn_at=None) for name in OF_AN_ISSUE},
    "report-file.file_name": _said("data.zip"),
    "report-part.pk": _row("ReportPart"),
    "report-finding.pk": _row("ReportPart", kind="findings"),
    "report-finding.code": _said("attendance"),
    "report-part-new.kind": _said("words"),
    "stored-file.token": lambda visitor: first("StoredFile", "token", firm=visitor.exhibitor.firm),
    "agenda-feed.token": lambda visitor: first("CalendarFeed", "token", user=visitor.user),
    "apply-as.kind": _said("press"),
    "retention-term.kind": _said("leads"),
    "team-change.number": lambda visitor: first("Role", firm=visitor.exhibitor.firm, kind="member"),
    "own-page.page": _row("OwnPage", what="slug", published=True),
    "own-page-edit.number": _row("OwnPage"),
    "organiser-change.number": lambda visitor: first("Role", organisation=visitor.edition.organisation),
    "organiser-invitation.number": lambda visitor: first(
        "OrganiserInvitation", organisation=visitor.edition.organisation
    ),
    "team-cancel.number": lambda visitor: first("TeamInvitation", firm=visitor.exhibitor.firm),
}
"""A value for a parameter, by the name of the address and the parameter's, or by the parameter's alone."""


def named_addresses(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """The name of every address of the site and its parameters with the kinds of their converters, without the API."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace == "api":
                continue
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from ((name, _kinds(pattern) | more) for name, more in named_addresses(pattern, inner))
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name or pattern.pattern}", _kinds(pattern)


def _kinds(pattern: URLPattern | URLResolver) -> dict[str, str]:
    converters = getattr(pattern.pattern, "converters", {})
    return {name: type(converter).__name__.removesuffix("Converter").lower() for name, converter in converters.items()}


def value(visitor: Visitor, name: str, parameter: str) -> Any:
    """What the database has for a parameter of an address, None where it has nothing."""
    return VALUES.get(f"{name}.{parameter}", VALUES.get(parameter, lambda _: None))(visitor)


def addresses(edition: "Edition", user: "User | None") -> dict[str, str]:
    """The path of every address of the site by its name, in the language now chosen.

    What the database has nothing for stands with a value that nothing has.
    """
    found = {}
    with scope(edition=edition):
        visitor = Visitor(edition, user)
        for name, kinds in named_addresses():
            values = {}
            for parameter, kind in kinds.items():
                chosen = value(visitor, name, parameter)
                values[parameter] = NOTHING[kind] if chosen is None else chosen
            found[name] = reverse(name, kwargs=values)
    return found


def name_of(address: str) -> str:
    """The name of an address, without the language; empty where the site does not know it."""
    try:
        found = resolve(urlsplit(address).path)
    except Resolver404:
        return ""
    return found.view_name


def is_followed(address: str, site: str) -> bool:
    path = urlsplit(address).path
    return address.startswith(site) and path.startswith("/en/") and not path.endswith(FILES)


def main() -> None:
    """Print as JSON the addresses of the demonstration's pages for each kind of visitor."""
    edition = rows_of("Edition").get(slug="demo")
    users = {who: rows_of("User").filter(email=email).first() for who, email in VISITORS.items()}
    print(json.dumps({who: addresses(edition, user) for who, user in users.items()}, indent=1))


if __name__ == "__main__":
    from serai.expo.site.operation.domain.instance import open_instance

    open_instance()
    main()
