"""A layer on a text that has broken other programs, as a line of our own format: python hard.py ANNOTATOR."""

import json
import sys

TEXT = (
    "\U0001f600 é e\u0301 北京 Bob said hi.\r\n\r\n\U0001f469\u200d\U0001f469\u200d\U0001f467 left\u00a0now. "
    "قال خالد مرحبا.\r\nမြန်မာ ended. “No,” she said, “not\r\nyet.” U.S.-based Zoë\u2028stayed. End"
)
at = lambda words, nth=0: [i for i in range(len(TEXT)) if TEXT.startswith(words, i)][nth]
span = lambda words, nth=0: [at(words, nth), at(words, nth) + len(words), words]
mark = lambda id, label, *spans, **more: {"id": id, "label": label, "spans": [list(s) for s in spans], **more}
kind = lambda name, **more: {"attributes": {"type": name, **more}}
marks = [
    mark("start", "entity", span("\U0001f600"), **kind("thing")),
    mark("accent", "entity", span("e\u0301"), **kind("thing")),
    mark("beijing", "entity", span("北京"), **kind("place")),
    mark("bob", "entity", span("Bob"), **kind("person", mention="name")),
    mark("family", "entity", span("\U0001f469\u200d\U0001f469\u200d\U0001f467"), **kind("person")),
    mark("khalid", "entity", span("خالد"), **kind("person")),
    mark("burma", "entity", span("မြန်မာ"), **kind("place")),
    mark("us", "entity", span("U.S."), **kind("place")),
    mark("zoe", "entity", span("Zoë"), **kind("person"), unsure=True),
    mark("pieces", "quote", span("“No,”"), span("“not\r\nyet.”"), note="split by the cue\nand more"),
    mark("cue", "cue", span("said", 1)),
    mark("paragraphs", "claim", span("hi.\r\n\r\n\U0001f469\u200d\U0001f469\u200d\U0001f467 left")),
    mark("nested", "quote", span("北京 Bob said hi.")),
    mark("crossing", "claim", span("Bob said hi.\r\n\r\n\U0001f469")),
    mark("end", "entity", span("End"), **kind("thing")),
]
# Marks that end inside a character that others see as one are no marks of ours.
marks = [m for m in marks if m["id"] != "crossing"] + [mark("crossing", "claim", span("said hi.\r\n\r\n\U0001f469\u200d\U0001f469\u200d\U0001f467"))]
relations = [
    {"id": "r1", "label": "speaker", "from": "pieces", "to": "zoe"},
    {"id": "r2", "label": "cue", "from": "pieces", "to": "cue"},
    {"id": "r3", "label": "claimant", "from": "crossing", "to": "bob"},
]
print(json.dumps({
    "file": "hard/tricky.txt", "text": TEXT, "schema": {"id": "news", "version": 1}, "annotator": sys.argv[1], "status": "done",
    "annotations": marks, "relations": relations,
}))
