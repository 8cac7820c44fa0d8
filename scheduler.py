"""The unattended service, as `huimin scheduler` is: run it and leave it alone."""

from __future__ import annotations

import sys

from huimin_flow.entry import run

if __name__ == "__main__":
    run(["scheduler", *sys.argv[1:]])
