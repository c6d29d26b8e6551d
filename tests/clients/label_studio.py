"""label-studio-sdk on our tasks against the lossless export: python label_studio.py LINES.jsonl FOLDER."""

import json
import sys
import tempfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

from label_studio_sdk.converter import Converter
from label_studio_sdk.label_interface import LabelInterface

lines, folder = Path(sys.argv[1]), Path(sys.argv[2])
config = (folder / "config.xml").read_text(encoding="utf-8")
interface = LabelInterface(config)
interface.validate()
tasks = {}
for task in json.loads((folder / "tasks.json").read_text(encoding="utf-8")):
    tasks[task["data"]["file"], task["data"]["annotator"]] = task
relation_labels = {relation.get("value") for relation in ElementTree.fromstring(config).iter("Relation")}
documents = marks = links = 0
for line in lines.read_text(encoding="utf-8").splitlines():
    wanted = json.loads(line)
    task = tasks.pop((wanted["file"], wanted["annotator"]))
    text = task["data"]["text"]
    errors = interface._validate_object(task["annotations"][0], return_errors=True)
    assert not errors, (wanted["file"], errors)
    assert "\r" not in text and text.split() == wanted["text"].split(), wanted["file"]
    rows = task["annotations"][0]["result"]
    found, pieces = {}, {}
    for row in rows:
        value = row.get("value", {})
        if row["type"] == "relation":
            assert set(row["labels"]) <= relation_labels, row
        if row["type"] == "labels":
            said = text[value["start"] : value["end"]]
            assert said == value["text"], row
            found[row["id"]] = (value["labels"][0], [said])
    for row in rows:
        if row["type"] == "relation" and row["labels"] == ["next piece"]:
            first = pieces.get(row["from_id"], row["from_id"])
            pieces[row["to_id"]] = first
            found[first][1].extend(found.pop(row["to_id"])[1])
    letters = lambda parts: tuple("".join(part.split()) for part in parts)
    name = lambda mark: mark.get("attributes", {}).get("type", mark["label"])
    placed = [mark for mark in wanted["annotations"] if "orphan" not in mark]
    said = {mark["id"]: (name(mark), letters(span[2] for span in mark["spans"])) for mark in placed}
    assert {id: (label, letters(parts)) for id, (label, parts) in found.items()} == said, wanted["file"]
    ends = Counter((label, row["from_id"], row["to_id"]) for row in rows if row["type"] == "relation" for label in row["labels"])
    between = [r for r in wanted["relations"] if r["to"] != "author"]
    own = Counter({key: count for key, count in ends.items() if key[0] != "next piece"})
    assert own == Counter((r["label"], r["from"], r["to"]) for r in between), wanted["file"]
    to_author = Counter((label, row["id"]) for row in rows if row.get("from_name") == "author" for label in row["value"]["choices"])
    assert to_author == Counter((r["label"], r["from"]) for r in wanted["relations"] if r["to"] == "author"), wanted["file"]
    documents, marks, links = documents + 1, marks + len(found), links + len(between)
assert not tasks and documents and marks and links
# Its converter, for what else is trained with.
with tempfile.TemporaryDirectory() as out:
    source = Path(out) / "tasks.json"
    numbered = json.loads((folder / "tasks.json").read_text(encoding="utf-8"))
    # As the server does when it imports tasks.
    for number, task in enumerate(numbered, 1):
        task["id"] = task["annotations"][0]["id"] = number
    source.write_text(json.dumps(numbered), encoding="utf-8")
    converter = Converter(config, project_dir=out, output_tags=["label"])
    converter.convert_to_json_min(str(source), f"{out}/min", is_dir=False)
    converter.convert_to_conll2003(str(source), f"{out}/conll", is_dir=False)
    small = json.loads((Path(out) / "min" / "result.json").read_text(encoding="utf-8"))
    assert len(small) == documents and sum(len(task.get("label", [])) for task in small) >= marks
    conll = (Path(out) / "conll" / "result.conll").read_text(encoding="utf-8")
    assert conll.count("-DOCSTART-") >= 1 and " B-" in conll
print(f"ok: label-studio-sdk {documents} articles, {marks} marks, {links} links of {folder.name}")
