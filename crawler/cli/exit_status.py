"""What the exit status of ``bacajuga`` tells a script."""

from __future__ import annotations

OK = 0  # done
ERROR = 1  # something to mend; the last line on stderr says what
USAGE = 2  # the command line itself is wrong
NOTHING_FOUND = 3  # all went well, but there is no story
UNREACHABLE = 4  # the hosts do not answer, or only with errors of their own
BROKEN_OUTLET = 5  # an outlet looks as if it had changed its pages
BLOCKED = 6  # the outlets would not have us
FORBIDDEN = 7  # robots.txt does not allow it
GONE = 8  # the pages are not there any more
INTERRUPTED = 130  # Ctrl-C
OUTPUT_CLOSED = 141  # whoever read our output stopped, as in "bacajuga ... | head"
