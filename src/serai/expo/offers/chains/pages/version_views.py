"""The versions of a chain: its file given out and taken in, edits beside its map, versions compared and taken back."""

from collections.abc import Mapping
from pathlib import PurePath

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from serai.expo.base.numbers import number_of
from serai.expo.base.submission import tell_with_undo, told_to
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.offers.chains.domain import map_edits, own_chains
from serai.expo.offers.chains.domain.chain_edits import differences
from serai.expo.offers.chains.domain.chain_folders import SUFFIX, document_of_zip, zip_of
from serai.expo.offers.chains.domain.own_chains import ChainRefusedError
from serai.expo.offers.chains.models import Chain, ChainVersion
from serai.expo.offers.chains.pages.chain_views import node_of, own_chain, tell
from serai.expo.offers.chains.pages.forms import FileForm, MovesForm
from serai.world import chains as world

A_PAGE = 25
TOML = "application/toml; charset=utf-8"


@organiser_required("GET")
def chain_file(request: OrganiserRequest, slug: str) -> HttpResponse:
    """A chain as a file: the newest version of an own one, or one that comes with Serai. ``?as=csv`` zips CSV files."""
    if slug in world.BUILTIN:
        (chain,) = world.builtin_chains((slug,))
    else:
        chain = own_chains.document_of(own_chains.newest(own_chain(request, slug)))
    if request.GET.get("as") == "csv":
        headers = {"Content-Disposition": f'attachment; filename="{slug}.zip"'}
        return HttpResponse(zip_of(chain), "application/zip", headers=headers)
    text = world.write_chain(chain)
    return HttpResponse(text, TOML, headers={"Content-Disposition": f'attachment; filename="{slug}.toml"'})


@organiser_required("POST")
def chain_upload(request: OrganiserRequest) -> HttpResponse:
    """Show what a file would change, and with ``keep`` change it: a new chain, or a new version of an own one."""
    name, content = request.POST.get("name", ""), request.POST.get("content", "").replace("\r\n", "\n").encode()
    if "keep" not in request.POST:
        form = FileForm(request.POST, request.FILES)
        if not form.is_valid():
            messages.error(request, _("Choose a file."))
            return redirect("organiser-chains", request.edition.slug)
        name, content = str(form.cleaned_data["file"].name), form.cleaned_data["file"].read(own_chains.MOST_BYTES + 1)
    with told_to(request, ChainRefusedError):
        return _take_in(request, PurePath(name).name, content)
    return redirect("organiser-chains", request.edition.slug)


def _take_in(request: OrganiserRequest, name: str, content: bytes) -> HttpResponse:
    slug = slugify(PurePath(name).stem)[:50]
    chain = own_chains.own_chains(request.edition).filter(slug=slug).first()
    present = own_chains.standing(chain).document if chain else world.Chain(slug, {}, {}, (), (), ())
    if name.lower().endswith(SUFFIX):  # kept as the text that it means, which the preview sends back
        content = world.write_chain(document_of_zip(content, slug, present if chain else None)).encode()
        name = f"{slug}.toml"
    document = own_chains.read_file(content, slug, name=name)
    kept = {node.code for node in document.nodes}
    removed = [node for node in present.nodes if node.code not in kept]
    moves = MovesForm(removed, document, request.POST if "keep" in request.POST else None)
    if chain and world.write_chain(present) == world.write_chain(document):
        messages.info(request, _("The file is what the chain is already. Nothing has changed."))
        return redirect("organiser-chain", request.edition.slug, slug)
    if "keep" in request.POST and moves.is_valid():
        tell(request, _keep(request, chain, document, name, moves.moves()))
        return redirect("organiser-chain", request.edition.slug, slug)
    context = {
        "chain": chain,
        "document": document,
        "changes": differences(present, document) if chain else [],
        "moves": moves,
        "name": name,
        "content": content.decode("utf-8-sig"),
        "missing": world.missing_in(document),
    }
    return render(request, "offers/chains/own_upload.html", context)


def _keep(
    request: OrganiserRequest, chain: Chain | None, document: world.Chain, name: str, moves: Mapping[str, str]
) -> ChainVersion | None:
    kind, edition, user = ChainVersion.Kind.FILE, request.edition, request.user
    if chain:
        return own_chains.save_version(chain, document, kind, user=user, edition=edition, source=name, moves=moves)
    return own_chains.begin(edition, document, kind, user=user, source=name).versions.first()


@organiser_required("GET", "POST")
def chain_versions(request: OrganiserRequest, slug: str) -> HttpResponse:
    """The versions of a chain, and what differs between two. A POST takes an earlier one back into use."""
    chain = own_chain(request, slug)
    own_chains.newest(chain)
    if request.method == "POST":
        number = version_of(chain, request.POST.get("number")).number
        with told_to(request, ChainRefusedError):
            tell(request, own_chains.take_back(chain, number, user=request.user, edition=request.edition))
            return redirect("organiser-chain", request.edition.slug, slug)
        return redirect("chain-versions", request.edition.slug, slug)
    versions = chain.versions.select_related("made_by")
    compared = None
    if "old" in request.GET:
        old, new = (version_of(chain, request.GET.get(name)) for name in ("old", "new"))
        compared = old, new, differences(own_chains.document_of(old), own_chains.document_of(new))
    page = Paginator(versions, A_PAGE).get_page(request.GET.get("page"))
    context = {"chain": chain, "page": page, "compared": compared, "newest": versions[0].number}
    return render(request, "offers/chains/own_versions.html", context)


def version_of(chain: Chain, given: str | None) -> ChainVersion:
    """The version of a chain whose number was sent. Raises Http404."""
    version = chain.versions.select_related("chain").filter(number=number_of(given) or 0).first()
    if version is None:
        raise Http404(_("This chain has no such version."))
    return version


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
