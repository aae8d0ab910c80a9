"""The chains of a fair, and the pages on which an organisation writes its own."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from serai.expo.base.submission import told_in, told_to
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.pages.guards import EditionRequest, OrganiserRequest, organiser_required
from serai.expo.offers.chains.domain import own_chains
from serai.expo.offers.chains.domain.chain_edits import (
    moved_stage,
    with_node,
    with_stage,
    without_node,
    without_stage,
)
from serai.expo.offers.chains.domain.chain_maps import OTHER_TRADE, SURE, chain_counts, standings
from serai.expo.offers.chains.domain.fair_chains import choosable_chains
from serai.expo.offers.chains.domain.map_edits import code_for
from serai.expo.offers.chains.domain.own_chains import ChainRefusedError, copy_builtin
from serai.expo.offers.chains.domain.placements import chains_of_edition
from serai.expo.offers.chains.models import Chain, ChainVersion
from serai.expo.offers.chains.pages.forms import ChainForm, FileForm, NodeForm, StageForm
from serai.world import chains as world

Kind = ChainVersion.Kind


@organiser_required("GET", "POST")
def organiser_chains(request: OrganiserRequest) -> HttpResponse:
    """The organisation's chains and the built-in ones. A POST begins a chain, copies one, or uses one at the fair."""
    begun = request.method == "POST" and "begin" in request.POST
    form = ChainForm(request.POST if begun else None)
    if begun and form.is_valid():
        with told_in(form, ChainRefusedError):
            return _to(request, _begin(request, form.cleaned_data))
    elif request.method == "POST" and not begun:
        return _act(request)
    used = {chain.slug for chain in chains_of_edition(request.edition)}
    own = own_chains.own_chains(request.edition).prefetch_related("versions__made_by")
    context = {
        "own": [
            (chain, chain.versions.all()[0] if chain.versions.all() else None, chain.slug in used) for chain in own
        ],
        "choices": [(chain, chain.slug in used) for chain in choosable_chains(request.edition)],
        "built_in": [(chain, chain.slug in used) for chain in world.builtin_chains(world.BUILTIN)],
        "form": form,
        "file_form": FileForm(),
    }
    return render(request, "offers/chains/own_list.html", context, status=400 if form.errors else 200)


def _begin(request: OrganiserRequest, given: Mapping[str, Any]) -> Chain:
    slug = own_chains.free_slug(code_for(given["title"], "chain", ()))
    document = world.Chain(slug, given["title"], given["summary"], stages=(), nodes=(), edges=())
    chain = own_chains.begin(request.edition, document, Kind.NEW, user=request.user)
    messages.success(request, _("The chain is begun. Give it its stages, then the nodes of each stage."))
    return chain


def _act(request: OrganiserRequest) -> HttpResponse:
    """Copy a built-in chain, or use an own one at the fair."""
    edition = request.edition
    if (slug := request.POST.get("copy", "")) in world.BUILTIN:
        copy = copy_builtin(edition, slug, user=request.user)
        messages.success(request, _("The copy is yours to change. The chain that comes with Serai stays as it is."))
        if "map" in request.POST:
            return redirect("chain", edition.slug, copy.slug)
        return _to(request, copy)
    chain = own_chain(request, request.POST.get("use", ""))
    with told_to(request, ChainRefusedError):
        own_chains.use(edition, chain, user=request.user)
        messages.success(request, _("The fair uses this chain now. Its offers and needs are being placed on it."))
    return redirect("organiser-chains", edition.slug)


@organiser_required("GET", "POST")
def organiser_chain(request: OrganiserRequest, slug: str) -> HttpResponse:
    """A chain of the organisation. A POST changes its texts, moves a stage, or removes the chain."""
    chain = own_chain(request, slug)
    standing = own_chains.standing(chain)
    document = standing.document
    changed = request.method == "POST" and "texts" in request.POST
    texts = {"title": dict(document.title), "summary": dict(document.summary)}
    form = ChainForm(request.POST if changed else None, initial=texts)
    if changed and form.is_valid():
        with told_in(form, ChainRefusedError):
            return _save(request, chain, replace(document, **form.cleaned_data))
    elif request.method == "POST" and "remove" in request.POST:
        with told_to(request, ChainRefusedError):
            own_chains.remove(chain, user=request.user, edition=request.edition)
            messages.success(request, _("The chain is removed."))
            return redirect("organiser-chains", request.edition.slug)
        return _to(request, chain)
    elif request.method == "POST" and not changed:
        return _move_stage(request, chain, document)
    by_stage = [(stage, _with_users(document, stage)) for stage in document.stages]
    context = {"chain": chain, "standing": standing, "by_stage": by_stage, "form": form}
    return render(request, "offers/chains/own_chain.html", context, status=400 if form.errors else 200)


def _move_stage(request: OrganiserRequest, chain: Chain, document: world.Chain) -> HttpResponse:
    code = request.POST.get("earlier") or request.POST.get("later") or ""
    _stage(document, code)
    with told_to(request, ChainRefusedError):
        return _save(request, chain, moved_stage(document, code, -1 if request.POST.get("earlier") else 1))
    return _to(request, chain)


def _with_users(document: world.Chain, stage: world.Stage) -> list[tuple[world.Node, list[world.Node]]]:
    """The nodes of a stage, each with those into which it goes."""
    return [
        (node, [document.node(user) for user in document.users_of(node.code)])
        for node in document.nodes
        if node.stage == stage.code
    ]


@organiser_required("GET", "POST")
def chain_stage(request: OrganiserRequest, slug: str, code: str = "") -> HttpResponse:
    """A stage: a new one without a code. A POST keeps it, or removes one that has no link."""
    chain = own_chain(request, slug)
    standing = own_chains.standing(chain)
    document = standing.document
    stage = _stage(document, code) if code else None
    initial = {"title": dict(stage.title), "position": stage.position} if stage else {}
    form = StageForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and "remove" in request.POST:
        with told_to(request, ChainRefusedError):
            return _save(request, chain, without_stage(document, code))
        return _to(request, chain)
    if request.method == "POST" and form.is_valid():
        new = form.stage(
            code or code_for(form.cleaned_data["title"], "stage", [other.code for other in document.stages])
        )
        with told_in(form, ChainRefusedError):
            return _save(request, chain, with_stage(document, new))
    has_nodes = any(node.stage == code for node in document.nodes)
    context = {"chain": chain, "standing": standing, "stage": stage, "form": form, "has_nodes": has_nodes}
    return render(request, "offers/chains/own_stage.html", context, status=400 if form.errors else 200)


@organiser_required("GET", "POST")
def chain_node(request: OrganiserRequest, slug: str, code: str = "") -> HttpResponse:
    """A link: a new one without a code. A POST keeps it, or removes it and says where its firms go."""
    chain = own_chain(request, slug)
    standing = own_chains.standing(chain)
    document = standing.document
    if not document.stages:
        messages.info(request, _("A node stands in a stage. Give the chain its first stage."))
        return redirect("chain-stage-new", request.edition.slug, slug)
    node = node_of(document, code) if code else None
    if request.method == "POST" and "remove" in request.POST and node:
        return _remove_node(request, chain, document, code)
    form = NodeForm(document, code, request.POST if request.method == "POST" else None)
    if not code and request.method == "GET":
        form.initial["stage"] = request.GET.get("stage", "")
    if request.method == "POST" and form.is_valid():
        new = form.node(code or code_for(form.cleaned_data["title"], "link", [other.code for other in document.nodes]))
        edges = {name: form.cleaned_data[name] for name in ("made_from", "goes_into")}
        with told_in(form, ChainRefusedError):
            return _save(request, chain, with_node(document, new, **edges))
    others = [(other.code, in_language(other.title)) for other in document.nodes if other.code != code]
    context = {"chain": chain, "standing": standing, "node": node, "form": form, "others": others}
    return render(request, "offers/chains/own_node.html", context, status=400 if form.errors else 200)


def _remove_node(request: OrganiserRequest, chain: Chain, document: world.Chain, code: str) -> HttpResponse:
    to = request.POST.get("to", "")
    if to:
        node_of(document, to)
    with told_to(request, ChainRefusedError):
        return _save(request, chain, without_node(document, code, merged_into=to), moves={code: to} if to else {})
    return _to(request, chain)


def _save(
    request: OrganiserRequest, chain: Chain, document: world.Chain, *, moves: Mapping[str, str] | None = None
) -> HttpResponse:
    """Keep the changed chain as its newest version. Raises ChainRefusedError."""
    after = request.POST.get("after", "")
    version = own_chains.save_version(
        chain,
        document,
        Kind.EDIT,
        user=request.user,
        edition=request.edition,
        moves=moves,
        after=int(after) if after.isascii() and after.isdecimal() else None,
    )
    tell(request, version)
    return _to(request, chain)


def tell(request: OrganiserRequest, version: ChainVersion | None) -> None:
    """Say what became of a change."""
    if version is None:
        messages.info(request, _("Nothing has changed."))
    elif not version.in_use:
        messages.info(request, _("The change is kept. The chain is not in use yet: below is what it still needs."))
    elif version.touched:
        messages.success(request, _("The change is kept and in use. Firms that it touches are being placed anew."))
    else:
        messages.success(request, _("The change is kept and in use. It moves no firm."))


def own_chain(request: OrganiserRequest, slug: str) -> Chain:
    """The organisation's chain of this address. Raises Http404."""
    return get_object_or_404(own_chains.own_chains(request.edition), slug=slug)


def _stage(document: world.Chain, code: str) -> world.Stage:
    stage = next((stage for stage in document.stages if stage.code == code), None)
    if stage is None:
        raise Http404(_("This chain has no such stage."))
    return stage


def node_of(document: world.Chain, code: str) -> world.Node:
    """The node of this code. Raises Http404."""
    node = next((node for node in document.nodes if node.code == code), None)
    if node is None:
        raise Http404(_("This chain has no such node."))
    return node


def _to(request: OrganiserRequest, chain: Chain) -> HttpResponse:
    return redirect("organiser-chain", request.edition.slug, chain.slug)


def chain_list(request: EditionRequest) -> HttpResponse:
    counts = chain_counts(request.edition)
    chains = chains_of_edition(request.edition)
    cards = [(chain, counts.get(chain.slug, 0)) for chain in chains]
    stand = standings(request.edition)
    others = stand[OTHER_TRADE]
    unsure = sum(stand.values()) - stand[SURE] - others
    return render(request, "offers/chains/list.html", {"cards": cards, "others": others, "unsure": unsure})
