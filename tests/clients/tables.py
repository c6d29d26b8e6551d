"""Python's csv and pandas on our tables against the lossless export: python tables.py LINES.jsonl FOLDER."""

import csv
import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pandas

lines, folder = Path(sys.argv[1]), Path(sys.argv[2])


def as_it_was(cell):
    bare = cell.lstrip("'")
    return cell[1:] if cell.startswith("'") and bare[:1] and bare[0] in "=+-@\t\r" else cell


def rows(name):
    with open(folder / name, encoding="utf-8", newline="") as file:
        raw = list(csv.DictReader(file, strict=True))
    for row in raw:
        assert None not in row and not any(cell[:1] in set("=+-@\t\r") for cell in row.values()), row
    # pandas parts the cells in the same places.
    frame = pandas.read_csv(folder / name, dtype=str, keep_default_na=False)
    assert frame.to_dict("records") == raw, name
    return [{column: as_it_was(cell) for column, cell in row.items()} for row in raw]


for name in ["articles.csv", "annotations.csv", "relations.csv"]:
    data = (folder / name).read_bytes()
    data.decode("utf-8")
    assert data.endswith(b"\r\n") and not data.startswith(b"\xef\xbb\xbf")
articles = {(row["file"], row["annotator"]): row for row in rows("articles.csv")}
annotations, relations = defaultdict(list), defaultdict(list)
for row in rows("annotations.csv"):
    annotations[row["file"], row["annotator"]].append(row)
for row in rows("relations.csv"):
    relations[row["file"], row["annotator"]].append(row)
numbers = pandas.read_csv(folder / "annotations.csv", keep_default_na=False)
assert numbers["start"].dtype.kind == "i" and (numbers["start"] < numbers["end"]).all()
documents = marks = links = 0
for line in lines.read_text(encoding="utf-8").splitlines():
    wanted = json.loads(line)
    key = wanted["file"], wanted["annotator"]
    text = articles.pop(key)["text"]
    assert "\r" not in text and text.split() == wanted["text"].split(), key
    found = {}
    for row in annotations.pop(key, []):
        spans = [tuple(map(int, pair.split(":"))) for pair in row["spans"].split()]
        said = [text[start:end] for start, end in spans]
        assert " ".join(said) == row["text"] and (int(row["start"]), int(row["end"])) == (spans[0][0], spans[-1][1]), row
        attributes = json.loads(row["attributes"] or "{}") | ({"type": row["type"]} if row["type"] else {})
        found[row["id"]] = (row["label"], ["".join(part.split()) for part in said], attributes, row["note"], row["unsure"] == "yes")
    own = {
        mark["id"]: (
            mark["label"],
            ["".join(span[2].split()) for span in mark["spans"]],
            mark.get("attributes", {}),
            mark.get("note", ""),
            mark.get("unsure", False),
        )
        for mark in wanted["annotations"]
        if "orphan" not in mark
    }
    assert found == own, key
    there = relations.pop(key, [])
    ends = Counter((row["id"], row["label"], row["from"], row["to"], row["note"], row["attributes"] or "{}") for row in there)
    shown = lambda link: json.dumps(link.get("attributes", {}), ensure_ascii=False, separators=(",", ":"))
    assert ends == Counter((r["id"], r["label"], r["from"], r["to"], r.get("note", ""), shown(r)) for r in wanted["relations"]), key
    documents, marks, links = documents + 1, marks + len(found), links + len(there)
assert not articles and not annotations and not relations and documents and marks and links
print(f"ok: csv, pandas {pandas.__version__} {documents} articles, {marks} marks, {links} links of {folder.name}")
