"""Command line: the verbs that the Makefile calls."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evidencebook.build import machine, telling
from evidencebook.changes.commands import COMMANDS
from evidencebook.changes.manifest import MOVED
from evidencebook.intake import verbs as intake
from evidencebook.tables.problems import BadData, Problem, lines
from evidencebook.tables.text import printable
from evidencebook.writing import write_whole

if TYPE_CHECKING:
    from evidencebook.check.checking import Report

ROOT = click.option(
    "--root", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path(), show_default=True,
    help="Folder of the report.",
)  # fmt: skip


def told(command: Callable[..., Any]) -> Callable[..., Any]:
    """Return a command that builds, with the options for how much it tells."""
    quiet = click.option("--quiet", "is_quiet", is_flag=True, help="Tell problems only.")
    verbose = click.option("--verbose", "is_verbose", is_flag=True, help="Tell all that Sphinx says as well.")
    return quiet(verbose(command))


def _let_go_of_output() -> None:
    """Have an output that takes nothing forgotten: Python would try again at its end, and end in its own way."""
    try:
        sys.stdout.flush()
    except OSError:
        with open(os.devnull, "wb") as nothing:
            os.dup2(nothing.fileno(), sys.stdout.fileno())


class Verbs(click.Group):
    """Commands that list the problems of data which they cannot use, instead of a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BadData as error:
            raise SystemExit(_listed(error.problems, partial(click.echo, err=True))) from None
        except BrokenPipeError:  # who reads has seen enough, as `head` has: click ends the command without a word
            raise
        except OSError as error:  # a full disk, a folder that cannot be written
            _let_go_of_output()
            raise click.ClickException(machine.told(error) or printable(str(error))) from None


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="evidencebook")
def main() -> None:
    """Build and check a book in which every number comes from a row, and every row from a passage."""


for verb in COMMANDS:
    main.add_command(verb)


@main.command()
@ROOT
@click.option("--fix", is_flag=True, help="First mend what needs no choice: order, line ends, encoding, anchors.")
@click.option("--release", is_flag=True, help="Values that no recorded edition has are problems too.")
def check(root: Path, fix: bool, release: bool) -> None:
    """List every problem of tables, pages and figure modules; exit 0 if there is none, 1 if there are some."""
    from evidencebook.check import anchors, checking, mending

    if wrong := anchors.unusable_texts():
        raise click.UsageError(wrong)
    texts = anchors.texts_dir(root)
    intake.finish(root)
    if fix:
        mended = mending.mend(root, texts)
        click.echo("\n".join(map(str, mended)) or "There was nothing to mend.")
    report = checking.check(root, texts, with_pages=True)
    for line in _unverified(report, texts):
        click.echo(line)
    problems = [*report.problems, *(_undisclosed(root) if release and not report.problems else ())]
    if problems:
        raise SystemExit(_listed(problems, partial(click.echo, err=True)))
    for line in _summary(report):
        click.echo(line)
    if report.exceptions:
        click.echo(f"{len(report.exceptions)} typed number{'s' * (len(report.exceptions) > 1)} justified:")
        for one in report.exceptions:
            click.echo(printable(f'  {one.file}:{one.line}: "{one.words}" - {one.reason}'))


def _undisclosed(root: Path) -> Iterator[Problem]:
    from evidencebook.changes.recording import undisclosed
    from evidencebook.evidence.facts import Evidence

    yield from undisclosed(Evidence.load(root))


def _check(teller: telling.Teller) -> None:
    """Check before anything is built; end the command where there are problems."""
    from evidencebook.check import anchors, checking

    if wrong := anchors.unusable_texts():
        raise click.UsageError(wrong)
    texts = anchors.texts_dir(teller.root)
    intake.finish(teller.root)
    started = time.monotonic()
    with teller.progress("Check"):
        report = checking.check(teller.root, texts, with_pages=True)
    if report.problems:
        raise SystemExit(_listed(report.problems, teller.complain))
    first, *others = [*_summary(report), *_unverified(report, texts)]
    teller.say("Check", first, time.monotonic() - started)
    for line in others:
        teller.say("", line)


def _summary(report: Report) -> Iterator[str]:
    largest, others = list(report.counts.items())[:2], len(report.counts) - 2
    rows = ", ".join(f"{count} {name}" for name, count in largest)
    yield f"No problems: {rows}{f', {others} other tables' if others > 0 else ''}."
    if report.anchors_verified:
        quoted = f", {_quotations(report.quotes_verified)}" if report.quotes_verified else ""
        values = f"{report.values_verified} values"
        yield f"{report.anchors_verified} anchors{quoted} and {values} verified against the texts."


def _unverified(report: Report, texts: Path) -> Iterator[str]:
    unverified, verified = report.anchors_unverified, report.anchors_verified
    if unverified:
        told = f"{unverified} of {unverified + verified} anchors were" if verified else f"{unverified} anchors were"
        told = "1 anchor was" if (unverified, verified) == (1, 0) else told
        yield f"{told} not re-verified: the texts of their articles are not in {texts}."
    if quoted := report.quotes_unverified:
        yield f"{_quotations(quoted)} {'was' if quoted == 1 else 'were'} not re-verified either."


def _quotations(number: int) -> str:
    return f"{number} quotation{'s' * (number != 1)}"


def _listed(problems: Sequence[Problem], tell: Callable[[str], None]) -> int:
    """Tell problems and their number, and return the exit status."""
    for line in lines(problems):
        tell(line.replace("`evidencebook ", f"`{_program()} "))
    tell(f"{len(problems):,} problem{'s' * (len(problems) != 1)}.")
    return 1


def _program() -> str:
    """Return this program as it can be typed here: by its name, or by its path where its folder is not searched."""
    if shutil.which("evidencebook"):
        return "evidencebook"
    path = Path(sys.executable).with_name("evidencebook")
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


@main.command()
@ROOT
def dictionary(root: Path) -> None:
    """Write data/README.md from data/datapackage.json."""
    from evidencebook.tables import contract
    from evidencebook.tables import dictionary as pages

    path = root / "data" / "README.md"
    write_whole(path, pages.render(contract.load(root)).encode())
    click.echo(f"Wrote {path}.")


@main.command()
@ROOT
@told
@click.option("--why", metavar="PAGE", help="Build nothing; say why the page was or was not executed the last time.")
def book(root: Path, is_verbose: bool, is_quiet: bool, why: str | None) -> None:
    """Check everything, execute the chapters, and build the print and the web edition."""
    if why is not None:
        return _why(root, why)
    with telling.teller(root, is_verbose=is_verbose, is_quiet=is_quiet) as teller:
        _check(teller)
        _build(teller, "pdf", "html")
        teller.say("", "")
        teller.say("To read", f"{root / '_build' / 'html' / 'index.html'}")
        teller.say("To print", f"{_path(root, 'pdf')}")


@main.command()
@ROOT
@told
@click.option("--port", default=8000, show_default=True, help="Where the preview is served; 0 for any that is free.")
def serve(root: Path, is_verbose: bool, is_quiet: bool, port: int) -> None:
    """Show the web edition in a browser, and every save in the open page; end with Ctrl-C."""
    from evidencebook.preview import preview

    with telling.teller(root, is_verbose=is_verbose, is_quiet=is_quiet) as teller:
        preview.run(root, port, teller)


@main.command(context_settings={"ignore_unknown_options": True})
@ROOT
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def lab(root: Path, options: tuple[str, ...]) -> None:
    """Open the pages in JupyterLab, sentences with their numbers; OPTIONS are those of JupyterLab."""
    from evidencebook.lab import starting

    starting.start(root, options)


@main.command()
@ROOT
@told
@click.option(
    "--paper", type=click.Choice(["a4", "letter"]), default="a4", show_default=True, help="Size of the paper."
)
@click.option("--archive", "is_archival", is_flag=True, help="PDF/A-3 that carries the tables as attachments.")
def pdf(root: Path, is_verbose: bool, is_quiet: bool, paper: str, is_archival: bool) -> None:
    """Build the print edition, on other paper or for an archive if asked."""
    from evidencebook.edition import edition
    from evidencebook.editions.print import typesetting

    with telling.teller(root, is_verbose=is_verbose, is_quiet=is_quiet) as teller:
        _build(teller, "pdf")
        form = typesetting.Form(paper, is_archival)
        made = _path(root, "pdf")
        if form != typesetting.Form():
            source = typesetting.Source(root / "_build" / ".doctrees" / typesetting.FOLDER)
            made = made.with_name(form.file_name(made.stem))
            try:
                write_whole(made, typesetting.typeset(source, edition(root), form))
            except typesetting.NotSet as error:
                teller.note(str(error))
                raise click.ClickException(f"{made.name} could not be set; {teller.log} tells why") from None
        teller.say("To print", f"{made}")


@main.command()
@ROOT
@told
def epub(root: Path, is_verbose: bool, is_quiet: bool) -> None:
    """Build the e-book."""
    with telling.teller(root, is_verbose=is_verbose, is_quiet=is_quiet) as teller:
        _build(teller, "epub")
        teller.say("To read", f"{_path(root, 'epub')}")


@main.command()
@ROOT
@told
def pack(root: Path, is_verbose: bool, is_quiet: bool) -> None:
    """Build what is missing or stale, and put every edition, the tables and their checksums into one archive."""
    from evidencebook.edition import edition
    from evidencebook.editions import pack as packing

    with telling.teller(root, is_verbose=is_verbose, is_quiet=is_quiet) as teller:
        _check(teller)
        _build(teller, "pdf", "html", "epub")
        found = edition(root)
        made = root / "_build" / packing.file_name(found)
        write_whole(made, packing.pack(root, found))
        teller.say("Offline pack", f"{made}")


@main.command()
@ROOT
def verify(root: Path) -> None:
    """Build all editions twice under different conditions; exit 0 if they are the same to the last byte, else 1."""
    from evidencebook.edition import edition
    from evidencebook.upkeep import reproduction

    try:
        found = reproduction.compare(root)
    except reproduction.BuildFailed as error:
        click.echo(str(error), err=True)
        click.echo("One of the two builds failed; nothing was compared.", err=True)
        raise SystemExit(1) from None
    if not found.is_clock_shifted:
        click.echo("All were built at the same time: libfaketime is not installed (Debian: apt-get install faketime).")
    for name in found.different:
        click.echo(f"{name}: not the same in two builds", err=True)
    if found.different:
        raise SystemExit(1)
    click.echo(f"{found.files} files of all editions are the same in two builds: digest {edition(root).digest}.")


@main.command()
@ROOT
def links(root: Path) -> None:
    """Ask every address outside the report, as the built web edition names it, whether it still answers."""
    from evidencebook.editions.web import site
    from evidencebook.upkeep import links

    pages = site.read(root / "_build" / "html")
    if not pages:
        raise click.ClickException("there is no web edition to look through - run `evidencebook book` first")
    named: dict[str, list[str]] = {}
    for page in pages.values():
        for url in page.outside:
            named.setdefault(url.partition("#")[0], []).append(page.address)
    memory = links.Memory(root / "_build" / "links.json")
    answers = links.check(named, memory, lambda url, one: click.echo(f"{one.state:>11}  {url}  {one.detail}"))
    count = {state: sum(one.state == state for one in answers.values()) for state in links.STATES}
    click.echo(", ".join(f"{number} {state}" for state, number in count.items() if number) or "no addresses")
    for url, one in answers.items():
        if one.state == "gone":
            click.echo(f"{url}: gone ({one.detail}); named on {', '.join(sorted(set(named[url])))}", err=True)
    if count["refused"] or count["unreachable"]:
        click.echo("Refused or unreachable says nothing about the page: some hosts do not answer programs.")
    raise SystemExit(1 if count["gone"] else 0)


@main.command()
@ROOT
@click.option("--repeat", default=3, show_default=True, help="How often each way of building is measured.")
@click.option("--intake", "is_intake", is_flag=True, help="Measure only what intake finds in the articles at hand.")
@click.option("--large", is_flag=True, help="Measure 1, 8 and 64 chapters and 2,000 and 20,000 claims, once each.")
@click.option(
    "--to", "folder", type=click.Path(file_okay=False, path_type=Path), default=Path("docs"), show_default=True,
    help="Where the table, the chart and the numbers go.",
)  # fmt: skip
def bench(root: Path, repeat: int, large: bool, is_intake: bool, folder: Path) -> None:
    """Measure builds side by side with Jupyter Book's own ways, and compare them with the budgets."""
    if is_intake:
        return intake.measure(root)
    from evidencebook.upkeep.benchmark import measuring, report
    from evidencebook.upkeep.benchmark.sizes import Size

    sizes = [(Size(), repeat)]
    if large:
        # Once each: with stock, sixty-four chapters alone take a quarter of an hour.
        sizes += [(size, 1) for size in (Size(chapters=1), report.FEW, report.MANY, report.LARGE, report.LARGEST)]
    timings = measuring.Timings()
    command = f"evidencebook bench --repeat {repeat}{' --large' if large else ''}"
    for size, repetitions in sizes:
        measuring.measure(root, size, repetitions, timings, lambda line: click.echo(line, err=True))
        written = report.write(
            timings, folder, command
        )  # after each size: one that fails must not take the others along
    for path in written:
        click.echo(f"Wrote {path}.")


def _why(root: Path, page: str) -> None:
    from evidencebook.execution.decisions import FOLDER, read

    known = read(root / "_build" / ".doctrees" / FOLDER)
    page = page.removesuffix(".md")
    if page not in known:
        pages = ", ".join(known) or "none: nothing has been built yet"
        raise click.UsageError(f"nothing is known of {page}; the executed pages are {pages}")
    said = known[page]
    if said["reasons"]:
        click.echo(f"{page} was executed in {said['seconds']:.2f} s, because:")
        for reason in said["reasons"]:
            click.echo(f"  {reason}")
    else:
        click.echo(f"{page} was not executed: nothing that it looked at had changed.")


def _build(teller: telling.Teller, *kinds: str) -> None:
    """Build editions; one that cannot be made does not keep the others from being made, and fails the command."""
    failed = False
    moved = teller.root / "_build" / MOVED
    moved.unlink(missing_ok=True)
    for kind in kinds:
        try:
            telling.build(teller, kind)
        except telling.BuildFailed:
            failed = True
    if moved.is_file() and (line := moved.read_text("utf-8")):
        teller.say("Moved", line)
    if failed:
        raise SystemExit(1)


def _path(root: Path, kind: str) -> Path:
    """Return where an edition in one file lies."""
    from evidencebook.edition import edition

    return root / "_build" / kind / f"{edition(root).name}.{kind}"


for verb in (intake.add, intake.review, intake.accept, intake.claim):
    main.add_command(verb)

if __name__ == "__main__":
    main()
