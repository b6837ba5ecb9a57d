"""Style sheets and typefaces of the web edition, put where Sphinx picks up static files."""

from __future__ import annotations

from pathlib import Path

from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
from sphinx.application import Sphinx

from evidencebook.charts import fonts, palette, standins

STATIC = Path(__file__).parent / "static"
GENERATED = "evidence_static"


def prepare(app: Sphinx) -> None:
    """Write the style sheet of colours and faces beside the doctrees, and offer our static files to Sphinx."""
    if app.builder.format != "html" or app.builder.name == "pdf":
        return
    generated = Path(app.doctreedir) / GENERATED
    generated.mkdir(parents=True, exist_ok=True)
    (generated / "evidence-type.css").write_text(type_css(), encoding="utf-8")
    app.config.html_static_path += [str(STATIC), str(generated)]
    app.add_css_file("evidence-type.css")
    app.add_css_file("evidence.css")


def type_css() -> str:
    """Return colours and families of type as custom properties, and the faces as @font-face rules."""
    faces = "".join(fonts.font_face_css(face, f"fonts/{fonts.web_name(face)}") for face in fonts.FACES)
    code = palette.in_the_dark(_code("light"), lambda root: _code("dark", root))
    return palette.stylesheet() + faces + standins.stylesheet() + code


def _code(scheme: str, root: str = "") -> str:
    rules = HtmlFormatter(style=f"a11y-high-contrast-{scheme}").get_style_defs(f"{root} .highlight".strip())
    return "".join(f"{rule}\n" for rule in rules.splitlines() if ".highlight" in rule)


def setup(app: Sphinx) -> None:
    """Register the preparation."""
    app.connect("builder-inited", prepare)
