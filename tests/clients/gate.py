"""Pressmark reads what gatenlp saves, in both of its units: python gate.py BINARY LINES.jsonl."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from gatenlp import Document

binary, lines = sys.argv[1], Path(sys.argv[2])
wanted = [json.loads(line) for line in lines.read_text(encoding="utf-8").split("\n") if line]
for unit in ("p", "j"):
    with tempfile.TemporaryDirectory() as work:
        work = Path(work)
        (work / "gate").mkdir()
        said = {}
        for one in wanted:
            # gatenlp counts code points of a text as it is.
            text = one["text"]
            document = Document(text, features={"topic": "news"})
            marks = said[one["file"].rsplit(".", 1)[0]] = []
            for mark in one["annotations"]:
                start, end = mark["spans"][0][:2]
                assert text[start:end] == mark["spans"][0][2]
                annotation = document.annset("ada").add(start, end, mark["label"], mark.get("attributes", {}))
                marks.append((str(annotation.id), mark["label"], start, end, mark.get("attributes", {})))
            target = work / "gate" / (one["file"].rsplit(".", 1)[0] + ".bdocjs")
            target.parent.mkdir(exist_ok=True)
            document.save(str(target), fmt="bdocjs", offset_type=unit)
        subprocess.run([binary, "import", "--from", "gate", "-o", work / "corpus", work / "gate"], check=True, capture_output=True)
        out = subprocess.run([binary, "export", "--to", "jsonl", work / "corpus"], check=True, capture_output=True).stdout
        found = 0
        for line in out.decode().split("\n"):
            if not line:
                continue
            one = json.loads(line)
            assert one["annotator"] == "ada", one["annotator"]
            marks = [(m["id"], m["label"], *m["spans"][0][:2], m.get("attributes", {})) for m in one["annotations"]]
            assert sorted(marks, key=str) == sorted(said.pop(one["file"].rsplit(".", 1)[0]), key=str), one["file"]
            found += len(marks)
        assert not said and found, said.keys()
        print(f"ok: gatenlp {len(wanted)} articles, {found} marks, offsets {unit}")
