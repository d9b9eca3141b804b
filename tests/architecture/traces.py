"""What a request wrote, told from its statements."""

import re

#: What a request may leave behind whatever came of it: that somebody was here, and that it was refused.
TRACES = ("sign_in", "audit_line")


def is_change(statement: str) -> bool:
    writes = re.match(r"\s*(insert|update|delete)\b", statement, re.IGNORECASE) is not None
    return writes and not any(table in statement for table in TRACES)
