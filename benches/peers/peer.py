"""What the peers' scripts share: the corpus as our lossless export has it, and a clock.

Each script is called as `python NAME.py LINES.jsonl FOLDER OUT`: it makes its own dataset of the lines in OUT, then reads the one
that Pressmark wrote in FOLDER, and prints `write SECONDS` and `read SECONDS MARKS`. Starting Python and importing the
peer is not timed.
"""

import json
import sys
from pathlib import Path
from time import perf_counter

lines, folder, out = (Path(argument) for argument in sys.argv[1:4])


def layers():
    with open(lines, encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def name(mark):
    return mark.get("attributes", {}).get("type", mark["label"])


def timed(what, work):
    began = perf_counter()
    found = work()
    print(what, f"{perf_counter() - began:.3f}", "" if found is None else found, flush=True)
