"""spaCy on our DocBins against the lossless export: python spacy_docbin.py LINES.jsonl FOLDER.

Loads every document, holds texts, spans and entities against the marks, then lets `spacy debug data` look at the corpus and
trains a recogniser on it for a few steps: its loss has to fall and it has to find entities.
"""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import spacy
from spacy.tokens import DocBin

lines, folder = Path(sys.argv[1]), Path(sys.argv[2])
nlp = spacy.blank("xx")
docs = []
for file in sorted(folder.glob("*.spacy")):
    bin = DocBin(store_user_data=True).from_disk(file)
    docs.extend(bin.get_docs(nlp.vocab))
marks = 0
wanted = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]
assert len(docs) == len(wanted), (len(docs), len(wanted))
for doc, layer in zip(docs, wanted):
    ours = json.loads(doc.user_data["pressmark"])
    assert ours["file"] == layer["file"]
    text = layer["text"].replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    assert doc.text == text, layer["file"]
    name = lambda mark: mark.get("attributes", {}).get("type", mark["label"])
    said = Counter((m["label"], name(m), " ".join(span[2].split())) for m in layer["annotations"] for span in m["spans"])
    found = Counter((key, span.label_, " ".join(span.text.split())) for key in doc.spans for span in doc.spans[key])
    assert found == said, (layer["file"], (found - said).most_common(3), (said - found).most_common(3))
    for ent in doc.ents:
        assert said[("entity", ent.label_, " ".join(ent.text.split()))], ent
        assert not ent[0].is_space and not ent[-1].is_space
    assert all(token.is_sent_start is not None for token in doc)
    marks += sum(found.values())
assert marks and any(doc.ents for doc in docs)

config = folder / "config.cfg"
run = lambda *args: subprocess.run([sys.executable, "-m", "spacy", *args], check=True, capture_output=True, text=True).stdout
run("init", "config", str(config), "--lang", "xx", "--pipeline", "ner", "--force")
corpus = ("--paths.train", str(folder), "--paths.dev", str(folder))
run("debug", "data", str(config), *corpus)
# A small part is enough to see whether it learns, and quick.
few = folder / "few"
few.mkdir()
DocBin(docs=docs[:8]).to_disk(few / "few.spacy")
corpus = ("--paths.train", str(folder), "--paths.dev", str(few))
steps = ("--training.max_steps", "150", "--training.eval_frequency", "50", "--training.patience", "0")
log = run("train", str(config), "--output", str(folder / "model"), *corpus, *steps)
rows = [line.split() for line in log.splitlines() if line.strip()[:1].isdigit()]
scores = [float(row[4]) for row in rows]
assert len(scores) >= 4 and scores[-1] > scores[0] and scores[-1] > 10, log
trained = spacy.load(folder / "model" / "model-last")
found = sum(len(trained(doc.text).ents) for doc in docs[:8])
assert found, "the trained model finds nothing"
print(f"ok: spaCy {spacy.__version__} {len(docs)} articles, {marks} marks of {folder.name}; F {scores[0]} before training, {scores[-1]} after 150 steps, {found} entities found")
