#!/usr/bin/python3
"""probe.py CLOUDS_YAML SECONDS TYPE...: every API answers an authenticated request.

For each catalog type in the arguments, asks for a list as the member user; for
compute and block storage it also waits, as admin, until the workers are up.
Prints one line per service and exits with 1 if something did not come up in time.
"""
import os
import sys
import time

import openstack

yaml_file, limit = sys.argv[1], time.monotonic() + float(sys.argv[2])
wanted = sys.argv[3:]
os.environ['OS_CLIENT_CONFIG_FILE'] = yaml_file
member = openstack.connect(cloud='scs-test')
admin = openstack.connect(cloud='scs-admin')


def workers(proxy, *binaries):
    up = {s['binary'] for s in proxy.get('/os-services').json()['services'] if s['state'] == 'up'}
    missing = set(binaries) - up
    if missing:
        raise RuntimeError('not up: ' + ', '.join(sorted(missing)))


def compute():
    list(member.compute.flavors())
    workers(admin.compute, 'nova-conductor', 'nova-scheduler', 'nova-compute')
    if not list(admin.compute.hypervisors()):
        raise RuntimeError('no hypervisor mapped to a cell yet')


def volumes():
    list(member.block_storage.types())
    workers(admin.block_storage, 'cinder-scheduler', 'cinder-volume', 'cinder-backup')


def container():
    member.object_store.get('/').raise_for_status()


probes = {
    'identity': lambda: member.session.auth.get_access(member.session),
    'image': lambda: list(member.image.images()),
    'placement': lambda: admin.placement.get('/resource_providers').raise_for_status(),
    'compute': compute,
    'network': lambda: list(member.network.networks()),
    'volumev3': volumes,
    'key-manager': lambda: list(member.key_manager.secrets()),
    'key-manager-admin': lambda: list(admin.key_manager.secrets()),
    'object-store': container,
}
bad = 0
for kind in wanted:
    begin = time.monotonic()
    while True:
        try:
            probes[kind]()
            print('  probe %-17s ok  %.1f s' % (kind, time.monotonic() - begin))
            break
        except Exception as exc:
            if time.monotonic() > limit:
                print('  probe %-17s FAILED: %s: %s' % (kind, type(exc).__name__, exc))
                bad = 1
                break
            time.sleep(1)
sys.exit(bad)
