"""The way in by mail: a token of 256 bits, of which only a digest is kept, bound to what it is for."""

import hashlib
import secrets
from enum import StrEnum


class Purpose(StrEnum):
    RATING = "ticket rating"
    SURVEY = "survey"


def new_token() -> str:
    return secrets.token_urlsafe(32)


def digest(token: str, purpose: Purpose) -> str:
    """Bound to its purpose: no other token can be mistaken for one."""
    return hashlib.sha256(f"{purpose.value}:{token}".encode()).hexdigest()
