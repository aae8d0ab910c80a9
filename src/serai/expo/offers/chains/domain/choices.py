"""The nodes of an edition's chains for a field of a form."""

from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition
from serai.expo.offers.chains.domain.placements import chains_of_edition
from serai.expo.offers.chains.models import Node


def node_choices(edition: Edition) -> list[tuple[str, object]]:
    """No node, then those of each chain of the edition in their order, in the reader's language."""
    chains = chains_of_edition(edition)
    of_chain: dict[int, list[tuple[str, str]]] = {chain.pk: [] for chain in chains}
    for node in Node.objects.filter(chain__in=of_chain):
        of_chain[node.chain_id].append((str(node.pk), str(in_language(node.title))))
    return [("", "—"), *((str(in_language(chain.title)), of_chain[chain.pk]) for chain in chains)]
