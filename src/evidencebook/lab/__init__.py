"""The chapters in JupyterLab: sentences with their numbers, and tables and figure modules that are never old.

`jupyter` holds what JupyterLab finds by its search path: the kernel that loads `reloading`, and the script that asks
the server's extension for sentences. Nothing of it is used by a build.
"""

from __future__ import annotations

from typing import Any


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "evidencebook.lab"}]


def _load_jupyter_server_extension(server: Any) -> None:
    from evidencebook.lab import answering

    answering.register(server)
