"""Why a host was not reached, in words: the system's own name sockets, numbers and addresses."""

import errno
import socket
import ssl

_WHY = {
    errno.ECONNREFUSED: "it was refused",
    errno.ECONNRESET: "it was closed at once",
    errno.ETIMEDOUT: "nobody answered",
    errno.EHOSTUNREACH: "the host cannot be reached",
    errno.ENETUNREACH: "the network cannot be reached",
}
NO_NAME = "The host name cannot be resolved"


def sentence_of(error: OSError) -> str:
    """Why nobody was reached, without a full stop."""
    if isinstance(error, socket.gaierror):
        return NO_NAME
    if isinstance(error, ssl.SSLError):
        return "No connection: TLS failed"
    if isinstance(error, TimeoutError):
        return "No connection: nobody answered"
    return f"No connection: {_WHY.get(error.errno or 0, 'the network refused it')}"
