"""seqeval and nervaluate on our CoNLL files against the lossless export: python conll.py LINES.jsonl FOLDER iob2|bioes."""

import json
import sys
from collections import Counter
from pathlib import Path

from nervaluate import Evaluator
from seqeval.metrics.sequence_labeling import get_entities
from seqeval.scheme import IOB2, IOBES, Entities

lines, folder, scheme = Path(sys.argv[1]), Path(sys.argv[2]), {"iob2": IOB2, "bioes": IOBES}[sys.argv[3]]
wanted = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]
marks = 0
for file in sorted(folder.glob("*.conll")):
    blocks = [block for block in file.read_text(encoding="utf-8").split("\n\n") if block.strip()]
    rows = [[line.split(" ") for line in block.split("\n") if line] for block in blocks]
    assert all(len(row) == 4 for block in rows for row in block), file
    sentences = [[(row[0], row[3]) for row in block] for block in rows if block[0][0] != "-DOCSTART-"]
    assert sum(block[0][0] == "-DOCSTART-" for block in rows) == len(wanted), file
    tags = [[tag for _, tag in sentence] for sentence in sentences]
    strict = Entities(tags, scheme=scheme).entities
    found = Counter((e.tag, "".join(t for t, _ in sentences[e.sent_id][e.start : e.end])) for s in strict for e in s)
    assert sum(found.values()) == sum(len(get_entities(sentence)) for sentence in tags)
    label, letters = file.stem, lambda text: "".join(text.split())
    name = lambda mark: mark.get("attributes", {}).get("type", mark["label"])
    said = Counter((name(m), letters(s[2])) for l in wanted for m in l["annotations"] if m["label"] == label for s in m["spans"])
    assert not found - said, (file, (found - said).most_common(3))
    # What overlaps gave way to the longest; all else is there.
    assert sum(found.values()) >= 0.9 * sum(said.values()), (file, sum(found.values()), sum(said.values()))
    if scheme is IOB2:
        # nervaluate reads no other tags from lists.
        results = Evaluator(tags, tags, tags=sorted({tag for tag, _ in found}), loader="list").evaluate()
        assert results["overall"]["strict"].correct == sum(found.values()), (file, results["overall"]["strict"])
    marks += sum(found.values())
assert marks
print(f"ok: seqeval and nervaluate {marks} marks of {folder.name}")
