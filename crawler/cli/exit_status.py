"""What the exit status of ``bacajuga`` tells a script."""

from __future__ import annotations

OK = 0  # done
ERROR = 1  # something to mend; the last line on stderr says what
USAGE = 2  # the command line itself is wrong
NOTHING_FOUND = 3  # all went well, but there is no story
UNREACHABLE = 4  # blocked, or the host is down
BROKEN_OUTLET = 5  # an outlet looks as if it had changed its pages
INTERRUPTED = 130  # Ctrl-C
OUTPUT_CLOSED = 141  # whoever read our output stopped, as in "bacajuga ... | head"
