"""Runs the official script over the distribution of nodes, which the suite has retired.

    nodes.py DIR        reads one list of nodes' labels a line, prints one verdict a line
    nodes.py DIR -      prints the scenarios of its tests as such lists, one a line, each behind its name

DIR is a checkout of the official repository. Of the network nothing is used.
"""

import json
import logging
import os
import sys
import types


def main():
    # Where it is since it was retired, and where it was before.
    places = ("scs_0214_node_distribution_RETIRED", "k8s-node-distribution")
    places = [os.path.join(sys.argv[1], "Tests/kaas", place) for place in places]
    directory = next(place for place in places if os.path.isdir(place))
    if len(sys.argv) > 2:
        import yaml

        with open(directory + "/testdata/scenarios.yaml") as stream:
            for name, nodes in yaml.safe_load(stream).items():
                print(json.dumps([name, list(nodes.values())]))
        return
    sys.modules["kubernetes_asyncio"] = types.ModuleType("kubernetes_asyncio")
    sys.path.insert(0, directory)
    from k8s_node_distribution_check import LABELS, check_nodes

    logging.disable(logging.CRITICAL)
    interesting = LABELS + ("node-role.kubernetes.io/control-plane",)
    for line in sys.stdin:
        # What its own reader keeps of a node.
        nodes = [{key: node[key] for key in node if key in interesting} for node in json.loads(line)]
        try:
            print("FAIL" if check_nodes(nodes) else "PASS")
        except BaseException:
            print("DNF")


if __name__ == "__main__":
    main()
