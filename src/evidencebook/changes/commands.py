"""Verbs of the command line that tell what moved."""

from __future__ import annotations

from pathlib import Path

import click

from evidencebook.build import telling
from evidencebook.tables.files import write_whole

ROOT = click.option(
    "--root", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path(), show_default=True,
    help="Folder of the report.",
)  # fmt: skip


@click.command()
@ROOT
@click.argument("base")
@click.option("--html", "as_html", is_flag=True, help="Write _build/changes.html, with figures side by side.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Tell it in Markdown, as for a change log.")
def diff(root: Path, base: str, as_html: bool, as_markdown: bool) -> None:
    """Tell what moved since BASE: values, sentences, figures and the rows that moved them.

    BASE is a revision of git, the version or digest of an edition, or the file of a manifest.
    """
    from evidencebook.changes import bases, page
    from evidencebook.changes import telling as shown
    from evidencebook.changes.comparing import Difference
    from evidencebook.changes.manifest import Kept
    from evidencebook.edition import edition

    kept = Kept(root / "_build")
    try:
        before = bases.find(root, base, lambda line: click.echo(line, err=True))
    except bases.NoBase as error:
        raise click.ClickException(str(error)) from None
    if (after := kept.of(edition(root).digest)) is None:
        click.echo("Building the web edition, whose tables or pages were edited since it was made.", err=True)
        with telling.teller(root, is_quiet=True) as teller:
            try:
                telling.build(teller, "html")
            except telling.BuildFailed:
                raise SystemExit(1) from None
        after = kept.of(edition(root).digest)
    if after is None:  # a book without tables has no manifest
        raise click.ClickException("the build kept no manifest - is there a data/datapackage.json?")
    difference = Difference(before, after)
    for line in shown.markdown(difference) if as_markdown else shown.text(difference):
        click.echo(line)
    if as_html:
        path = root / "_build" / page.PAGE
        write_whole(path, page.page(difference, at="html").encode())
        click.echo(f"To see: {path}", err=True)


COMMANDS = (diff,)
