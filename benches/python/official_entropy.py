"""Runs the official functions over the console of a sample VM, as the official suite would over what Nova returns.

    official_entropy.py DIR        reads one JSON text a line, prints one object of verdicts a line

DIR is a checkout of the official repository. PASS, FAIL, and DNF where a function stumbles.
"""

import json
import logging
import sys
import types


def verdict(function, collected):
    try:
        return "PASS" if function(collected, "image") else "FAIL"
    except Exception:
        return "DNF"


def main():
    sys.modules["openstack"] = types.ModuleType("openstack")
    sys.path.insert(0, f"{sys.argv[1]}/Tests/iaas")
    logging.disable(logging.CRITICAL)
    from scs_0101_entropy import entropy_check as suite

    for line in sys.stdin:
        collected = suite._convert_to_collected(json.loads(line).splitlines())
        print(json.dumps({
            "scs-0101-entropy-avail": verdict(suite.compute_scs_0101_entropy_avail, collected),
            "scs-0101-fips-test": verdict(suite.compute_scs_0101_fips_test, collected),
        }))


main()
