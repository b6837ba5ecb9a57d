"""Where a reader may run a page: on the Binder or JupyterHub that the report names, if it names its repository too."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from docutils import nodes
from sphinx.application import Sphinx

HOSTS = {"github.com": "gh", "gitlab.com": "gl"}  # of repositories, by Binder's names for them


def links(app: Sphinx, page: str, tree: nodes.document | None) -> list[tuple[str, str]]:
    """Return label and address of each place where the page may be run; none for a page without code."""
    if tree is None or not any(node.get("nb_element") == "cell_code" for node in tree.findall(nodes.container)):
        return []
    options = app.config.html_theme_options
    path = posixpath.join(str(options.get("path_to_docs") or ""), Path(app.env.doc2path(page, False)).as_posix())
    return list(_links(options, posixpath.normpath(path)))


def _links(options: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    url = str(options.get("repository_url") or "").rstrip("/").removesuffix(".git")
    branch = str(options.get("repository_branch") or "main")
    buttons = options.get("launch_buttons") or {}
    if not url or not isinstance(buttons, Mapping):
        return
    parts = urlsplit(url)
    hub, short, name = (
        str(buttons.get("binderhub_url") or "").rstrip("/"),
        HOSTS.get(parts.netloc),
        parts.path.strip("/"),
    )
    if hub and short:
        where = f"{short}/{name if short == 'gh' else quote(name, '')}"
        asked = urlencode({"urlpath": f"lab/tree/{quote(path)}"})
        yield "Open in Binder", f"{hub}/v2/{where}/{quote(branch, '')}?{asked}"
    if hub := str(buttons.get("jupyterhub_url") or "").rstrip("/"):
        folder = parts.path.rpartition("/")[2]
        asked = urlencode({"repo": url, "branch": branch, "urlpath": f"lab/tree/{quote(f'{folder}/{path}')}"})
        yield "Open in JupyterHub", f"{hub}/hub/user-redirect/git-pull?{asked}"
