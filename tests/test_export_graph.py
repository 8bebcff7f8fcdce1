"""The graph of stories and links, as networkx loads it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import networkx
import pytest

from crawler.export.forms import Format, Table
from crawler.store.answers.story_graph import GraphEdge, GraphNode, stored_graph
from crawler.store.database import Store
from crawler.store.story.story_filter import StoryFilter
from tests import stories
from tests.exports import EVERYTHING, WIB, fill_with_everything, written


@pytest.fixture
def filled(store: Store) -> Store:
    return fill_with_everything(store)


@pytest.mark.parametrize("form", [Format.GEXF, Format.GRAPHML])
def test_networkx_loads_the_graph_with_its_attributes(filled: Store, form: Format, tmp_path: Path) -> None:
    path = written(filled, Table.GRAPH, tmp_path, form)
    graph = networkx.read_gexf(path) if form is Format.GEXF else networkx.read_graphml(path)
    parts = list(stored_graph(filled, EVERYTHING))
    nodes = {part.article_key: part for part in parts if isinstance(part, GraphNode)}
    edges = [part for part in parts if isinstance(part, GraphEdge)]
    assert set(graph.nodes) == set(nodes)
    assert graph.number_of_edges() == len(edges) == 6
    assert graph.is_directed()
    for key, node in nodes.items():
        found = graph.nodes[key]
        assert found["label"] == node.label
        assert (found["url"], found["outlet"]) == (node.url, node.outlet)
        assert (found["is_stored"], found["is_selected"]) == (node.is_stored, node.is_selected)
        assert found.get("published_at") == (node.published_at.isoformat() if node.published_at else None)
        assert found.get("relevance") == node.relevance
        assert found.get("topics", "") == "; ".join(node.topics)
    for edge in edges:
        found = graph.edges[edge.source, edge.target]
        assert (found["label"], found["anchor_text"]) == (edge.label, edge.anchor_text)
        assert found["position"] == edge.position
        assert found["first_seen_at"] == edge.first_seen_at.isoformat()
        assert found["last_seen_at"] == edge.last_seen_at.isoformat()
    unread = graph.nodes[stories.key(stories.BELOW_FLOOR)]
    assert unread["is_stored"] is False
    assert unread["label"] == "Jadwal final"


def test_gexf_has_a_timeline(filled: Store, tmp_path: Path) -> None:
    graph = networkx.read_gexf(written(filled, Table.GRAPH, tmp_path, Format.GEXF))
    assert graph.graph["mode"] == "dynamic"
    assert graph.nodes[stories.key(stories.SECOND)]["start"] == "2021-05-22"
    assert "start" not in graph.nodes[stories.key(stories.BELOW_FLOOR)]


def test_the_same_link_twice_is_two_edges(filled: Store, tmp_path: Path) -> None:
    with filled.write() as connection:
        stories.add_link(connection, 2, "https://m.tribunnews.com/nasional/2021/05/25/bareskrim-periksa-dirut-bpjs",
                         "Dirut", position=9)  # fmt: skip
    for form, read in ((Format.GEXF, networkx.read_gexf), (Format.GRAPHML, networkx.read_graphml)):
        graph = read(written(filled, Table.GRAPH, tmp_path, form))
        assert graph.number_of_edges() == 7


def test_a_graph_of_some_stories_says_which_were_asked_for(filled: Store) -> None:
    wanted = StoryFilter(until=datetime(2021, 5, 22, tzinfo=WIB))
    nodes = {part.url: part for part in stored_graph(filled, wanted) if isinstance(part, GraphNode)}
    assert nodes[stories.SEED].is_selected
    assert not nodes[stories.SECOND].is_selected
    assert nodes[stories.SECOND].is_stored
    assert (
        nodes[stories.SECOND].label == "Judul 1"
        or nodes[stories.SECOND].label == "Kominfo Blokir Raid Forums"
    )
    assert nodes[stories.SECOND].relevance == 0.9
    assert not nodes[stories.BELOW_FLOOR].is_stored


def test_a_story_of_two_topics_is_one_node(filled: Store) -> None:
    with filled.write() as connection:
        stories.add_topic(connection, 1, "bpjs", relevance=0.95)
    found = [part for part in stored_graph(filled, EVERYTHING) if getattr(part, "url", "") == stories.SEED]
    assert len(found) == 1
    assert (found[0].topics, found[0].relevance) == (["bpjs", stories.TOPIC], 0.95)  # type: ignore[union-attr]
