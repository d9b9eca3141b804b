"""What comes by the link of a mail: without signing in, and so with a limit to guessing."""

from collections.abc import Callable
from typing import TypeVar

from flask import render_template
from flask.typing import ResponseReturnValue
from limits import RateLimitItemPerMinute

from servicedesk.signin import throttle
from servicedesk.surveys.errors import LinkUsedError

T = TypeVar("T")

#: A link that is none was guessed, mistyped or is old; a whole town hall may sit behind one address.
GUESSES_FROM_AN_ADDRESS = RateLimitItemPerMinute(60, 15, "survey-link")
#: The address is a secret, and told to nobody. Without any referrer browsers would post from nowhere, and be refused.
SECRET_ADDRESS = {"Referrer-Policy": "strict-origin"}


def by_link(act: Callable[[], T]) -> T:
    """What `act` answers; a link that is none counts as a guess. Raises LinkUsedError, or TooManyRequests."""
    try:
        return act()
    except LinkUsedError:
        throttle.charge((GUESSES_FROM_AN_ADDRESS, throttle.address()))
        raise


def gone() -> ResponseReturnValue:
    """The same for what never was, was altered, and is over."""
    return render_template("surveys/link_used.html"), LinkUsedError.status, SECRET_ADDRESS
