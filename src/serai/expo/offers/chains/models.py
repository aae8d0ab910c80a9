"""Chains as the organiser edits them, and the placements of firms on their nodes."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from serai.expo.base.rows import EditionModel
from serai.expo.base.text import LocalizedTextField


class Chain(models.Model):
    """A supply chain from upstream to downstream. Without an organisation it is one of the built-in ones."""

    organisation = models.ForeignKey("Organisation", models.CASCADE, null=True, blank=True, related_name="chains")
    slug = models.SlugField(unique=True)
    title = LocalizedTextField()
    summary = LocalizedTextField()
    order = models.PositiveSmallIntegerField(default=0)
    copied_from = models.SlugField(blank=True)  # the slug of the built-in chain of which it is a copy

    class Meta:
        ordering: ClassVar = ["order", "slug"]

    def __str__(self) -> str:
        return self.slug


class ChainVersion(models.Model):
    """What an organisation's chain was after a change: the whole chain as its file, who made it and when.

    A version that is not finished, as where a link stands alone, is kept, and the rows stay those of the last one that
    was in use.
    """

    class Kind(models.TextChoices):
        NEW = "new", _("Begun")
        COPY = "copy", _("Copied")
        EDIT = "edit", _("Changed on a page")
        FILE = "file", _("From a file")
        CALL = "call", _("By the interface")
        RETURN = "return", _("An earlier version again")

    chain = models.ForeignKey(Chain, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    source = models.CharField(max_length=255, blank=True)  # the name of the file, the chain copied, or the version
    content = models.TextField()  # TOML, as world.write_chain writes it
    in_use = models.BooleanField(default=False)  # whether it became the rows of the chain
    moves = models.JSONField(default=dict, blank=True)  # code of a removed node -> of the one to which its firms go
    touched = models.JSONField(default=dict, blank=True)  # edition -> participations to place anew, null for all
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["chain", "-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["chain", "number"], name="version_once_a_chain")]

    def __str__(self) -> str:
        return f"{self.chain} {self.number}"


class Stage(models.Model):
    """A stage of a chain, such as 'materials' or 'assembly'."""

    class Position(models.TextChoices):
        UPSTREAM = "upstream", _("Upstream")
        MIDSTREAM = "midstream", _("Midstream")
        DOWNSTREAM = "downstream", _("Downstream")
        SERVICE = "service", _("Services")

    chain = models.ForeignKey(Chain, models.CASCADE, related_name="stages")
    code = models.SlugField()
    position = models.CharField(max_length=16, choices=Position)
    title = LocalizedTextField()
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["chain", "order"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["chain", "code"], name="stage_code_once_a_chain")]

    def __str__(self) -> str:
        return f"{self.chain}/{self.code}"


class Node(models.Model):
    """A link of a chain: a product or a service that firms make, with its HS headings and ISIC classes."""

    chain = models.ForeignKey(Chain, models.CASCADE, related_name="nodes")
    stage = models.ForeignKey(Stage, models.CASCADE, related_name="nodes")
    code = models.SlugField()
    title = LocalizedTextField()
    summary = LocalizedTextField()
    keywords = models.JSONField(default=dict, blank=True)
    examples = models.JSONField(default=dict, blank=True)
    hs = models.JSONField(default=list, blank=True)
    isic = models.JSONField(default=list, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["chain", "order"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["chain", "code"], name="node_code_once_a_chain")]

    def __str__(self) -> str:
        return f"{self.chain}/{self.code}"


class Edge(models.Model):
    """What the supplier node makes goes into what the user node makes."""

    supplier = models.ForeignKey(Node, models.CASCADE, related_name="feeds")
    user = models.ForeignKey(Node, models.CASCADE, related_name="fed_by")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["supplier", "user"], name="edge_once"),
            models.CheckConstraint(name="edge_joins_two_nodes", condition=~models.Q(supplier=models.F("user"))),
        ]

    def __str__(self) -> str:
        return f"{self.supplier} > {self.user}"


class ChainPosition(models.Model):
    """Where a firm stands on a chain, in which role, who said so, and who looked at it; it lives with the firm.

    What the matcher guesses is no position: it becomes one when the firm confirms it.
    """

    class Role(models.TextChoices):
        MAKER = "maker", _("Makes it")
        PROCESSOR = "processor", _("Works on it for others")
        TRADER = "trader", _("Trades in it")
        DEVELOPER = "developer", _("Develops it")
        SERVICE = "service", _("Serves those who make it")

    class State(models.TextChoices):
        LISTED = "listed", _("In the organiser's list")
        CONFIRMED = "confirmed", _("Confirmed by the firm")
        CHECKED = "checked", _("Checked by an organiser")
        DENIED = "denied", _("Denied by the firm")

    firm = models.ForeignKey("Firm", models.CASCADE, related_name="positions")
    node = models.ForeignKey(Node, models.CASCADE, related_name="positions")
    role = models.CharField(max_length=16, choices=Role, default=Role.MAKER)
    state = models.CharField(max_length=16, choices=State, default=State.CONFIRMED)
    source = models.CharField(max_length=16, default="firm")  # firms.provenance.SOURCES
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    said_at = models.DateTimeField(default=timezone.now)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_how = models.CharField(max_length=300, blank=True)
    organisation = models.ForeignKey("Organisation", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["node__chain__order", "node__order", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "node"], name="position_once_a_firm_and_node"),
            models.CheckConstraint(
                name="position_checked_says_when",
                condition=~models.Q(state="checked") | models.Q(checked_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.firm_id} at {self.node} as {self.role}"


CONFIDENT = 0.5
"""Least confidence of a placement that is shown to the public and counted: more likely right than not."""


class Placement(EditionModel):
    """Where an offer or a need of a participant stands on a chain, how sure that is, and what led there.

    A placement of the side 'offer' without an offer is that of the firm by its own description.
    """

    class Side(models.TextChoices):
        OFFER = "offer", _("Offer")
        NEED = "need", _("Need")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="placements")
    participation = models.ForeignKey("Participation", models.CASCADE, related_name="placements")
    offer = models.ForeignKey("Offer", models.CASCADE, null=True, blank=True, related_name="placements")
    need = models.ForeignKey("Need", models.CASCADE, null=True, blank=True, related_name="placements")
    side = models.CharField(max_length=8, choices=Side)
    node = models.ForeignKey(Node, models.CASCADE, related_name="placements")
    confidence = models.FloatField(help_text=_("0 to 1: how sure the placing is."))
    evidence = models.JSONField(default=list, help_text=_("Pairs of kind and what: a code or a word."))
    position = models.ForeignKey(
        ChainPosition, models.CASCADE, null=True, blank=True, related_name="placements"
    )  # what the firm says of itself; empty: guessed
    confirmed = models.BooleanField(default=False, help_text=_("Set by a person; a new placing leaves it."))

    class Meta:
        ordering: ClassVar = ["-confidence", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="placement_is_on_the_side_of_its_item",
                condition=models.Q(side="need", offer__isnull=True, need__isnull=False)
                | models.Q(side="offer", need__isnull=True),
            ),
            models.CheckConstraint(
                name="placement_confidence_is_a_share", condition=models.Q(confidence__gte=0, confidence__lte=1)
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["edition", "node", "side"])]

    def __str__(self) -> str:
        return f"{self.participation} at {self.node}"


class PlacementDecision(EditionModel):
    """What a person decided of one offer, one need, or the description of one firm: the node that is right, or none.

    It stands until it is taken back. A firm's own word goes before it: the node that it states for an offer, and where
    it says that it stands (`ChainPosition`).
    """

    class By(models.TextChoices):
        FIRM = "firm", _("The firm")
        ORGANISER = "organiser", _("An organiser")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="placement_decisions")
    participation = models.ForeignKey("Participation", models.CASCADE, related_name="placement_decisions")
    offer = models.ForeignKey("Offer", models.CASCADE, null=True, blank=True, related_name="placement_decisions")
    need = models.ForeignKey("Need", models.CASCADE, null=True, blank=True, related_name="placement_decisions")
    node = models.ForeignKey(Node, models.CASCADE, null=True, blank=True, related_name="placement_decisions")
    """The node that is right; empty: none of the fair's nodes."""
    by = models.CharField(max_length=16, choices=By)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-decided_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="placement_decision_is_of_one_item",
                condition=models.Q(offer__isnull=True) | models.Q(need__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["offer"], condition=models.Q(offer__isnull=False), name="placement_decision_once_an_offer"
            ),
            models.UniqueConstraint(
                fields=["need"], condition=models.Q(need__isnull=False), name="placement_decision_once_a_need"
            ),
            models.UniqueConstraint(
                fields=["participation"],
                condition=models.Q(offer__isnull=True, need__isnull=True),
                name="placement_decision_once_a_description",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participation} at {self.node or 'no node'}"
