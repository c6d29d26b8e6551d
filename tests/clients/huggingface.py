"""`datasets` on our tables against the lossless export: python huggingface.py LINES.jsonl PARQUET JSONL SHARDS.

PARQUET and JSONL are folders of one export in both spellings; SHARDS is one in several files. Both must load with the
features of the card, hold the same, and be what the lossless export says.
"""

import json
import os
import sys
from collections import Counter
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_HOME"] = os.environ.get("HF_HOME", "/tmp/hf-home")
import datasets
import pyarrow.parquet as parquet

lines, tables, rows, shards = (Path(arg) for arg in sys.argv[1:5])
datasets.disable_progress_bars()
wanted = {}
for line in lines.read_text(encoding="utf-8").splitlines():
    layer = json.loads(line)
    wanted[layer["file"]] = layer
load = lambda folder: datasets.load_dataset(str(folder))
both = [load(tables), load(rows)]
for name in both[0]:
    first, second = both[0][name], both[1][name]
    assert first.column_names == second.column_names, (first.column_names, second.column_names)
    assert str(first.features) == str(second.features), (first.features, second.features)
    assert first.to_list() == second.to_list(), "Parquet and JSON lines hold the same"
seen = marks = 0
for split in both[0].values():
    for row in split:
        layer = wanted[row["id"]]
        text = layer["text"].replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
        assert row["text"] == text
        letters = lambda spans: " … ".join(" ".join(part.split()) for part in spans)
        said = Counter((m["id"], m.get("attributes", {}).get("type", m["label"]), letters(s[2] for s in m["spans"])) for m in layer["annotations"])
        found = Counter()
        for entity in row["entities"]:
            parts = [(f["start"], f["end"]) for f in entity["fragments"]] or [(entity["start"], entity["end"])]
            found[(entity["id"], entity["label"], letters(row["text"][start:end] for start, end in parts))] += 1
        assert found == said, (row["id"], (found - said).most_common(3), (said - found).most_common(3))
        ends = Counter((r["type"], r["head"], r["tail"]) for r in row["relations"])
        assert ends == Counter((r["label"], r["from"], r["to"]) for r in layer["relations"])
        assert len(row["tokens"]) == len(row["ner_tags"])
        seen, marks = seen + 1, marks + len(row["entities"])
assert seen == len(wanted) and marks
parts = sorted(shards.glob("**/*.parquet"))
assert len(parts) > 1
texts = Counter(text for part in parts for text in parquet.read_table(part, columns=["text"])["text"].to_pylist())
assert texts == Counter(row["text"] for split in both[0].values() for row in split), "shards hold the same articles"
print(f"ok: datasets {datasets.__version__} {seen} articles, {marks} marks, {len(both[0])} splits, {len(parts)} shards")
