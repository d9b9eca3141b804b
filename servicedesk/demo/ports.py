"""Whether anybody listens on a port."""

import socket

#: How far to look for another one.
REACH = 20


def is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
        except OSError:
            return False
    return True


def next_free(host: str, after: int) -> int | None:
    candidates = range(after + 1, min(after + REACH, 65_536))
    return next((port for port in candidates if is_free(host, port)), None)
