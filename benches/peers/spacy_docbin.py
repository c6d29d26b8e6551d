"""spaCy: documents made by its own tokenizer into DocBins of a thousand, and ours unpacked to documents with their spans."""

import spacy
from peer import folder, layers, name, out, timed
from spacy.tokens import DocBin
from spacy.util import filter_spans

nlp = spacy.blank("xx")


def write():
    bin, number = DocBin(store_user_data=True), 0
    for at, layer in enumerate(layers(), 1):
        doc = nlp.make_doc(layer["text"])
        groups = {}
        for mark in layer["annotations"]:
            for start, end, *_ in mark["spans"]:
                span = doc.char_span(start, end, label=name(mark), alignment_mode="expand", span_id=mark["id"])
                groups.setdefault(mark["label"], []).append(span)
        for label, spans in groups.items():
            doc.spans[label] = spans
        doc.set_ents(filter_spans(groups.get("entity", [])))
        bin.add(doc)
        if at % 1000 == 0:
            bin.to_disk(out / f"{number:05}.spacy")
            bin, number = DocBin(store_user_data=True), number + 1
    if len(bin):
        bin.to_disk(out / f"{number:05}.spacy")


def read():
    marks = 0
    for file in sorted(folder.glob("*.spacy")):
        for doc in DocBin(store_user_data=True).from_disk(file).get_docs(nlp.vocab):
            marks += sum(len([(span.start_char, span.end_char, span.label_) for span in group]) for group in doc.spans.values())
    return marks


timed("write", write)
timed("read", read)
