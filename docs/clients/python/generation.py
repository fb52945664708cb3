"""Makes the client while the package is built: from the OpenAPI document of an installation.

`GATEHOUSE_URL` says of which. What is made is `gatehouse_client.generated`; nothing of it is kept
here.
"""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

URL = "http://127.0.0.1:8000"
# Flowie's surface onboards in one call, and reaches everything with one key: docs/clients.md.
SURFACE = "flowie"


class Generation(BuildHookInterface[Any]):
    """A step of the build of the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Put what is generated into the package. Fails where the installation does not answer."""
        self.folder = TemporaryDirectory()
        made = Path(self.folder.name) / "generated"
        document = f"{os.environ.get('GATEHOUSE_URL', URL).rstrip('/')}/api/docs/{SURFACE}.json"
        subprocess.run(
            [
                *(sys.executable, "-m", "openapi_python_client", "generate", "--meta=none"),
                f"--url={document}",
                f"--output-path={made}",
                f"--config={Path(self.root) / 'generator.yaml'}",
            ],
            check=True,
        )
        build_data["force_include"][str(made)] = "gatehouse_client/generated"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Throw away what was generated: the wheel has it."""
        self.folder.cleanup()
