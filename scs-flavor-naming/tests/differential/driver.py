"""Asks the official parser of flavor names: a name per line in, an answer in JSON per line out.

Called with the directory that has the module `flavor_names`. The versions are tried newest first, each as a parser of
its own; the first that takes the name answers.
"""

import json
import sys

sys.path.insert(0, sys.argv[1])
import flavor_names as official  # noqa: E402

VERSIONS = (("v3", official.parser_v3), ("v2", official.parser_v2), ("v1", official.parser_v1))


def answer(name):
    for version, parse in VERSIONS:
        try:
            flavor = parse(name)
        except Exception:
            continue
        if flavor is None:
            # The parser returns this if it is not an SCS name.
            return {"ok": False}
        try:
            canonical = official.outputter(flavor)
            short = official.outputter(flavor.shorten())
        except Exception as error:
            return {"ok": True, "version": version, "unprintable": type(error).__name__}
        return {
            "ok": True,
            "version": version,
            "canonical": canonical,
            "short": short,
            "v1": official.SyntaxV1.from_v2(canonical),
        }
    return {"ok": False}


sys.stdin.reconfigure(encoding="utf-8", newline="\n")
sys.stdout.reconfigure(encoding="utf-8")
for line in sys.stdin:
    print(json.dumps(answer(line.removesuffix("\n"))))
