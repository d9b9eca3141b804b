"""Keys of rows as people's browsers send them."""

#: The largest key that a database has.
LARGEST_KEY = 2**63 - 1


def read_key(text: str) -> int | None:
    """The key that a text of digits stands for; None for anything that can be no key."""
    if not (text.isascii() and text.isdecimal()) or len(text) > len(str(LARGEST_KEY)):
        return None
    key = int(text)
    return key if 1 <= key <= LARGEST_KEY else None
