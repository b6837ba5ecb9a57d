"""What a server of JupyterLab answers: a cell with what its roles say by the tables as they are now, and typefaces."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

from evidencebook.charts import fonts
from evidencebook.lab.sentences import Sentences
from evidencebook.tables.contract import LABEL


def register(server: Any) -> None:
    """Add the address that the script of the browser asks."""
    # Only whoever has JupyterLab has these.
    handlers = import_module("jupyter_server.base.handlers")
    authenticated = import_module("tornado.web").authenticated
    served = Path(server.root_dir).resolve()
    root = next((folder for folder in (served, *served.parents) if (folder / LABEL).is_file()), served)
    sentences = Sentences(root)

    class Told(handlers.APIHandler):  # type: ignore[misc, name-defined]
        @authenticated  # type: ignore[untyped-decorator]
        def post(self) -> None:
            self.finish(json.dumps({"told": sentences.told(str((self.get_json_body() or {}).get("source", "")))}))

    here = f"{server.base_url}evidencebook"

    class Faces(handlers.JupyterHandler):  # type: ignore[misc, name-defined]
        @authenticated  # type: ignore[untyped-decorator]
        def get(self) -> None:
            self.set_header("Content-Type", "text/css")
            self.finish("".join(fonts.font_face_css(one, f"{here}/{fonts.web_name(one)}") for one in fonts.FACES))

    files = {"path": str(fonts.WEB_FOLDER)}
    told = [(f"{here}/told", Told), (f"{here}/faces.css", Faces)]
    server.web_app.add_handlers(".*$", [*told, (rf"{here}/(.*\.woff2)", handlers.AuthenticatedFileHandler, files)])
