"""Runs the official check of a cluster's version, as the official suite would.

    official.py DIR        reads one document a line, prints one verdict a line

DIR is a checkout of the official repository. A document has `version`, `at` (seconds since 1970), `releases` and `cves` as the
services return them, and `eol`. PASS, FAIL, and DNF where the check breaks off. Nothing is asked over the network.
"""

import asyncio
import datetime as real
import json
import logging
import sys
import tempfile
import types
from pathlib import Path


class Clock(real.datetime):
    current = None

    @classmethod
    def now(cls, tz=None):
        return cls.current


class Answer:
    def __init__(self, document):
        self.document = document

    async def json(self):
        return self.document

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        return False


class Session:
    """Answers for the feed of CVEs and for each record."""

    def __init__(self, records):
        self.records = records

    def get(self, url, headers=None):
        number = url.rsplit("/", 1)[1]
        if number.isdigit():
            return Answer(self.records[int(number)])
        return Answer({"items": [{"id": str(number)} for number in range(len(self.records))]})


def main(directory):
    for name in ("aiohttp", "kubernetes_asyncio"):
        sys.modules[name] = types.ModuleType(name)
    sys.modules["aiohttp"].ClientSession = object
    sys.path.insert(0, str(Path(directory, "Tests", "kaas", "scs_0210_version_policy")))
    logging.disable(logging.CRITICAL)
    import k8s_version_policy as official

    official.datetime = Clock

    def verdict(document):
        at = real.datetime.fromtimestamp(document["at"], real.timezone.utc).replace(tzinfo=None)
        Clock.current = Clock.combine(at.date(), at.time())
        with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
            json.dump(document["eol"], file)
            file.flush()
            supported = official.determine_supported_branches(Path(file.name))
        ranges = asyncio.run(official.collect_cve_versions(Session(document["cves"])))
        cluster = official.ClusterInfo(official.parse_version(document["version"]), "cluster")
        return official.compute_version_policy_check(supported, ranges, document["releases"], cluster)

    for line in sys.stdin:
        try:
            result = "PASS" if verdict(json.loads(line)) else "FAIL"
        except BaseException:
            result = "DNF"
        print(result, flush=True)


main(sys.argv[1])
