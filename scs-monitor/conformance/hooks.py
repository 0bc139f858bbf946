"""What Schemathesis cannot know: signed bodies, and addresses of clients."""

import itertools
import os
import pathlib

import schemathesis
from hypothesis import strategies

SIGNED = [path.read_bytes() for path in sorted(pathlib.Path(os.environ["SCM_CONFORMANCE_BODIES"]).iterdir())]
UNSIGNED = [
    b"", b"&", b"{}", b"-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n&{}", b"\xff",
    b"-----END SSH SIGNATURE-----\n&", b"-----END SSH SIGNATURE-----\n",
]

bodies = strategies.one_of(strategies.sampled_from(SIGNED + UNSIGNED), strategies.binary(max_size=200))
for kind in ("application/x-signed-yaml", "application/x-signed-json"):
    schemathesis.openapi.media_type(kind, bodies)

addresses = itertools.count()


@schemathesis.hook
def before_call(context, case, kwargs):
    """Each request comes from another client, so that wrong credentials in some do not lock others out."""
    place = next(addresses)
    case.headers["X-Forwarded-For"] = f"198.18.{place // 250 % 250}.{place % 250}"
