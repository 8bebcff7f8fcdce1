"""What the sites of KapanLagi Youniverse share: Liputan6, Merdeka, KapanLagi, Fimela, Bola.com ..."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from crawler.outlet import Outlet

if TYPE_CHECKING:
    from crawler.reading.page import Rules


class KapanLagiYouniverse(Outlet):
    """Markup of 2016, 2020 and 2026, and of the short-lived "today" sites."""

    entries = (
        "article.articles--iridescent-list--item",
        "article.articles--rows--item",
        "li.article__item",
    )

    date = (
        "time.read-page--header__datetime", "time.read-page--header--author__datetime",
        "span.article-header__datetime", "p.read-page--header--author__datetime-wrapper",
        "span.read-page-box__author__updated", "div.mdk-date-reporter", "#mdk-body-news-reporter",
        "span.newsdetail-schedule-new", "span.newsdetail-schedule", "#detail-headline span.time",
        "span.time",
    )  # fmt: skip
    modified: ClassVar[Rules] = (
        "div.article-header__modified-time",
        "span.read-page-box__author__modified",
        "ld:dateModified",
    )
    headline = (
        "h1.read-page--header__title", "h1.read-page--header--title", "h1.article-header__title",
        "h1.articles-content__title", "#detail-headline h2", "h1",
    )  # fmt: skip
    deck = (
        "p.read-page--header__subtitle", "div.read-page--header--description",
        "p.articles-content__sinopsis", "div.detail-img p.detail-img-copyright", "div.detail-img > p",
    )  # fmt: skip
    byline = (
        "li.article-credits__item",
        "ul.read-page--credits__list",
        "div.mdk-date-reporter",
        "#mdk-body-news-reporter",
    )
    author = (
        "span.read-page--header__author", "span.read-page--header--author__name",
        "a.read-page--header--author__link", "span.article-header__authors",
        "a.read-page-box__author__name", "a[data-tracking=author_name]",
    )  # fmt: skip
    body = (
        "div.article-content-body", "div.text-detail", "div.articles-content__body", "div.mdk-news-body",
        "#mdk-body-newsarea", "div.mdk-body-paragraph", "#v6-revb-detailnews",
        "div.entertainment-detail-news", "div.detail-paragraph",
    )  # fmt: skip
    noise = (
        "div.article-content-body__break", "div.advertisement-text", "div.advertisement-placeholder",
        "div.seamless-ads", "div.article-ad", "div.article-photo-gallery--item",
        "div.article-video-gallery--item", "div.imagecontent", "div.mdk-date-reporter", "p.read-too",
        "div.page-number", "div.box_shortcut", "div.v7-tags-terkait-warper",
        "div.entertainment-newsdetail-image-caption", "#kl-social-mobile", "div.imageinfo",
    )  # fmt: skip
    read_also = ("div.baca-juga", "div.baca-juga-collections", "div.bg-primary-50")
    tags: ClassVar[Rules] = (
        "ul.tag__list a", "span.tags--snippet__name", "ul.tags--snippet__list a",
        "div.tags-articles a", "meta:news_keywords",
        "meta:keywords",
    )  # fmt: skip
    image = (
        "figure.read-page--photo-gallery--item::attr(data-image)",
        "div.article-photo-gallery--item_full img", "div.mdk-news-img figure img",
        "#mdk-body-news-detimg img", "div.articles-content__image-container img",
        "div.entertainment-newsdetail-headlineimg img", "meta:og:image",
    )  # fmt: skip
    caption = (
        "figure.read-page--photo-gallery--item figcaption", "div.article-photo-gallery--item__description",
        "span.mdk-news-img-copyright", "#mdk-body-news-caption",
        "figure.articles-content__image figcaption",
        "div.entertainment-newsdetail-headlineimg div.copyright",
    )  # fmt: skip
    section: ClassVar[Rules] = (
        "ul.breadcrumb li a", "ul.read-page--breadcrumb li a", "nav.breadcrumb-navigation li",
        "a.newsdetail-categorylink",
    )  # fmt: skip
