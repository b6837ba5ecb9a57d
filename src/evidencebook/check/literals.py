"""Measured values typed into the words that figure modules put before readers, and the justified exceptions."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evidencebook.check.measured import GAP, Names, Suggestions, TypedException, measured, problem
from evidencebook.tables import files
from evidencebook.tables.problems import Problem

FOLDER = "book/figures"
LARGEST = 2**20  # bytes of a module
_COMMENT = re.compile(r"#\s*typed\b\s*:?\s*(?P<reason>.*)")
_WORDS = re.compile(r"[^\W\d_]{2,}")
# Vega expressions compare or read data; what they print comes from elsewhere.
_EXPRESSION = re.compile(r"\bdatum\b|&&|\|\||[=!]==?")
_CSS_UNIT = re.compile(r"(?:px|em|rem|pt|vh|vw)\b")
_FOR_MACHINES = frozenset({"compile", "search", "match", "fullmatch", "sub", "split", "findall", "finditer"})


@dataclass(frozen=True)
class Literal:
    """Words in a module: the lines over which they are written, and the text with a gap for each formatted value."""

    first: int
    last: int
    text: str


def module(path: Path) -> ast.AST:
    """Return what a module says; nothing where it cannot be read, of which `check` tells."""
    try:
        return ast.parse(files.read(path, LARGEST))
    except (SyntaxError, ValueError, RecursionError, MemoryError, OSError):
        return ast.Module([], [])


def check(
    root: Path, suggestions: Suggestions, naming: tuple[str, ...] = ()
) -> tuple[list[Problem], list[TypedException]]:
    """The untraced numbers in the figure modules of the report in `root`, and its justified exceptions."""
    problems: list[Problem] = []
    exceptions: list[TypedException] = []
    for path in sorted((root / FOLDER).rglob("*.py")):
        label = path.relative_to(root).as_posix()
        try:
            source = files.read(path, LARGEST).decode("utf-8")
            found, comments = literals(source), _comments(source)
        except (SyntaxError, ValueError, tokenize.TokenError, RecursionError, MemoryError, OSError) as error:
            line = getattr(error, "lineno", None)
            problems.append(
                Problem(label, line, None, f"the module cannot be read: {error or type(error).__name__}", "correct it")
            )
            continue
        for literal in found:
            lines = range(literal.first, literal.last + 1)
            reasons = {line: comments[line] for line in lines if line in comments}
            for phrase in measured(literal.text, Names(naming)):
                if _CSS_UNIT.match(literal.text, phrase.end):
                    continue
                line = _line(source, literal, phrase.text)
                if any(reasons.values()):
                    reason = next(filter(None, reasons.values()))
                    exceptions.append(TypedException(label, line, phrase.text, reason))
                elif reasons:
                    remedy = "write `# typed: why it may be typed`, or take the value from the evidence"
                    problems.append(Problem(label, line, None, f'"{phrase.text}" is typed without a reason', remedy))
                else:
                    justify = "end the line with `# typed: why it may be typed`"
                    problems.append(problem(label, line, phrase, suggestions.remedy(phrase, literal.text, justify)))
    return problems, exceptions


def literals(source: str) -> list[Literal]:
    """The string literals of a module that can reach readers; raises SyntaxError."""
    tree = ast.parse(source)
    return [one for one in _literals(tree) if _is_for_readers(one.text)]


def _literals(node: ast.AST) -> Iterator[Literal]:
    if isinstance(node, ast.Raise | ast.Assert) or (isinstance(node, ast.Call) and _is_for_machines(node)):
        return
    if isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else GAP for part in node.values]
        yield Literal(node.lineno, node.end_lineno or node.lineno, "".join(map(str, parts)))
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                yield from _literals(part.value)
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield Literal(node.lineno, node.end_lineno or node.lineno, node.value)
        return
    for child in ast.iter_child_nodes(node):
        # A string that is a statement is a docstring: it is for whoever reads the code.
        if not (isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)):
            yield from _literals(child)


def _is_for_machines(call: ast.Call) -> bool:
    function = call.func
    return (
        isinstance(function, ast.Attribute)
        and function.attr in _FOR_MACHINES
        and isinstance(function.value, ast.Name)
        and function.value.id == "re"
    )


def _is_for_readers(text: str) -> bool:
    return " " in text.replace("\u00a0", " ") and bool(_WORDS.search(text)) and not _EXPRESSION.search(text)


def _comments(source: str) -> dict[int, str]:
    """The reason in each `# typed:` comment, by line; empty where none is given."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    found = ((token.start[0], _COMMENT.fullmatch(token.string)) for token in tokens if token.type == tokenize.COMMENT)
    return {line: match["reason"].strip() for line, match in found if match}


def _line(source: str, literal: Literal, words: str) -> int:
    # Of a literal over several lines, the one that holds the number where that can be seen.
    lines = source.splitlines()[literal.first - 1 : literal.last]
    return next((literal.first + at for at, line in enumerate(lines) if words in line), literal.first)
