"""Style sheets and typefaces of the web edition, put where Sphinx picks up static files."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sphinx.application import Sphinx

from evidencebook.charts import fonts, palette

STATIC = Path(__file__).parent / "static"
GENERATED = "evidence_static"


def prepare(app: Sphinx) -> None:
    """Write what is generated beside the doctrees and offer both folders of static files to Sphinx."""
    if app.builder.format != "html" or app.builder.name == "pdf":
        return
    generated = Path(app.doctreedir) / GENERATED
    (generated / "fonts").mkdir(parents=True, exist_ok=True)
    css = palette.stylesheet() + "".join(
        fonts.font_face_css(face, f"fonts/{_web_font(face, generated / 'fonts')}") for face in fonts.FACES
    )
    (generated / "evidence-type.css").write_text(css, encoding="utf-8")
    app.config.html_static_path += [str(STATIC), str(generated)]
    app.add_css_file("evidence-type.css")
    app.add_css_file("evidence.css")


def _web_font(face: fonts.Face, folder: Path) -> str:
    # Cutting a face takes half a second; the name carries the hash of what it was cut from.
    source = face.path.read_bytes() + Path(fonts.__file__).read_bytes()
    path = folder / f"{face.path.stem}-{hashlib.sha256(source).hexdigest()[:8]}.woff2"
    if not path.exists():
        path.write_bytes(fonts.web_font(face))
    return path.name


def setup(app: Sphinx) -> None:
    """Register the preparation."""
    app.connect("builder-inited", prepare)
