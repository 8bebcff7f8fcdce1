"""The link graph as GEXF 1.2 (https://gexf.net/1.2/) and GraphML (http://graphml.graphdrawing.org/).

Nodes are stories, those included that are only linked to; edges are the read-also links that stories print.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from io import TextIOWrapper
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

from crawler import __version__
from crawler.export.columns import EDGE_COLUMNS, NODE_COLUMNS, Column, Kind
from crawler.export.csv_file import cell, writable
from crawler.export.forms import Format
from crawler.export.packing import packed, unpacked

_NODE_ATTRIBUTES = tuple(column for column in NODE_COLUMNS if column.name not in ("article_key", "label"))
_EDGE_ATTRIBUTES = tuple(
    column for column in EDGE_COLUMNS if column.name not in ("source", "target", "label")
)
# GEXF and GraphML call them the same, but for whole numbers.
_TYPES = {Kind.NUMBER: "double", Kind.FLAG: "boolean"}


def write_graph(
    file: IO[bytes], form: Format, parts: Iterable[object], *, made_at: datetime | None = None
) -> tuple[int, int]:
    """Write nodes and edges, each edge given after the nodes that it joins; return how many of each.

    In GEXF a story begins on the day of its publication, so that a timeline can show how the story grew; one
    whose day is not known is always there. A link has the moments when it was first and last seen as
    attributes: they tell of the crawl, and not of the day when it was printed.

    Args:
        file: where the bytes go.
        form: GEXF or GraphML.
        parts: objects with the attributes of NODE_COLUMNS, or of EDGE_COLUMNS.
        made_at: the day that a GEXF file bears, for files that have to be the same again; None for today.
    """
    text = TextIOWrapper(file, encoding="utf-8", newline="\n")
    is_gexf = form is Format.GEXF
    write_node, write_edge = (_gexf_node, _gexf_edge) if is_gexf else (_graphml_node, _graphml_edge)
    begin, between, end = _gexf_frame(made_at) if is_gexf else _graphml_frame()
    nodes = edges = 0
    try:
        # Both formats take the nodes first; edges wait in a file.
        with tempfile.TemporaryFile() as spool:
            text.write(begin)
            for part in parts:
                if hasattr(part, "source"):
                    spool.write(packed(EDGE_COLUMNS, part).encode() + b"\n")
                else:
                    text.write(write_node(part))
                    nodes += 1
            text.write(between)
            spool.seek(0)
            for line in spool:
                text.write(write_edge(unpacked(EDGE_COLUMNS, line), edges))
                edges += 1
            text.write(end)
        text.flush()
    finally:
        text.detach()
    return nodes, edges


def _gexf_frame(made_at: datetime | None) -> tuple[str, str, str]:
    day = (made_at or datetime.now(UTC)).date()
    begin = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">\n'
        f'<meta lastmodifieddate="{day}"><creator>bacajuga {__version__}</creator>'
        "<description>Stories and the read-also links between them</description></meta>\n"
        '<graph defaultedgetype="directed" mode="dynamic" timeformat="date">\n'
        f"{_gexf_attributes('node', _NODE_ATTRIBUTES)}{_gexf_attributes('edge', _EDGE_ATTRIBUTES)}<nodes>\n"
    )
    return begin, "</nodes>\n<edges>\n", "</edges>\n</graph>\n</gexf>\n"


def _gexf_attributes(of: str, columns: Sequence[Column]) -> str:
    lines = [
        f'<attribute id="{column.name}" title="{column.name}" type="{_type(column, "integer")}"/>\n'
        for column in columns
    ]
    return f'<attributes class="{of}" mode="static">\n{"".join(lines)}</attributes>\n'


def _gexf_node(node: Any) -> str:
    start = f' start="{node.published_at.date()}"' if node.published_at is not None else ""
    values = _values(node, _NODE_ATTRIBUTES, _gexf_value)
    label = _quoted(node.label or node.url)
    return f"<node id={_quoted(node.article_key)} label={label}{start}>{_attvalues(values)}</node>\n"


def _gexf_edge(edge: Any, number: int) -> str:
    label = f" label={_quoted(edge.label)}" if edge.label else ""
    ends = f"source={_quoted(edge.source)} target={_quoted(edge.target)}"
    return (
        f'<edge id="{number}" {ends}{label}>'
        f"{_attvalues(_values(edge, _EDGE_ATTRIBUTES, _gexf_value))}</edge>\n"
    )


def _attvalues(values: str) -> str:
    return f"<attvalues>{values}</attvalues>" if values else ""


def _gexf_value(name: str, value: str) -> str:
    return f'<attvalue for="{name}" value={_quoted(value)}/>'


def _graphml_frame() -> tuple[str, str, str]:
    label = Column("label", "")
    keys = [
        f'<key id="{of}-{column.name}" for="{of}" attr.name="{column.name}"'
        f' attr.type="{_type(column, "int")}"/>\n'
        for of, columns in (("node", (label, *_NODE_ATTRIBUTES)), ("edge", (label, *_EDGE_ATTRIBUTES)))
        for column in columns
    ]
    begin = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
        f'{"".join(keys)}<graph edgedefault="directed">\n'
    )
    return begin, "", "</graph>\n</graphml>\n"


def _graphml_node(node: Any) -> str:
    values = _values(node, _NODE_ATTRIBUTES, _graphml_node_value)
    label = _graphml_node_value("label", writable(node.label or node.url))
    return f"<node id={_quoted(node.article_key)}>{label}{values}</node>\n"


def _graphml_edge(edge: Any, number: int) -> str:
    values = _values(edge, _EDGE_ATTRIBUTES, _graphml_edge_value)
    label = _graphml_edge_value("label", writable(edge.label)) if edge.label else ""
    ends = f"source={_quoted(edge.source)} target={_quoted(edge.target)}"
    return f'<edge id="{number}" {ends}>{label}{values}</edge>\n'


def _graphml_node_value(name: str, value: str) -> str:
    return f'<data key="node-{name}">{escape(value)}</data>'


def _graphml_edge_value(name: str, value: str) -> str:
    return f'<data key="edge-{name}">{escape(value)}</data>'


def _values(part: Any, columns: Sequence[Column], write: Callable[[str, str], str]) -> str:
    found = [(column.name, getattr(part, column.name)) for column in columns]
    return "".join(write(name, _text(value)) for name, value in found if value is not None)


def _text(value: Any) -> str:
    # Nothing runs a text here: no apostrophe before what looks like a formula.
    return writable(value) if isinstance(value, str) else cell(value)


def _quoted(text: str) -> str:
    return quoteattr(writable(text))


def _type(column: Column, whole: str) -> str:
    return whole if column.kind is Kind.INTEGER else _TYPES.get(column.kind, "string")
