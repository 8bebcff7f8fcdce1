"""The answers to "why", the chain from the seed, a step deeper with each link, and to "why not"."""

from __future__ import annotations

from rich.text import Text

from crawler.cli.terminal import hanging, one_line, stdout
from crawler.items import PageKind, Zone
from crawler.store.answers.chain import KIND_NAMES, Hop
from crawler.store.answers.explain import Explanation, Finding
from crawler.store.answers.why_not import WhyNot

MAX_STEPS_IN = 8  # a long chain goes straight down from here
HOPS_SHOWN = 12  # of a longer chain, its first and last ones
PHRASES_SHOWN = 6
MARKS: dict[str, str] = {Zone.LIST: "listed", Zone.TAG: "tag", Zone.DISCOVERY: "offered by the outlet"}
PLAIN, DIM, BOLD, ACCENT = "not bold not dim", "not bold dim", "bold not dim", "cyan not bold not dim"
COLOURS = {"on_topic": "green"} | dict.fromkeys(("queued", "waiting", "being_fetched", "listing"), "yellow")


def print_why(explanation: Explanation) -> None:
    """Print the explanation, fitted to the window."""
    console = stdout()
    console.print(why_page(explanation, console.width), soft_wrap=True)


def print_why_not(result: WhyNot) -> None:
    """Print a paragraph a topic, fitted to the window."""
    console = stdout()
    # Piped, a paragraph is a line.
    width = min(console.width, 100) if console.is_terminal else console.width
    paragraphs = [(each.topic, each.paragraph) for each in result.answers] if result.is_known else []
    if result.advice:
        paragraphs = [("", result.advice)]
    for name, paragraph in paragraphs:
        mark = f"{one_line(name)}: " if name else ""
        console.print(f"{mark}{hanging(paragraph, len(mark), width)}", soft_wrap=True)


def why_page(explanation: Explanation, width: int) -> Text:
    """Return the explanation as a page of that width."""
    page = Text(hanging(explanation.title or explanation.url, 0, width), style="bold")
    if explanation.story_url is not None:
        page.append(f"\n{one_line(explanation.story_url)}", style=DIM)
    if not explanation.findings:
        page.append("\nnothing has been crawled with this database yet", style=PLAIN)
    for finding in explanation.findings:
        _add_finding(page, finding, width)
    return page


def _add_finding(page: Text, finding: Finding, width: int) -> None:
    topic = f"{one_line(finding.topic)}: "
    page.append(f"\n\n{topic}", style=BOLD)
    page.append(
        hanging(finding.reason, len(topic), width), style=f"{COLOURS.get(finding.verdict, 'red')} not bold"
    )
    if finding.found and finding.chain[-1].zone not in (None, Zone.BODY):
        page.append(f"\n  {hanging(finding.found, 2, width)}", style=DIM)
    if finding.redirected_to:
        page.append(f"\n  redirects to {one_line(finding.redirected_to)}", style=DIM)
    hidden = range(HOPS_SHOWN // 2, len(finding.chain) - HOPS_SHOWN // 2)
    for number, hop in enumerate(finding.chain):
        if number not in hidden:
            _add_hop(page, hop, 2 + 2 * min(number, MAX_STEPS_IN), width)
        elif number == hidden.start:
            page.append(f"\n{' ' * (2 + 2 * MAX_STEPS_IN)}... {len(hidden)} more ...", style=DIM)
    _add_referrers(page, finding, width)


def _add_hop(page: Text, hop: Hop, indent: int, width: int) -> None:
    says_title = hop.title is None or one_line(hop.anchor_text).lower() != one_line(hop.title).lower()
    if hop.link_score is not None:
        mark = f"└ {_mark(hop)}: "
        page.append(f"\n{' ' * indent}{mark}", style=ACCENT)
        quote = hanging(f"“{hop.anchor_text or ''}”", indent + len(mark), width)
        page.append(quote, style=PLAIN if says_title else BOLD)
        indent += 2
    if hop.title is not None and says_title:
        mark = "seed " if hop.is_seed else ""
        page.append(f"\n{' ' * indent}{mark}", style=ACCENT)
        page.append(hanging(hop.title, indent + len(mark), width), style=BOLD)
    elif hop.is_seed:
        page.append(f"\n{' ' * indent}seed", style=ACCENT)
    if hop.kind != PageKind.STORY:
        page.append(f"\n{' ' * indent}{KIND_NAMES[hop.kind]}", style=BOLD)
    page.append(f"\n{' ' * indent}{one_line(hop.url)}", style=DIM)
    scores = _scores(hop)
    if scores:
        page.append(f"\n{' ' * indent}{hanging(scores, indent, width)}", style=DIM)


def _mark(hop: Hop) -> str:
    """Return what kind of link led to the page: its label, or where it stood."""
    return one_line(hop.label) or MARKS.get(hop.zone or "", "link")


def _scores(hop: Hop) -> str:
    named = (("link", hop.link_score), ("anchor", hop.anchor_score), ("relevance", hop.relevance))
    scores = ", ".join(f"{name} {score:.2f}" for name, score in named if score is not None)
    return f"{scores}: {', '.join(hop.matched[:PHRASES_SHOWN])}" if hop.matched else scores


def _add_referrers(page: Text, finding: Finding, width: int) -> None:
    """List the pages that link here, but for those that the chain shows already."""
    shown = {hop.url for hop in finding.chain}
    others = [each for each in finding.referrers if each.url not in shown]
    if others:
        page.append("\n  also linked from", style=PLAIN)
    for each in others:
        page.append(f"\n    {one_line(each.url)}", style=DIM)
        page.append(
            f"\n      {hanging(f'“{each.anchor_text}”', 6, width)} {each.anchor_score:.2f}", style=DIM
        )
