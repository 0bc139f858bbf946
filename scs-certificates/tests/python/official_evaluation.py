"""Evaluates results as the official library and the compliance monitor do.

Arguments: the official repository and a file of cases, each with a scope file, a time and results. Prints one verdict
per line. The two functions of the monitor are taken out of its source, since the rest of it needs a database.
"""

import ast
import datetime
import json
import pathlib
import sys

import yaml

root = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(root / "Tests"))

import scs_cert_lib  # noqa: E402

source = (root / "compliance-monitor" / "monitor.py").read_text(encoding="utf-8")
wanted = {"_evaluate_version", "_evaluate_scope"}
tree = ast.parse(source)
tree.body = [node for node in tree.body if getattr(node, "name", None) in wanted]
names = {
    "evaluate": scs_cert_lib.evaluate,
    "eval_buckets": scs_cert_lib.eval_buckets,
    "ASTERISK_LOOKUP": {"effective": "", "draft": "*", "warn": "†", "deprecated": "††"},
}
exec(compile(tree, "monitor.py", "exec"), names)

cases = json.loads(pathlib.Path(sys.argv[2]).read_text(encoding="utf-8"))
texts = {}
for case in cases:
    if case["scope"] not in texts:
        texts[case["scope"]] = pathlib.Path(case["scope"]).read_text(encoding="utf-8")
    spec = texts[case["scope"]]
    if isinstance(spec, str):
        spec = texts[case["scope"]] = scs_cert_lib.load_spec(yaml.safe_load(spec))
    now = datetime.datetime.fromisoformat(case["at"])
    scs_cert_lib.annotate_validity(spec["timeline"], spec["versions"], now.date())
    results = {}
    for name, (result, checked_at) in case["results"].items():
        testcase = spec["testcases"].get(name)
        checked_at = datetime.datetime.fromisoformat(checked_at)
        if testcase is None or now >= scs_cert_lib.add_period(checked_at, testcase.get("lifetime")):
            continue
        results[name] = {"result": result}
    outcome = names["_evaluate_scope"](spec, results, include_drafts=case["drafts"])
    best = outcome["best_passed"]
    versions = list(spec["versions"])
    print(json.dumps({
        "verdict": outcome["result"],
        "passed": outcome["passed"],
        "best": None if best is None else versions[best],
        "versions": {name: version["result"] for name, version in outcome["versions"].items()},
    }))
