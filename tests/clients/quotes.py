"""bioc's reader of brat's events against the lossless export: python quotes.py LINES.jsonl FOLDER."""

import json
import sys
from collections import Counter
from pathlib import Path

from bioc import brat

lines, folder = Path(sys.argv[1]), Path(sys.argv[2])
letters = lambda text: "".join(text.split())
rows = [json.loads(line) for line in (folder / "quotes.jsonl").read_text(encoding="utf-8").splitlines()]
total = 0
for line in lines.read_text(encoding="utf-8").split("\n"):
    if not line:
        continue
    wanted = json.loads(line)
    marks = {mark["id"]: mark for mark in wanted["annotations"]}
    words = lambda mark: letters("".join(span[2] for span in mark["spans"]))
    linked = lambda mark, label: tuple(
        sorted(words(marks[r["to"]]) for r in wanted["relations"] if r["from"] == mark["id"] and r["label"] == label and r["to"] in marks)
    )
    said = Counter((linked(mark, "speaker"), linked(mark, "cue"), words(mark)) for mark in marks.values() if mark["label"] == "quote")
    stem = folder / wanted["file"].rsplit(".", 1)[0]
    with open(f"{stem}.txt", encoding="utf-8", newline="") as text, open(f"{stem}.ann", encoding="utf-8", newline="") as ann:
        found = brat.load(text, ann)
    text = Path(f"{stem}.txt").read_bytes().decode("utf-8")
    entities = {entity.id: entity for entity in found.entities}
    for entity in found.entities:
        places = sorted((place.begin, place.end) for place in entity.locations)
        assert " ".join(text[start:end] for start, end in places) == entity.text, (stem, entity.id)
    part = lambda event, role: tuple(
        sorted(letters(entities[end].text) for name, end in event.arguments.items() if name.rstrip("0123456789") == role)
    )
    events = Counter((part(event, "Source"), part(event, "Cue"), part(event, "Content")[0]) for event in found.events)
    assert events == said, stem
    own = [row for row in rows if row["article"] == wanted["file"]]
    spans = [span for row in own for role in ("source", "cue", "content") for span in row[role]]
    assert all(text[span["start"] : span["end"]] == span["text"] for span in spans), stem
    assert Counter(letters("".join(s["text"] for s in row["content"])) for row in own) == Counter(key[2] for key in said.elements())
    total += len(own)
assert total == len(rows) and total
print(f"ok: bioc's brat reader and rows, {total} attributions of {folder.name}")
