"""How often something may be tried, by whom. Doors charge before they try, so that parallel tries count too."""

from ipaddress import AddressValueError, IPv6Network
from math import ceil
from typing import NoReturn, cast

from flask import request
from flask_limiter import Limiter, RequestLimit
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from werkzeug.exceptions import TooManyRequests

from servicedesk.core import clock
from servicedesk.core.db import transaction
from servicedesk.signin.rates import DatabaseStorage

#: Both count failures only: what turns out to be right is given back. A town hall signs in from one address.
FAILURES_FOR_A_NAME = RateLimitItemPerMinute(10, 15, "sign-in-name")
FAILURES_FROM_AN_ADDRESS = RateLimitItemPerMinute(100, 15, "sign-in-address")
RESETS_FOR_A_NAME = RateLimitItemPerHour(5, 1, "reset-name")
#: For a route as a whole, by address.
RESETS_FROM_AN_ADDRESS = "30 per 15 minutes"

Charge = tuple[RateLimitItem, str]


def address() -> str:
    """Who asks, as far as the network knows: behind proxies only what SERVICEDESK_TRUSTED_PROXIES vouches for.

    Of an IPv6 address the first half: a household has all of the other half.
    """
    asker = request.remote_addr or "unknown"
    try:
        return str(IPv6Network((asker, 64), strict=False))
    except AddressValueError:
        return asker


def _refuse(breached: RequestLimit) -> NoReturn:
    raise TooManyRequests(retry_after=_seconds_until(breached.reset_at))


limiter = Limiter(address, storage_uri="servicedesk://", strategy="fixed-window", on_breach=_refuse)


def charge(*charges: Charge) -> None:
    """Counts one try for each; raises TooManyRequests, with the time to wait, when one has had too many."""
    with transaction():
        breached = [charged for charged in charges if not limiter.limiter.hit(*charged)]
    for item, key in breached:
        raise TooManyRequests(retry_after=_seconds_until(limiter.limiter.get_window_stats(item, key).reset_time))


def give_back(*charges: Charge) -> None:
    """It was no failure."""
    storage = cast(DatabaseStorage, limiter.storage)
    with transaction():
        for item, key in charges:
            storage.give_back(item.key_for(key))


def forgive(item: RateLimitItem, key: str) -> None:
    """The whole count is forgotten."""
    limiter.limiter.clear(item, key)


def _seconds_until(at: float) -> int:
    return max(1, ceil(at - clock.now().timestamp()))
