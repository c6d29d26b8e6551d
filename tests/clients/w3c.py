"""PyLD on our Web Annotations against the lossless export: python w3c.py LINES.jsonl FOLDER CONTEXT.

CONTEXT is a copy of http://www.w3.org/ns/anno.jsonld, which is not fetched: nothing else is loaded.
"""

import json
import sys
from collections import Counter
from pathlib import Path
from urllib.parse import unquote

from pyld import jsonld

lines, folder, context = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
known = {"http://www.w3.org/ns/anno.jsonld": json.loads(context.read_text(encoding="utf-8"))}


def load(url, options=None):
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": known[url]}


OA, AS, RDF = "http://www.w3.org/ns/oa#", "http://www.w3.org/ns/activitystreams#", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
OWN = "urn:pressmark:"
values = lambda node, name: [it["@value"] for it in node.get(name, [])]
nodes = lambda node, name: node.get(name, [])


def texts(node, purpose):
    bodies = [body for body in nodes(node, OA + "hasBody") if OA + "TextualBody" in body.get("@type", [])]
    return [values(body, RDF + "value")[0] for body in bodies if nodes(body, OA + "hasPurpose")[0]["@id"] == OA + purpose]


def stretch(target, text):
    [choices] = [nodes(target, OA + "hasSelector")]
    [position] = [it for it in choices if OA + "TextPositionSelector" in it["@type"]]
    [quote] = [it for it in choices if OA + "TextQuoteSelector" in it["@type"]]
    [start], [end], [exact] = values(position, OA + "start"), values(position, OA + "end"), values(quote, OA + "exact")
    assert text[start:end] == exact, (start, end, exact)
    [prefix], [suffix] = values(quote, OA + "prefix"), values(quote, OA + "suffix")
    assert prefix == text[max(0, start - 32) : start] and suffix == text[end : end + 32]
    return "".join(exact.split())


documents = marks = links = 0
for line in lines.read_text(encoding="utf-8").splitlines():
    wanted = json.loads(line)
    stem = folder / wanted["file"].removesuffix(".txt")
    text = Path(f"{stem}.txt").read_bytes().decode("utf-8")
    assert "\r" not in text and text.split() == wanted["text"].split(), stem
    source = json.loads(Path(f"{stem}.jsonld").read_text(encoding="ascii"))
    base = Path(f"{stem}.jsonld").resolve().as_uri()
    [whole] = jsonld.expand(source, {"documentLoader": load, "base": base})
    [page] = nodes(whole, AS + "first")
    items = nodes(page, AS + "items")[0]["@list"]
    assert AS + "OrderedCollection" in whole["@type"] and values(whole, AS + "totalItems") == [len(items)]
    assert values(whole, OWN + "file") == [wanted["file"]]
    found, ends = {}, Counter()
    for item in items:
        assert item["@type"] == [OA + "Annotation"]
        own = lambda iri: unquote(iri.removeprefix(whole["@id"] + "#"))
        attributes = values(item, OWN + "attributes")[0] if OWN + "attributes" in item else {}
        targets = nodes(item, OA + "hasTarget")
        if nodes(item, OA + "motivatedBy")[0]["@id"] == OA + "linking":
            [to] = [body["@id"] for body in nodes(item, OA + "hasBody") if "@id" in body]
            [label] = texts(item, "tagging")
            ends[own(item["@id"]), label, own(targets[0]["@id"]), own(to), json.dumps(attributes, sort_keys=True)] += 1
            continue
        for target in targets:
            [place] = nodes(target, OA + "hasSource")
            assert place["@id"] == Path(f"{stem}.txt").resolve().as_uri(), place
        said = [stretch(target, text) for target in targets]
        [name] = texts(item, "classifying")
        note = (texts(item, "commenting") or [""])[0]
        found[own(item["@id"])] = (name, said, attributes, note, values(item, OWN + "unsure") == [True])
    own = {
        mark["id"]: (
            mark.get("attributes", {}).get("type", mark["label"]),
            ["".join(span[2].split()) for span in mark["spans"]],
            mark.get("attributes", {}),
            mark.get("note", ""),
            mark.get("unsure", False),
        )
        for mark in wanted["annotations"]
        if "orphan" not in mark
    }
    assert found == own, stem
    shown = lambda link: json.dumps(link.get("attributes", {}), sort_keys=True)
    assert ends == Counter((r["id"], r["label"], r["from"], r["to"], shown(r)) for r in wanted["relations"]), stem
    documents, marks, links = documents + 1, marks + len(found), links + ends.total()
assert documents and marks and links
print(f"ok: PyLD {documents} articles, {marks} marks, {links} links of {folder.name}")
