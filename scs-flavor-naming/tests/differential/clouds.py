"""Asks the official test cases over flavors: a cloud's flavors as JSON per line in, results in JSON per line out.

Called with the directory `Tests/iaas` of the official repository. Only the functions over data are asked; the client
library, which they import for a type, is not needed.
"""

import json
import logging
import sys
import types

logging.disable(logging.CRITICAL)
client = types.ModuleType("openstack")
client.compute = types.SimpleNamespace(v2=types.SimpleNamespace(flavor=types.SimpleNamespace(Flavor=object)))
sys.modules["openstack"] = client
sys.path.insert(0, sys.argv[1])
from scs_0100_flavor_naming import flavor_names, flavor_names_check as naming  # noqa: E402
from scs_0103_standard_flavors import standard_flavors as standard  # noqa: E402

SPECS = {
    f"scs-0103-flavor-{name[4:].lower()}": flavor_names.compute_flavor_spec(name)
    for name in standard.SCS_0103_CANONICAL_NAMES
}


def word(function, *arguments):
    try:
        return "PASS" if function(*arguments) else "FAIL"
    except Exception:
        return "DNF"


def answer(flavors):
    flavors = [types.SimpleNamespace(**flavor) for flavor in flavors]
    named = naming.compute_scs_flavors(flavors)
    lookup = standard.compute_flavor_lookup(flavors)
    results = {case: word(standard.compute_scs_0103_flavor, lookup, spec) for case, spec in SPECS.items()}
    results["scs-0100-syntax-check"] = word(naming.compute_scs_0100_syntax_check, named)
    results["scs-0100-semantics-check"] = word(naming.compute_scs_0100_semantics_check, named)
    return results


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))))
