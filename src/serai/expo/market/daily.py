"""What is done every day: offers and needs run out."""

from serai.expo.daily import daily
from serai.expo.market.renewing import expire_and_remind


@daily("expire offers and needs")
def _expire() -> None:
    expire_and_remind()
