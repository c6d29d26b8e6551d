"""label-studio-sdk's converter on the tasks that Pressmark wrote: to CoNLL 2003 (write) and to its smaller JSON (read)."""

import json

from label_studio_sdk.converter import Converter
from peer import folder, out, timed

config = (folder / "config.xml").read_text(encoding="utf-8")
tasks = json.loads((folder / "tasks.json").read_text(encoding="utf-8"))
for number, task in enumerate(tasks, 1):
    task["id"] = task["annotations"][0]["id"] = number
source = out / "numbered.json"
source.write_text(json.dumps(tasks), encoding="utf-8")
converter = Converter(config, project_dir=str(out), output_tags=["label"])


def read():
    converter.convert_to_json_min(str(source), str(out / "min"), is_dir=False)
    return sum(len(task.get("label", [])) for task in json.loads((out / "min" / "result.json").read_text(encoding="utf-8")))


timed("write", lambda: converter.convert_to_conll2003(str(source), str(out / "conll"), is_dir=False))
timed("read", read)
