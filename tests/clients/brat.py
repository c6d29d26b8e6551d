"""bioc's reader of brat's files against the lossless export: python brat.py LINES.jsonl FOLDER."""

import json
import sys
from collections import Counter
from pathlib import Path

from bioc import brat

lines, folder = Path(sys.argv[1]), Path(sys.argv[2])
letters = lambda text: "".join(text.split())
documents = marks = links = 0
for line in lines.read_text(encoding="utf-8").splitlines():
    wanted = json.loads(line)
    stem = folder / wanted["file"].rsplit(".", 1)[0]
    # newline="": Python must not fold line ends, or offsets would be off.
    with open(f"{stem}.txt", encoding="utf-8", newline="") as text, open(f"{stem}.ann", encoding="utf-8", newline="") as ann:
        found = brat.load(text, ann)
    text = Path(f"{stem}.txt").read_bytes().decode("utf-8")
    assert "\r" not in text and letters(text) == letters(wanted["text"]), stem
    entities = {}
    for entity in found.entities:
        places = sorted((place.begin, place.end) for place in entity.locations)
        said = " ".join(text[start:end] for start, end in places)
        assert said == entity.text, (stem, entity.id, said, entity.text)
        entities[entity.id] = (entity.type, letters(said))
    name = lambda mark: mark.get("attributes", {}).get("type", mark["label"])
    said = {mark["id"]: (name(mark), letters("".join(span[2] for span in mark["spans"]))) for mark in wanted["annotations"]}
    assert Counter(entities.values()) == Counter(said.values()), stem
    ends = [(r.type, entities[r.arguments["Arg1"]], entities[r.arguments["Arg2"]]) for r in found.relations]
    between = [r for r in wanted["relations"] if r["to"] != "author"]
    assert Counter(ends) == Counter((r["label"], said[r["from"]], said[r["to"]]) for r in between), stem
    documents, marks, links = documents + 1, marks + len(entities), links + len(ends)
assert documents and marks and links
print(f"ok: bioc {documents} articles, {marks} marks, {links} links of {folder.name}")
