"""For work on the project: everything is logged, and nothing outside the sample web is asked."""

from settings.base import *  # noqa: F403

LOG_LEVEL = "DEBUG"
HOST_DELAY = 0.2
