"""pyarrow and `datasets` on the tables that Pressmark wrote: read to rows, and the rows, which are in memory, written again.

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
from peer import folder, out, timed

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


def write_pyarrow():
    if jsonl:
        with open(out / "rows.jsonl", "w", encoding="utf-8") as lines:
            lines.writelines(json.dumps(row) + "\n" for row in rows)
    else:
        parquet.write_table(pyarrow.Table.from_pylist(rows), out / "rows.parquet")


def read_datasets():
    rows.clear()
    for split in datasets.load_dataset(str(folder)).values():
        rows.extend(split.to_list())
    return marks()


def write_datasets():
    table = datasets.Dataset.from_list(rows)
    if jsonl:
        table.to_json(out / "datasets.jsonl")
    else:
        table.to_parquet(out / "datasets.parquet")


timed("read", read_pyarrow)
timed("write", write_pyarrow)
timed("read-datasets", read_datasets)
timed("write-datasets", write_datasets)
