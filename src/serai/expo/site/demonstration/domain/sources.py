"""What the exhibitor and the buyer of the demonstration declare of their sources."""

from collections.abc import Mapping
from decimal import Decimal

from serai.expo.fairs.edition.models import Participation
from serai.expo.insight.exposure.domain.sources import Said, Source, declare
from serai.expo.offers.chains.models import Node
from serai.expo.people.account.models import User
from serai.expo.site.demonstration.domain.content import read


def declare_sources(desks: Mapping[str, Participation], users: Mapping[str, User]) -> None:
    """Declare the sources of each desk, by the name of its user in the demonstration."""
    nodes = {f"{node.chain.slug}/{node.code}": node for node in Node.objects.select_related("chain")}
    for name, rows in read("sources.toml").items():
        for row in rows:
            sources = tuple(Source(country, firm, Decimal(share)) for country, firm, share in row["sources"])
            said = Said(sources, Decimal(row["stock_weeks"]))
            declare(desks[name], nodes[row["node"]], said, user=users[name])
