"""Runs the official test cases over policies of clouds, as the official suite would over a cloud.

    official.py DIR        reads one cloud a line, prints one object of verdicts a line

DIR is a checkout of the official repository. A cloud has the parts of an inventory. PASS, FAIL, and DNF where a function
stumbles. Of the network nothing is used: the round trips end as the inventory says.
"""

import json
import logging
import sys
import types


class ForbiddenException(Exception):
    pass


class ResourceNotFound(Exception):
    pass


class Record(dict):
    """A record of the SDK: keys are attributes, and those that are not there are None."""

    def __getattr__(self, name):
        return self.get(name)


class Vault:
    """A key manager whose round trip ends as it should."""

    def __init__(self, outcome):
        self.outcome = outcome
        self.kept = []

    def secrets(self):
        if self.outcome == "failed":
            raise Exception("500")
        return list(self.kept)

    def create_secret(self, name, **_):
        if self.outcome == "refused":
            raise ForbiddenException("403")
        self.kept.append(Record(name=name, id="https://vault/v1/secrets/1"))

    def delete_secret(self, _):
        self.kept.clear()


def stubs():
    openstack = types.ModuleType("openstack")
    openstack.exceptions = types.ModuleType("openstack.exceptions")
    openstack.exceptions.ForbiddenException = ForbiddenException
    openstack.exceptions.ResourceNotFound = ResourceNotFound
    openstack.connection = types.SimpleNamespace(Connection=object)
    secret = types.SimpleNamespace(Secret=object)
    openstack.key_manager = types.SimpleNamespace(v1=types.SimpleNamespace(secret=secret))
    boto3 = types.ModuleType("boto3")
    sys.modules.update({"openstack": openstack, "openstack.exceptions": openstack.exceptions, "boto3": boto3})
    return boto3


def connection(cloud):
    roles = Record(role_names=cloud["roles"])
    auth = types.SimpleNamespace(get_access=lambda _: roles)
    store = types.SimpleNamespace(get_endpoint=lambda: "https://store.example.org/swift/v1")
    config = types.SimpleNamespace(config={})
    outcome = cloud["secrets"]["outcome"]
    return types.SimpleNamespace(
        session=types.SimpleNamespace(auth=auth), key_manager=Vault(outcome), object_store=store, config=config
    )


def verdict(function):
    try:
        return "PASS" if function() else "FAIL"
    except Exception:
        return "DNF"


def main():
    sys.path.insert(0, sys.argv[1] + "/Tests/iaas")
    boto3 = stubs()
    from scs_0114_volume_types import volume_types as volumes
    from scs_0115_security_groups import security_groups as groups
    from scs_0116_key_manager import key_manager as keys
    from scs_0123_mandatory_services import mandatory_services as services
    logging.disable(logging.CRITICAL)
    for line in sys.stdin:
        cloud = json.loads(line)
        conn = connection(cloud)
        lookup = volumes.compute_volume_type_lookup([Record(entry) for entry in cloud["volume_types"]])
        catalog = keys.compute_services_lookup(types.SimpleNamespace(service_catalog=cloud["services"]))

        def refuse(*_, **__):
            raise Exception(cloud["s3"].get("detail") or "")

        boto3.resource = lambda *_, **__: types.SimpleNamespace(buckets=types.SimpleNamespace(all=refuse))
        if "default_security_group_rules" in cloud:
            rules, short = cloud["default_security_group_rules"], False
        else:
            rules, short = cloud["security_group_rules_of_new_group"], True
        rules = [Record(rule) for rule in rules]
        present = services.compute_scs_0123_service_presence
        verdicts = {
            "scs-0114-syntax-check": verdict(lambda: volumes.compute_scs_0114_syntax_check(lookup)),
            "scs-0115-default-rules": verdict(lambda: groups.check_default_rules(rules, short=short)),
            "scs-0116-presence": verdict(lambda: keys.compute_scs_0116_presence(catalog)),
            "scs-0116-permissions": verdict(lambda: keys.compute_scs_0116_permissions(conn, catalog)),
            "scs-0123-storage-apis": verdict(lambda: present(catalog, "volume", "volumev3", "block-storage")),
            "scs-0123-service-s3": verdict(lambda: present(catalog, "object-store-s3")),
            "scs-0123-swift-s3": verdict(lambda: services.compute_scs_0123_swift_s3(catalog, conn)),
        }
        for aspect in ("encrypted", "replicated"):
            check = lambda: volumes.compute_scs_0114_aspect_type(lookup, aspect)
            verdicts[f"scs-0114-{aspect}-type"] = verdict(check)
        for name in ("compute", "identity", "image", "network", "load-balancer", "placement"):
            verdicts[f"scs-0123-service-{name}"] = verdict(lambda: present(catalog, name))
        print(json.dumps(verdicts))


if __name__ == "__main__":
    main()
