"""``python -m crawler`` is ``bacajuga``."""

from crawler.cli import main

if __name__ == "__main__":
    main()
