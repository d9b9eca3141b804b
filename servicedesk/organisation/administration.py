"""The cards of the administration's start page: each capability offers its own, for those who may open them."""

from dataclasses import dataclass

from flask_babel import LazyString

from servicedesk.core.actor import Actor
from servicedesk.core.permissions import Permission, is_open


@dataclass(frozen=True)
class Card:
    """A door to one administration page."""

    heading: LazyString
    text: LazyString
    endpoint: str
    icon: str
    permission: Permission
    #: Lower comes first.
    rank: int = 50


_cards: list[Card] = []


def offer(card: Card) -> None:
    if card not in _cards:
        _cards.append(card)
    _cards.sort(key=lambda card: card.rank)


def cards_for(who: Actor) -> list[Card]:
    return [card for card in _cards if is_open(card.permission, who)]
