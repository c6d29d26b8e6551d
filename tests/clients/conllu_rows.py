"""conllu on our files against the lossless export: python conllu_rows.py LINES.jsonl FOLDER."""

import json
import sys
from collections import Counter
from pathlib import Path

import conllu

lines, folder = Path(sys.argv[1]), Path(sys.argv[2])
wanted = {}
for line in lines.read_text(encoding="utf-8").splitlines():
    layer = json.loads(line)
    wanted[layer["file"]] = layer
articles, name = {}, None
for sentence in conllu.parse((folder / "dataset.conllu").read_text(encoding="utf-8")):
    name = sentence.metadata.get("newdoc id", name)
    articles.setdefault(name, []).append(sentence)
assert set(articles) == set(wanted)
marks = 0
for name, sentences in articles.items():
    opened, found, words = {}, Counter(), []
    for token in (token for sentence in sentences for token in sentence):
        words.append(token["form"])
        value = (token["misc"] or {}).get("Entity", "")
        while value:
            if value.startswith("("):
                ends = [i for i in (value.find("(", 1), value.find(")", 1)) if i > 0]
                end = min(ends) if ends else len(value)
                eid, kind = value[1:end].split("-")[:2]
                closes = value[end : end + 1] == ")"
                value = value[end + closes :]
                opened[eid] = (len(words) - 1, kind)
                if not closes:
                    continue
            else:
                eid, value = value.split(")", 1)
            start, kind = opened.pop(eid)
            found[(kind, "".join("".join(words[start:]).split()))] += 1
    layer, letters = wanted[name], lambda text: "".join(text.split())
    assert "".join(words) == letters(layer["text"]), name
    kind = lambda mark: mark.get("attributes", {}).get("type", mark["label"])
    said = Counter((kind(m), letters(s[2])) for m in layer["annotations"] for s in m["spans"])
    assert not opened and found == said, (name, (found - said).most_common(3), (said - found).most_common(3))
    marks += sum(found.values())
assert marks
print(f"ok: conllu {conllu.__version__ if hasattr(conllu, '__version__') else ''} {len(articles)} articles, {marks} marks")
