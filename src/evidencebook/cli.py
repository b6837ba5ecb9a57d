"""Command line: the verbs that the Makefile calls."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import click

from evidencebook.problems import BadData

ROOT = click.option(
    "--root", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path(), show_default=True,
    help="Folder of the report.",
)  # fmt: skip


class Told(click.Group):
    """Commands that list the problems of data which they cannot use, instead of a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except BadData as error:
            raise SystemExit(_list(error.problems)) from None


@click.group(cls=Told, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="evidencebook")
def main() -> None:
    """Build and check a book in which every number comes from a row, and every row from a passage."""


@main.command()
@ROOT
@click.option("--fix", is_flag=True, help="Compute paragraph, offsets and hash of every passage from its fragment.")
def check(root: Path, fix: bool) -> None:
    """List every problem of tables, pages and figure modules; exit 0 if there is none, 1 if there are some."""
    from evidencebook import anchors, checking

    texts = anchors.texts_dir(root)
    if fix:
        click.echo(f"{(changed := anchors.fill(root, texts))} row{'s' * (changed != 1)} anchored anew.")
    report = checking.check(root, texts)
    if report.problems:
        raise SystemExit(_list(report.problems))
    rows = ", ".join(f"{count} {name}" for name, count in report.counts.items())
    click.echo(f"No problems: {rows}.")
    if report.anchors_unverified:
        click.echo(f"{report.anchors_unverified} anchors were not re-verified: their texts are not in {texts}.")
    if report.anchors_verified:
        click.echo(f"{report.anchors_verified} anchors verified against the texts.")
        click.echo(f"{report.values_verified} values verified: each stands in the words of its passage.")
    if report.exceptions:
        click.echo(f"{len(report.exceptions)} typed number{'s' * (len(report.exceptions) > 1)} justified:")
        for one in report.exceptions:
            click.echo(f'  {one.file}:{one.line}: "{one.words}" - {one.reason}')


def _list(problems: object) -> int:
    count = 0
    for problem in problems:  # type: ignore[attr-defined]
        click.echo(str(problem), err=True)
        count += 1
    click.echo(f"{count} problem{'s' * (count != 1)}.", err=True)
    return 1


@main.command()
@ROOT
def dictionary(root: Path) -> None:
    """Write data/README.md from data/datapackage.json."""
    from evidencebook import contract
    from evidencebook import dictionary as pages

    path = root / "data" / "README.md"
    path.write_text(pages.render(contract.load(root)), encoding="utf-8", newline="\n")
    click.echo(f"Wrote {path}.")


@main.command()
@ROOT
@click.option("--why", metavar="PAGE", help="Build nothing; say why the page was or was not executed the last time.")
@click.pass_context
def book(context: click.Context, root: Path, why: str | None) -> None:
    """Check the tables, execute the chapters, and build the web and the print edition."""
    if why is not None:
        return _why(root, why)
    _build(context, root, {"web edition": _jupyter_book, "print edition": _print})
    click.echo(f"\nWeb edition:   {root / '_build' / 'html' / 'index.html'}")
    click.echo(f"Print edition: {_pdf_path(root)}")


def _build(context: click.Context, root: Path, editions: Mapping[str, Callable[[Path], None]]) -> None:
    """Check the report and build editions by name, all of them even where one fails, and end if any did."""
    failed, steps = [], []
    for name, run in {"check": lambda root: context.invoke(check, root=root, fix=False), **editions}.items():
        start = time.perf_counter()
        try:
            run(root)
        except SystemExit:
            if name == "check":
                raise
            failed.append(name)
        steps.append((name, time.perf_counter() - start))
    made = _pdf_path(root)
    if not {"web edition", "print edition"}.intersection(failed):
        shutil.copyfile(made, root / "_build" / "html" / made.name)  # where the web edition's pages lead to
    click.echo("")
    for name, seconds in steps:
        click.echo(f"{name:>14}  {seconds:6.1f} s")
    if failed:
        click.echo(f"\nthe {' and the '.join(failed)} failed, for the reasons above", err=True)
        raise SystemExit(1)


@main.command()
@ROOT
@click.option(
    "--paper", type=click.Choice(["a4", "letter"]), default="a4", show_default=True, help="Size of the paper."
)
@click.option("--archive", "is_archival", is_flag=True, help="PDF/A-3 that carries the tables as attachments.")
def pdf(root: Path, paper: str, is_archival: bool) -> None:
    """Build the print edition, on other paper or for an archive if asked."""
    from evidencebook.editions import typesetting
    from evidencebook.editions.edition import edition

    _print(root)
    form = typesetting.Form(paper, is_archival)
    made = _pdf_path(root)
    if form != typesetting.Form():
        source = typesetting.Source(root / "_build" / ".doctrees" / typesetting.FOLDER)
        made = made.with_name(form.file_name(made.stem))
        made.write_bytes(typesetting.typeset(source, edition(root), form))
    click.echo(f"Print edition: {made}")


@main.command()
@ROOT
def epub(root: Path) -> None:
    """Build the e-book."""
    _ebook(root)
    click.echo(f"E-book: {_epub_path(root)}")


@main.command()
@ROOT
@click.pass_context
def pack(context: click.Context, root: Path) -> None:
    """Build what is missing or stale, and put every edition, the tables and their checksums into one archive."""
    from evidencebook.editions import pack as packing
    from evidencebook.editions.edition import edition

    _build(context, root, {"web edition": _jupyter_book, "print edition": _print, "e-book": _ebook})
    found = edition(root)
    made = root / "_build" / packing.file_name(found)
    made.write_bytes(packing.pack(root, found))
    click.echo(f"Offline pack:  {made}")


@main.command()
@ROOT
def verify(root: Path) -> None:
    """Build all editions twice under different conditions; exit 0 if they are the same to the last byte, else 1."""
    from evidencebook import reproduction
    from evidencebook.editions.edition import edition

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
    from evidencebook import outside
    from evidencebook.editions import site

    pages = site.read(root / "_build" / "html")
    if not pages:
        raise click.ClickException("there is no web edition to look through - run `evidencebook book` first")
    named: dict[str, list[str]] = {}
    for page in pages.values():
        for url in page.outside:
            named.setdefault(url.partition("#")[0], []).append(page.address)
    memory = outside.Memory(root / "_build" / "links.json")
    answers = outside.check(named, memory, lambda url, one: click.echo(f"{one.state:>11}  {url}  {one.detail}"))
    count = {state: sum(one.state == state for one in answers.values()) for state in outside.STATES}
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
@click.option("--large", is_flag=True, help="Measure 1, 8 and 64 chapters and 2,000 and 20,000 claims, once each.")
@click.option(
    "--to", "folder", type=click.Path(file_okay=False, path_type=Path), default=Path("docs"), show_default=True,
    help="Where the table, the chart and the numbers go.",
)  # fmt: skip
def bench(root: Path, repeat: int, large: bool, folder: Path) -> None:
    """Measure builds side by side with Jupyter Book's own ways, and compare them with the budgets."""
    from evidencebook.benchmark import measuring, report
    from evidencebook.benchmark.sizes import Size

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


def _print(root: Path) -> None:
    _jupyter_book(root, "--builder", "custom", "--custom-builder", "pdf")


def _pdf_path(root: Path) -> Path:
    from evidencebook.editions.edition import edition

    return root / "_build" / "pdf" / f"{edition(root).name}.pdf"


def _ebook(root: Path) -> None:
    _jupyter_book(root, "--builder", "custom", "--custom-builder", "epub")


def _epub_path(root: Path) -> Path:
    from evidencebook.editions.edition import edition

    return root / "_build" / "epub" / f"{edition(root).name}.epub"


def _jupyter_book(root: Path, *options: str) -> None:
    program = shutil.which("jupyter-book", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if program is None:
        raise click.ClickException(
            "jupyter-book is not in this environment - run make book, or pip install -r requirements.txt"
        )
    done = subprocess.run([program, "build", "-W", "-n", "--keep-going", *options, str(root)], check=False)
    if done.returncode:
        raise SystemExit(done.returncode)


if __name__ == "__main__":
    main()
