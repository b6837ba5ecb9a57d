"""Who gives MyST-NB the results of a notebook: it has no setting for that, only the names of its classes."""

from __future__ import annotations

import myst_nb.core.execute

CLIENTS = {name: getattr(myst_nb.core.execute, name) for name in ("NotebookClientDirect", "NotebookClientCache")}


def replace_clients(client: type | None) -> None:
    """Let `client` give the results, or MyST-NB's own classes again."""
    for name, own in CLIENTS.items():
        setattr(myst_nb.core.execute, name, client or own)
