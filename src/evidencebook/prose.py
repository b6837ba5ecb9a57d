"""Measured values typed into the pages of a report, and the exceptions that its authors justified."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from evidencebook.problems import Problem
from evidencebook.untraced import GAP, Names, Suggestions, TypedException, measured, problem

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

FOLDERS = ("book", "seeds")
TYPED = "typed"
# Bodies that are code or made from the tables; every other body is read as prose, so that no directive is a way round.
NO_PROSE = frozenset(
    {
        *("code-cell", "code", "code-block", "sourcecode", "highlight", "literalinclude", "include", "math", "mermaid"),
        *("toctree", "tableofcontents", "evidence-ledger", "contradictions", "checks", "source-card", "data-table"),
        *("claims-table", "bibliography", "contents", "index", "graphviz", "parsed-literal"),
    }
)
NO_TITLE = NO_PROSE | {"figure", "image", "only", "raw", "eval-rst", "grid", "grid-item", "key-figures", "tab-set"}
READ_OPTIONS = ("caption", "alt", "title", "header", "footer")
# Roles that only set their text in another type, so that a number in them is as typed as one beside them.
STYLING = frozenset({"emphasis", "strong", "sub", "sup", "subscript", "superscript", "abbr", "guilabel"})

_DIRECTIVE = re.compile(r"\{(?P<name>[\w:.+-]+)\}\s*(?P<argument>.*)", re.DOTALL)
_OPTION = re.compile(r"\s*:(?P<key>[\w-]+):(?:[ \t]+(?P<value>.*))?$")
_ROLE_TITLE = re.compile(r"(?P<title>.+?)\s*<[^<>]*>$", re.DOTALL)
_HTML = re.compile(r"<!--.*?(?:-->|$)|<(?:style|script)\b.*?(?:</(?:style|script)>|$)|<[^<>]*>", re.DOTALL)


@dataclass(frozen=True)
class Text:
    """A stretch of a page that readers see as one text; `lines` holds the line of each of its characters."""

    text: str
    lines: tuple[int, ...]
    in_table: bool = False


@dataclass(frozen=True)
class Page:
    """What of a page is prose, and the numbers that its author has justified: (line, words | reason)."""

    texts: tuple[Text, ...]
    justified: tuple[tuple[int, str], ...]


def check(
    root: Path, suggestions: Suggestions, naming: Sequence[str] = ()
) -> tuple[list[Problem], list[TypedException]]:
    """The untraced numbers of all pages of the report in `root`, and its justified exceptions.

    `naming` are words after which this report's numbers are names, beside those that every report has.
    """
    problems: list[Problem] = []
    exceptions: list[TypedException] = []
    for path in pages(root):
        label = path.relative_to(root).as_posix()
        try:
            page = read(path.read_bytes().decode("utf-8"))
        except UnicodeDecodeError:
            problems.append(Problem(label, None, None, "the page is not UTF-8", "save it as UTF-8"))
            continue
        problems += _untraced(label, page, suggestions, naming)
        for line, content in page.justified:
            words, _, reason = (part.strip() for part in content.partition("|"))
            if words and reason:
                exceptions.append(TypedException(label, line, words, reason))
            else:
                what = f'"{words}" is typed without a reason'
                remedy = f"write {{typed}}`{words or 'words'} | why it may be typed`, or bind it with {{fact}}"
                problems.append(Problem(label, line, None, what, remedy))
    return problems, exceptions


def pages(root: Path) -> list[Path]:
    """The MyST pages of the report, sorted; the articles' own texts are none."""
    found = (path for folder in FOLDERS for path in (root / folder).rglob("*.md"))
    return sorted(path for path in found if path.is_file() and path.parts[-2] != "texts")


def read(source: str) -> Page:
    """What of the page is prose."""
    reading = _Reading([], [])
    reading.blocks(source.replace("\r\n", "\n"), 1)
    return Page(tuple(reading.texts), tuple(reading.justified))


def _untraced(label: str, page: Page, suggestions: Suggestions, naming: Sequence[str]) -> Iterator[Problem]:
    names = Names(naming)
    for part in page.texts:  # a page may use a name before the sentence that introduces it
        list(names.spans(part.text))
    for part in page.texts:
        for phrase in measured(part.text, names):
            bar = r"\|" if part.in_table else "|"
            justify = f"{{typed}}`{phrase.text} {bar} why it may be typed`"
            remedy = suggestions.remedy(phrase, _sentence(part.text, phrase.start), justify)
            first = min(one.start for one in phrase.numerals)
            yield problem(label, part.lines[first], phrase, remedy)


def _sentence(text: str, at: int) -> str:
    start = max(text.rfind(". ", 0, at), text.rfind(".\n", 0, at)) + 1
    ends = [end for end in (text.find(". ", at), text.find(".\n", at)) if end >= 0]
    return text[start : min(ends, default=len(text))]


@cache
def _parser() -> MarkdownIt:
    # Imported here, because who only reads tables owes nothing to a Markdown parser.
    from markdown_it.renderer import RendererHTML
    from myst_parser.config.main import MdParserConfig
    from myst_parser.parsers.mdit import create_md_parser

    # Without dollarmath: "$10 million and $20" must be seen even where the book would set it as a formula.
    return create_md_parser(MdParserConfig(enable_extensions={"colon_fence", "linkify", "tasklist"}), RendererHTML)


@dataclass
class _Reading:
    texts: list[Text]
    justified: list[tuple[int, str]]

    def blocks(self, source: str, line: int) -> None:
        """Read Markdown whose first line is that line of the page."""
        in_table = False
        for token in _parser().parse(source):
            at = line + (token.map[0] if token.map else 0)
            if token.type in ("table_open", "table_close"):
                in_table = token.type == "table_open"
            elif token.type == "inline":
                self.inline(token, at, in_table)
            elif token.type in ("fence", "colon_fence"):
                self.fence(token, at)
            elif token.type == "html_block":
                self.plain(_HTML.sub(lambda tag: re.sub(r"[^\n]", " ", tag[0]), token.content), at)

    def plain(self, text: str, line: int) -> None:
        """Read text without markup."""
        lines = []
        for character in text:
            lines.append(line)
            line += character == "\n"
        if text.strip():
            self.texts.append(Text(text, tuple(lines)))

    def line_of_markup(self, source: str, line: int) -> None:
        """Read one run of inline markup, such as a caption."""
        for token in _parser().parseInline(source):
            self.inline(token, line, False)

    def inline(self, token: Token, line: int, in_table: bool) -> None:
        """Read the text of one block: its children's, with a gap for each role or code between them."""
        text: list[str] = []
        lines: list[int] = []
        source, at, in_address = token.content, 0, False

        def add(piece: str, starts: int) -> None:
            text.append(piece)
            first = line + source.count("\n", 0, starts)
            # A title of a role may run over line ends, which the parser has turned into spaces.
            lines.extend(first + source.count("\n", starts, starts + offset) for offset in range(len(piece)))

        for child in token.children or ():
            # What a child holds stands in the source, but for line ends, escapes and entities.
            words = child.content or str(child.meta.get("label", ""))
            starts, at = _spot(source, words, at)
            if child.type in ("link_open", "link_close") and child.info == "auto":
                in_address = child.type == "link_open"
            elif child.type in ("text", "image", "text_special") and not in_address:
                add(child.content, starts)
            elif child.type in ("softbreak", "hardbreak"):
                end = source.find("\n", at)
                add("\n", end)
                at = end + 1
            elif child.type == "myst_role":
                add(self.role(child, line + source.count("\n", 0, starts)), starts)
            elif child.type == "code_inline" or in_address:
                add(GAP, starts)
            if child.type == "link_close" and child.info != "auto":
                at = _after_address(source, at)
        if "".join(text).strip():
            self.texts.append(Text("".join(text), tuple(lines), in_table))

    def role(self, token: Token, line: int) -> str:
        """The typed words of a role; a gap for those that the tables supply."""
        name, content = str(token.meta["name"]), token.content
        if name == TYPED:
            self.justified.append((line, content))
        elif name in STYLING:
            return content
        elif name not in ("fact", "value", "count", "src", "edition") and (titled := _ROLE_TITLE.fullmatch(content)):
            return titled["title"]
        return GAP

    def fence(self, token: Token, line: int) -> None:
        """Read the title, the options and the body of a directive, as far as each is prose."""
        directive = _DIRECTIVE.fullmatch(token.info.strip())
        if directive is None:
            return
        name = directive["name"]
        if name not in NO_TITLE:
            self.line_of_markup(directive["argument"], line)
        body = self.options(token.content.split("\n"), line + 1)
        rest = token.content.split("\n")[body:]
        if name in NO_PROSE:
            return
        if name == "key-figures":
            rest = [re.sub(r"^[^:]*:", lambda fact_id: " " * len(fact_id[0]), one).lstrip() for one in rest]
            for offset, one in enumerate(rest):
                self.line_of_markup(one, line + 1 + body + offset)
            return
        if name == "glossary":  # its indented definitions are no code
            rest = [one.lstrip() for one in rest]
        self.blocks("\n".join(rest), line + 1 + body)

    def options(self, body: list[str], line: int) -> int:
        """Read the captions among a directive's options, and return how many lines the options take."""
        if body and body[0].strip() == "---":
            ends = next((at for at, one in enumerate(body) if at and one.strip() == "---"), len(body))
            self.yaml("\n".join(body[1:ends]), line + 1)
            return ends + 1
        at = 0
        key = ""
        while at < len(body) and ((option := _OPTION.match(body[at])) or (key and body[at].startswith((" ", "\t")))):
            if option:
                key = option["key"]
            value = (option["value"] or "") if option else body[at]
            if key in READ_OPTIONS:
                self.line_of_markup(value, line + at)
            elif value.lstrip().startswith("{"):  # settings in one line, as in `:mystnb: {figure: {caption: ...}}`
                self.yaml(value, line + at)
            at += 1
        return at

    def yaml(self, source: str, line: int) -> None:
        """Read the captions among settings in YAML."""
        try:
            top = yaml.compose(source, Loader=yaml.SafeLoader)
        except yaml.YAMLError:
            self.plain(source, line)  # the build will refuse it; until then nothing in it passes unread
            return
        waiting = [top] if top else []
        while waiting:
            node = waiting.pop()
            if isinstance(node, yaml.SequenceNode):
                waiting += node.value
            elif isinstance(node, yaml.MappingNode):
                for key, value in node.value:
                    if key.value in READ_OPTIONS and isinstance(value, yaml.ScalarNode):
                        start, end = value.start_mark, value.end_mark
                        # As written rather than as read, so that lines can be counted.
                        self.line_of_markup(source[start.index : end.index], line + start.line)
                    else:
                        waiting.append(value)


def _spot(source: str, words: str, at: int) -> tuple[int, int]:
    """Where the words begin and end in the source after a place; at that place where they are not found."""
    found = source.find(words, at) if words else -1
    if found >= 0:
        return found, found + len(words)
    spot = re.compile(r"\s+".join(map(re.escape, words.split(" ")))).search(source, at) if " " in words else None
    return spot.span() if spot else (at, at)


def _after_address(source: str, at: int) -> int:
    # "[words](address)": a number in the address must not be taken for the next words.
    closing = re.compile(r"\]\([^()\s]*(?:\s+\"[^\"]*\")?\)|\]\[[^\]]*\]|\]").match(source, at)
    return closing.end() if closing else at
