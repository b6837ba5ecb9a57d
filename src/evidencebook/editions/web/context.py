"""The web edition: our own theme, nothing loaded that no reader needs, every link checked, a search without network."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

from evidencebook import edition
from evidencebook.build.freshness import CHANGED, is_written, memory_of, results_of
from evidencebook.charts import pictures
from evidencebook.charts.palette import DARK, LIGHT
from evidencebook.editions import covers
from evidencebook.editions.web import contents, launching, search_index, site, sitemap, styles
from evidencebook.editions.web.descriptions import description
from evidencebook.editions.web.markup import Translator
from evidencebook.editions.web.styles import Styles, policy
from evidencebook.execution.environment import can_fork, processors
from evidencebook.keeping import kept
from evidencebook.pages.charts import cover_picture
from evidencebook.pages.contradictions import pair
from evidencebook.pages.domain import domain_of
from evidencebook.pages.numbering import chapter
from evidencebook.pages.subtypes import Subtype, warn
from evidencebook.values.dates import words as date_words

NAME = "evidencebook"
THEME = Path(__file__).parent
# What must happen before anything is painted; it stands in the page, where nobody has to wait for it.
AT_ONCE = (THEME / "scheme.js").read_text("utf-8").strip()
# What finds the edition from a page that may stand at any address; a file could not be found by it.
ROOTED = (THEME / "rooted.js").read_text("utf-8").strip()
MISSING = "404"
# Always loaded by Jupyter Book: what puts scripts into pages to run code on a server, and themes that are not this one.
OTHERS = {"sphinx_thebe", "sphinx_book_theme", "pydata_sphinx_theme"}
# Addresses of a page that hang on that of its page.
ASIDE = re.compile(r'((?:href|src)="|url\(")(?:\.{1,2}/)*(?![a-z]+:|[#/"])')
CITE = "app-cite"  # the label of the page that says how to cite
SEARCHED = "search-data.js"
SAME = "evidence_same_words"  # the setting with groups of words that the search takes for one
SHOWN = {"html", "dirhtml", "singlehtml", "pdf", "epub", "latex", "pdflatex"}
BUILDERS = SHOWN | {"linkcheck", "dummy", "evidence-check"}  # and those that write no edition


class Web:
    """What all pages of one build share."""

    def __init__(self, app: Sphinx) -> None:
        self._app = app
        self.identify(app)
        memory = memory_of(app)
        self._pdf = memory.pdf if memory else None  # pages offer a print edition only if it is that of their own inputs
        self._base = str(app.config.html_baseurl)
        # Where the links of the missing page begin, since it stands in for pages anywhere: at the edition's own
        # address, or at the server's root where nobody has said one.
        self._root = f"{urlsplit(self._base).path.rstrip('/')}/"
        self._relative = app.builder.get_relative_uri
        app.builder.get_relative_uri = self.address_of  # type: ignore[method-assign, assignment]  # contents ask it
        self._own = _own_files(app)
        self._styles = Styles(self._own)

    def identify(self, app: Sphinx) -> None:
        """Say which edition this is, as the report is now."""
        self._edition = edition.edition(Path(app.srcdir))
        self._citation = edition.citation(Path(app.srcdir)).sentence(self._edition)

    def complete(self, app: Sphinx, page: str, template: str, context: dict[str, Any], tree: nodes.document) -> None:
        """Give the templates what they show, and take out what other extensions would have every page load."""
        is_front = page == app.config.root_doc
        is_whole = is_front or template == "redirect.html"  # it stands for the whole report
        is_missing = page == MISSING
        if is_missing:
            relative = context["pathto"]
            context["content_root"] = self._root
            context["pathto"] = lambda *asked: self._root + relative(*asked)
        picture = f"_static/{covers.SHARE_NAME}"
        context["evidence"] = {
            "name": self._edition.title,
            "policy": policy(AT_ONCE, *((ROOTED,) if is_missing else ())),
            "at_once": AT_ONCE,
            "rooted": ROOTED,
            "is_whole": is_whole,
            "address": self._address(page, is_whole),
            "style": self._style(context),
            "title": self._title(page, context, is_whole),
            "description": description(tree) or context.get("description") or self._edition.description,
            # The front page has its own table of contents, and no sections that need one.
            "sections": [] if is_front else _sections(tree),
            "parts": contents.parts(app, page) if is_front else [],
            "edition": self._edition,
            "notice_head": edition.NOTICE_HEAD,
            "date": date_words(self._edition.date.isoformat()),
            "citation": self._citation,
            "cite": self._cite(page),
            "has_claims": app.builder.name != "singlehtml" and bool(domain_of(app.env).ledger_pages()),
            "has_search": app.builder.name != "singlehtml",
            "is_listed": tree is not None or is_whole,
            # Sites that show the picture want its whole address; without one they may still find it beside the page.
            "picture": sitemap.absolute(self._base, picture) if self._base else f"{context['content_root']}{picture}",
            "papers": (LIGHT["paper"], DARK["paper"]),
            "picture_size": (covers.SHARE.width, covers.SHARE.height),
            "pdf": self._pdf.name if self._pdf else "",
            "imprint": self._imprint(page),
            "launch": launching.links(app, page, tree),
        }
        wanted = () if is_missing else context.get("script_files", ())  # it loads what it needs once it knows where
        context["script_files"] = [file for file in wanted if self._name(file) in self._own]

    def address_of(self, here: str, page: str, typ: str | None = None) -> str:
        """Return the address of a page as seen from another one, in place of Sphinx's method of the same signature."""
        if here == MISSING:
            return self._root + self._app.builder.get_target_uri(page, typ)
        return self._relative(here, page, typ)

    def pages(self, app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
        """Yield the pages that stand for no document: a way in, the search, and what a wrong address leads to."""
        if app.config.root_doc != "index":
            yield "index", {}, "redirect.html"
        name = self._edition.title
        found = f"Finds words and numbers in all chapters, notes on sources and entries of the ledger of {name}."
        yield "search", {"title": "Search", "description": found}, "search.html"
        lost = f"There is no page of {name} at this address; the front page and the search lead to all there are."
        yield MISSING, {"title": "Page not found", "description": lost}, "404.html"

    def finish(self, app: Sphinx, error: Exception | None) -> None:
        """Take away what nobody loads, check every link, and write what the search looks through."""
        if error is not None or is_written(app):
            return
        folder = Path(app.outdir)
        if self._pdf is not None:
            shutil.copyfile(self._pdf, folder / self._pdf.name)
        self._prune(folder / "_static")
        self._mend(folder)
        pages = site.read(folder, processors() if can_fork() else 1, {f"{MISSING}.html": self._root})
        searched = search_index.script(pages, self._explaining(), self._app.config[SAME])
        (folder / "_static" / SEARCHED).write_text(searched, "utf-8")
        (folder / "robots.txt").write_text(sitemap.robots(self._base), "utf-8")
        if self._base:
            found = sitemap.sitemap(self._base, pages, self._edition.date)
            (folder / "sitemap.xml").write_text(found, "utf-8")
        wrong = [f"{page}: the link to {link} leads nowhere" for page, link in site.broken(pages, folder)]
        wrong += [f"{page.address} would load {address}" for page in pages.values() for address in page.remote]
        for what in wrong:
            warn(what, Subtype.LINK)
        if wrong:
            app.statuscode = 1

    def _mend(self, folder: Path) -> None:
        """Put right what Sphinx's other builders of web pages do not know of a report whose front page has a folder."""
        root, name = str(self._app.config.root_doc), self._app.builder.name
        if name == "singlehtml":
            page = folder / f"{root}.html"
            within = re.compile(rf'href="{re.escape(root)}\.html(?:#document-[^"#]+(?=#))?(#[^"]*)?"')
            text = within.sub(lambda found: f'href="{found[1] or "#"}"', page.read_text("utf-8"))
            up = "../" * root.count("/")  # all other addresses begin at the folder of the edition
            text = ASIDE.sub(rf"\1{up}", text).replace('data-root=""', f'data-root="{up}"')
            page.write_text(text, "utf-8")
        elif name == "dirhtml":  # servers look for this page at the top
            own = folder / MISSING / "index.html"
            text = own.read_text("utf-8").replace(f'="{self._root}../', f'="{self._root}')
            (folder / f"{MISSING}.html").write_text(text, "utf-8")
            shutil.rmtree(own.parent)

    def _explaining(self) -> set[str]:
        """Return the addresses of the numbered pages, and of the front page, which sums them up."""
        env, builder = self._app.env, self._app.builder
        numbered = {name for name in env.all_docs if chapter(env, name)}
        return {builder.get_target_uri(name) for name in numbered | {str(self._app.config.root_doc)}}

    def _address(self, page: str, is_whole: bool) -> str:
        """Return the whole address of a page, or nothing where none is known; the missing page has none of its own."""
        if not self._base or page == MISSING:
            return ""
        shown = self._app.config.root_doc if is_whole else page
        return sitemap.absolute(self._base, self._app.builder.get_target_uri(shown))

    def _style(self, context: dict[str, Any]) -> str:
        """Return the style sheets of the page in the order that Sphinx would link them, less those of others."""
        files = sorted(context.get("css_files", ()), key=lambda file: int(file.priority))
        names = dict.fromkeys(self._name(file) for file in files)
        return self._styles.of([name for name in names if name in self._own], str(context["content_root"]))

    @staticmethod
    def _name(file: Any) -> str:
        return str(getattr(file, "filename", None) or "").removeprefix("_static/")

    def _prune(self, folder: Path) -> None:
        own = _own_files(self._app)  # now: the picture beside links was drawn when all pages had been read
        for path in sorted(folder.rglob("*"), reverse=True):
            is_needed = path.suffix != ".css" and path.relative_to(folder).as_posix() in own
            if path.is_file() and not is_needed:
                path.unlink()
            elif path.is_dir() and not any(path.iterdir()):
                path.rmdir()

    def _title(self, page: str, context: dict[str, Any], is_whole: bool) -> str:
        """Return the page's title without its number; the front page's is that of the report."""
        if is_whole:
            own = self._edition
            return own.full_title
        titles = self._app.env.titles
        return str(titles[page].astext() if page in titles else context.get("title", ""))

    def _cite(self, page: str) -> str:
        """Return the address of the page that says how to cite, or nothing."""
        found = self._app.env.get_domain("std").anonlabels.get(CITE)  # type: ignore[attr-defined]
        return str(self._app.builder.get_relative_uri(page, found[0])) if found else ""

    def _imprint(self, page: str) -> str:
        own = self._edition
        said = f"{own.title}, version {own.version} of {date_words(own.date.isoformat())}. {own.licence}. "
        address = self._cite(page)
        said_link = f'<a href="{escape(address)}">How to cite</a>. ' if address else ""
        return f"{escape(said)}{said_link}Digest <code>{escape(own.digest)}</code>."


def _own_files(app: Sphinx) -> dict[str, Path]:
    """Return all static files of the engine and of the report by name; other extensions name absolute folders."""
    report = [Path(app.srcdir, name) for name in app.config.html_static_path if not Path(name).is_absolute()]
    generated = Path(app.doctreedir) / styles.GENERATED
    paths = ((folder, path) for folder in (styles.STATIC, generated, *report) for path in folder.rglob("*"))
    found = {path.relative_to(folder).as_posix(): path for folder, path in paths if path.is_file()}
    return {**found, covers.SHARE_NAME: generated / covers.SHARE_NAME}  # which is drawn when all pages are read


def _sections(tree: nodes.document | None) -> list[dict[str, Any]]:
    """Return the sections below a page's title, if there is more than one to choose from, and the pairs in each."""
    page = next(tree.findall(nodes.section), None) if tree is not None else None
    found = [{**_named(part), "pairs": [_named(one) for one in _within(part, pair)]} for part in _within(page)]
    return found if len(found) > 1 else []


def refuse_others(app: Sphinx) -> None:
    """End the build in one line where a builder is asked for that would lose what stands on pages."""
    asked = "pdfhtml" if "pdfhtml" in sys.argv else app.builder.name  # of Jupyter Book, by way of a single page
    if asked not in BUILDERS:
        print(f"The builder {asked} cannot show a report; use one of {', '.join(sorted(SHOWN))}.", file=sys.stderr)
        raise SystemExit(1)


def _within(part: nodes.Element | None, kind: type[nodes.section] = nodes.section) -> Iterator[nodes.section]:
    return (one for one in (part.children if part is not None else ()) if isinstance(one, kind) and one["ids"])


def _named(part: nodes.section) -> dict[str, str]:
    return {"id": str(part["ids"][0]), "title": part[part.first_child_matching_class(nodes.title) or 0].astext()}


def check_same(app: Sphinx, config: Config) -> None:
    """Stop where the setting holds anything else than groups of words."""
    for group in config[SAME]:
        if not (isinstance(group, list) and len(group) > 1 and all(isinstance(word, str) for word in group)):
            raise ConfigError(
                f"{SAME}: {group!r} is no group of words - write a list of two or more, such as [pay, wage]"
            )


def prepare(app: Sphinx) -> None:
    """Set the edition up, if this build makes it."""
    refuse_others(app)
    if app.builder.format != "html" or app.config.html_theme != NAME:
        return
    app.connect("write-started", share)
    web = Web(app)
    app.builder.search = False  # type: ignore[attr-defined]  # Sphinx's own index, which knows no numbers
    app.add_css_file("page.css", priority=100)
    app.add_js_file("page.js", loading_method="defer")
    app.set_translator(app.builder.name, Translator, override=True)
    for event in ("doctree-resolved", "html-page-context"):
        listeners = app.events.listeners[event]
        listeners[:] = [one for one in listeners if one.handler.__module__.partition(".")[0] not in OTHERS]
    app.connect("html-page-context", web.complete, priority=950)
    app.connect(CHANGED, web.identify)
    app.connect("html-collect-pages", web.pages)
    app.connect("build-finished", web.finish, priority=900)


def share(app: Sphinx, _builder: object) -> None:
    """Draw the picture beside links once all pages are read, since one of them may have the chart that is in it."""
    # Beside the doctrees, as other generated files: Sphinx copies them when the pages are written.
    picture = covers.share(edition.edition(Path(app.srcdir)), cover_picture(app.env)[0])
    drawn = kept(results_of(app) / "covers", picture, pictures.LIBRARIES, lambda: covers.png(picture))
    (Path(app.doctreedir) / styles.GENERATED / covers.SHARE_NAME).write_bytes(drawn)


def setup(app: Sphinx) -> None:
    app.add_html_theme(NAME, str(THEME))
    app.add_config_value(SAME, [], "html", [list])
    app.connect("config-inited", check_same)
    app.connect("builder-inited", prepare, priority=700)  # after static folders have been added
