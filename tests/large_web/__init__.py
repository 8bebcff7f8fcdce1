"""The large sample web: some 420 stories on eight outlets, for measuring how well a crawl keeps to a topic.

    with SampleWeb(site=large_web()) as web:
        ...
    large_truth()  # what there is, what can be reached and how

A package of tests and benchmarks only; it prints its pages with the code and layouts of ``crawler.demo``.
"""

from tests.large_web.site import LargeSite, large_web
from tests.large_web.truth import LargeTruth, large_truth

__all__ = ["LargeSite", "LargeTruth", "large_truth", "large_web"]
