"""Who runs the crawler, told to every outlet."""

from __future__ import annotations

from scrapy.settings import BaseSettings


class ContactAddon:
    """Puts the setting CONTACT into the User-Agent, wherever it was given: file, environment or -s."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Fill in the contact, before anything reads the User-Agent."""
        agent = settings["USER_AGENT"].replace("{contact}", settings["CONTACT"])
        settings.set("USER_AGENT", agent, settings.getpriority("USER_AGENT") or 0)
