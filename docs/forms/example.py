"""`{example}`: the source of a form of content, and what comes of it."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class Example(SphinxDirective):
    """Shows what it holds as source, and then the thing itself."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        source = nodes.literal_block(text="\n".join(self.content), language="markdown")
        self.set_source_info(source)
        shown = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, shown, match_titles=True)
        return [source, *shown.children]


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("example", Example)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
