"""A chain is changed where it is seen: the forms beside its map post here, and lead back to the map."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from serai.expo.base.numbers import number_of
from serai.expo.base.submission import told_to
from serai.expo.base.undo import tell_with_undo
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.offers.chains.domain import map_edits, own_chains
from serai.expo.offers.chains.domain.own_chains import ChainRefusedError
from serai.expo.offers.chains.models import Chain, ChainVersion
from serai.expo.offers.chains.pages.own_views import node_of, own_chain, tell
from serai.expo.offers.chains.pages.version_views import version_of
from serai.world import chains as world


@organiser_required("POST")
def chain_on_map(request: OrganiserRequest, slug: str, code: str) -> HttpResponse:
    """Rename a node, move it to another stage, join or part it, add a neighbour, remove it; or undo the last change."""
    chain = own_chain(request, slug)
    shown = code
    with told_to(request, ChainRefusedError):
        if "undo" in request.POST:
            _take_back(request, chain)
        else:
            present = own_chains.newest(chain)
            document, shown = _edited(request, own_chains.document_of(present), code)
            version = own_chains.save_version(
                chain,
                document,
                ChainVersion.Kind.EDIT,
                user=request.user,
                edition=request.edition,
                after=number_of(request.POST.get("after")),
            )
            if version is None or not version.in_use:
                tell(request, version)
                if version:
                    return redirect("organiser-chain", request.edition.slug, slug)
            else:
                address = reverse("chain-on-map", args=[request.edition.slug, slug, code])
                sentence = _("The chain is changed. The map shows it as soon as it is drawn anew.")
                tell_with_undo(request, sentence, address, ("undo", str(present.number)))
    return redirect(f"{reverse('chain', args=[request.edition.slug, slug])}?node={shown}#node")


def _edited(request: OrganiserRequest, document: world.Chain, code: str) -> tuple[world.Chain, str]:
    """The chain after what was posted, and the node to be shown then. Raises ChainRefusedError, Http404."""
    node_of(document, code)
    given, language = request.POST, get_language() or "en"
    title, stage, other = (given.get(name, "") for name in ("title", "stage", "other"))
    way: map_edits.Way = "made_from" if given.get("way") == "made_from" else "goes_into"
    match given.get("act"):
        case "keep":
            return map_edits.renamed(document, code, title, stage, language=language), code
        case "join":
            return map_edits.joined(document, code, other, way), code
        case "part":
            return map_edits.parted(document, code, other), code
        case "add":
            return map_edits.with_neighbour(document, code, title, stage, way, language=language)
        case "remove":
            return map_edits.removed(document, code), ""
    raise ChainRefusedError(_("Nothing was changed."))


def _take_back(request: OrganiserRequest, chain: Chain) -> None:
    number = version_of(chain, request.POST["undo"]).number
    tell(request, own_chains.take_back(chain, number, user=request.user, edition=request.edition))
