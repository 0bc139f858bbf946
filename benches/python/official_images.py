"""Runs the official test cases over images, as the official suite would over a cloud.

    official_images.py DIR FILE NOW            prints the seconds that the functions alone take
    official_images.py DIR - NOW               reads one list a line, prints one object of verdicts a line

DIR is a checkout of the official repository, FILE what Glance's API returns, NOW seconds since 1970. PASS, FAIL, and DNF
where a function stumbles.
"""

import json
import logging
import sys
import time

ATTRIBUTES = {
    "architecture": "architecture", "hash_algo": "os_hash_algo", "min_disk": "min_disk", "min_ram": "min_ram",
    "os_version": "os_version", "os_distro": "os_distro", "hw_disk_bus": "hw_disk_bus",
    "hypervisor_type": "hypervisor_type", "hw_rng_model": "hw_rng_model", "created_at": "created_at",
    "is_hidden": "os_hidden", "visibility": "visibility", "name": "name", "size": "size", "id": "id",
}
TAKEN = set(ATTRIBUTES.values()) | {"tags", "status", "os_hash_value"}


class Image:
    """An image as the OpenStack SDK shows it."""

    def __init__(self, fields):
        for attribute, key in ATTRIBUTES.items():
            setattr(self, attribute, fields.get(key))
        self.properties = {key: value for key, value in fields.items() if key not in TAKEN}


def main():
    directory, source, now = sys.argv[1], sys.argv[2], float(sys.argv[3])
    sys.path.insert(0, directory + "/Tests/iaas")
    from scs_0102_image_metadata import image_metadata as metadata
    from scs_0104_standard_images import standard_images as standard
    logging.disable(logging.CRITICAL)
    metadata.is_outdated.__defaults__ = (now,)
    build_date = metadata.compute_scs_0102_prop_image_build_date
    build_date.__defaults__ = (now,)
    metadata.print = lambda *_, **__: None

    specs = standard.SCS_0104_IMAGE_SPECS
    cases = {}
    for name in dir(metadata):
        if name.startswith("compute_scs_0102_"):
            rest = name.removeprefix("compute_scs_0102_")
            cases["scs-0102-" + rest.replace("prop_", "prop-").replace("image_recency", "image-recency")
                  .replace("purpose_uniqueness", "purpose-uniqueness")] = (getattr(metadata, name), None)
    keys = {"capi-1": "ubuntu-capi-image-1", "capi-2": "ubuntu-capi-image-2", "ubuntu-2404": "Ubuntu 24.04",
            "ubuntu-2204": "Ubuntu 22.04", "ubuntu-2004": "Ubuntu 20.04", "debian-13": "Debian 13",
            "debian-12": "Debian 12", "debian-11": "Debian 11"}
    for case, key in keys.items():
        cases["scs-0104-source-" + case] = (standard.compute_scs_0104_source, specs[key])
        cases["scs-0104-image-" + case] = (standard.compute_scs_0104_image, specs[key])

    def verdicts(images):
        public = [image for image in images if image.visibility in ("public", "community")]
        lookup = {image.name: image for image in public}
        answers = {}
        for case, (function, spec) in cases.items():
            try:
                passed = function(public) if spec is None else function(lookup, spec)
                answers[case] = "PASS" if passed else "FAIL"
            except Exception:
                answers[case] = "DNF"
        return answers

    if source == "-":
        for line in sys.stdin:
            images = [Image(fields) for fields in json.loads(line)["images"]]
            print(json.dumps(verdicts(images)))
        return
    with open(source, encoding="utf-8") as file:
        images = [Image(fields) for fields in json.load(file)["images"]]
    start = time.perf_counter()
    verdicts(images)
    print(time.perf_counter() - start)


main()
