"""The official examples of OpenPEPPOL, where they are at hand: they are not ours to hand on.

`OFFICIAL_RULES` names the folder that has them, in `examples`.
"""

import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("OFFICIAL_RULES", "")) / "examples"
needed = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="OFFICIAL_RULES names no folder with OpenPEPPOL's examples"
)


def examples(*patterns: str) -> list:
    """The examples that match, as parameters of a test; a skipped one where there is none."""
    found = sorted(path for pattern in patterns for path in FOLDER.glob(pattern))
    if not found:
        return [pytest.param(None, marks=needed)]
    return [pytest.param(path, id=f"{path.parent.name}/{path.stem}") for path in found]


BILLING = examples("openpeppol/2026.5/billing/*.xml", "openpeppol/2026.5/SB-*.xml")
RESPONSES = examples(
    "openpeppol/2026.5/InvoiceResponse*.xml", "openpeppol/2026.5/Invoice reponse use cases/*.xml"
)
STATUSES = examples("mls/*/*.xml")
