"""pyarrow and `datasets` on the tables that Pressmark wrote: read to rows; and the same rows made of our lossless lines and
written, with tokens and tags, which they cannot make, taken from what was read.

JSON lines, which pyarrow does not write, are read and written with Python's own json in its place.
"""

import os
import tempfile

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_HOME"] = tempfile.mkdtemp()
import json

import datasets
import pyarrow
import pyarrow.parquet as parquet
from peer import folder, layers, name, out, timed

datasets.disable_progress_bars()
rows = []
jsonl = not list(folder.rglob("*.parquet"))
files = sorted(folder.rglob("*.jsonl" if jsonl else "*.parquet"))


def marks():
    return sum(len(row["entities"]) for row in rows)


def read_pyarrow():
    rows.clear()
    for file in files:
        if jsonl:
            with open(file, encoding="utf-8") as lines:
                rows.extend(json.loads(line) for line in lines)
        else:
            rows.extend(parquet.read_table(file).to_pylist())
    return marks()


def attributes(thing):
    return [
        {"name": key, "value": value, "kind": "text"}
        for key, value in thing.get("attributes", {}).items()
        if key != "type"
    ]


def made(layer, known):
    entities = []
    for mark in layer["annotations"]:
        stretches = [{"start": start, "end": end} for start, end, *_ in mark["spans"]]
        start, end = stretches[0]["start"], stretches[-1]["end"]
        kind = mark.get("attributes", {}).get("type")
        entity = {"id": mark["id"], "label": name(mark), "layer": mark["label"], "type": kind, "start": start, "end": end}
        entity |= {"text": layer["text"][start:end], "fragments": stretches if len(stretches) > 1 else []}
        entities.append(entity | {"attributes": attributes(mark), "note": mark.get("note"), "unsure": mark.get("unsure", False)})
    relations = [
        {"id": link["id"], "type": link["label"], "head": link["from"], "tail": link["to"], "attributes": attributes(link), "note": link.get("note")}
        for link in layer["relations"]
    ]
    row = {"id": layer["file"], "annotator": layer["annotator"], "status": layer["status"], "text": layer["text"]}
    row |= {"entities": entities, "relations": relations}
    return row | {"tokens": known["tokens"], "ner_tags": known["ner_tags"], "meta": []}


def all_made():
    known = {row["id"]: row for row in rows}
    return (made(layer, known[layer["file"]]) for layer in layers())


def write_pyarrow():
    if jsonl:
        with open(out / "rows.jsonl", "w", encoding="utf-8") as lines:
            lines.writelines(json.dumps(row) + "\n" for row in all_made())
    else:
        parquet.write_table(pyarrow.Table.from_pylist(list(all_made())), out / "rows.parquet")


def read_datasets():
    rows.clear()
    for split in datasets.load_dataset(str(folder)).values():
        rows.extend(split.to_list())
    return marks()


def write_datasets():
    table = datasets.Dataset.from_list(list(all_made()))
    if jsonl:
        table.to_json(out / "datasets.jsonl")
    else:
        table.to_parquet(out / "datasets.parquet")


timed("read", read_pyarrow)
timed("write", write_pyarrow)
timed("read-datasets", read_datasets)
timed("write-datasets", write_datasets)
