"""What `quickstart` is told on its command line, for the settings, which are read before it runs.

Nothing here reads a setting.
"""

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path

_BESIDE_THE_CODE = Path(__file__).resolve().parents[1] / "var"


def declare(parser: ArgumentParser) -> None:
    """Add the options that settings go by."""
    parser.add_argument("--host", default="127.0.0.1", help="Address to listen on.")
    parser.add_argument("--port", type=int, default=8000, help="Port to listen on.")
    parser.add_argument("--data-dir", type=Path, help="Where everything is kept.")


def heed(arguments: Sequence[str]) -> None:
    """Have the environment say what the arguments of `quickstart` want. Those that it does not
    know, or that are wrong, are left to the command itself."""
    parser = ArgumentParser(add_help=False, exit_on_error=False)
    declare(parser)
    try:
        known, _ = parser.parse_known_args(arguments)
    except Exception:
        return
    os.environ.update(environment(known, os.environ))


def environment(options: Namespace, given: Mapping[str, str]) -> dict[str, str]:
    """The variables that settings go by, for these options and the environment that is `given`."""
    host = options.host
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 — compared only
    folder = options.data_dir or given.get("GATEHOUSE_DATA_DIR") or _BESIDE_THE_CODE
    return {
        "GATEHOUSE_BASE_URL": f"http://{name}:{options.port}",
        "GATEHOUSE_DATA_DIR": str(Path(folder).resolve()),
        "PEPPOL_NETWORK": given.get("PEPPOL_NETWORK", "sandbox"),
        "ALLOWED_HOSTS": given.get("ALLOWED_HOSTS", f"127.0.0.1,localhost,[::1],{host}"),
    }
