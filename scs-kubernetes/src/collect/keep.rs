//! What is kept of the objects of each part.
//!
//! Secrets are never kept: values of variables and flags that no rule reads, texts of scripts, parameters of drivers, and what
//! `kubectl apply` was given. Who changed which field is not evidence either.

use scs_k8s_policy::{reads_annotation, reads_parameter, reads_variable};

use super::reduce::Keep;
use super::reduce::Keep::{All, Each, Keys, Mostly, Nothing, Only, Variables, Words};

/// The ends of annotations in which tools keep whole objects.
const WHOLE_OBJECTS: [&str; 4] = ["/last-applied-configuration", "/original", "/applied", "/last-applied"];

const ANNOTATIONS: Keep = Keys(|key| !WHOLE_OBJECTS.iter().any(|end| key.ends_with(end)));

const WHOLE_METADATA: Keep = Mostly(&[("managedFields", Nothing), ("annotations", ANNOTATIONS)]);

/// An object of which rules read much.
pub(super) const OBJECT: Keep = Mostly(&[("metadata", WHOLE_METADATA)]);

/// Metadata of nodes, pods and their templates.
const METADATA: Keep = Only(&[
    ("name", All),
    ("namespace", All),
    ("labels", All),
    ("annotations", Keys(reads_annotation)),
    ("ownerReferences", All),
]);

pub(super) const NODE: Keep =
    Only(&[("metadata", METADATA), ("status", Only(&[("nodeInfo", All), ("addresses", All)]))]);

const CONTAINERS: Keep = Each(&Only(&[
    ("name", All),
    ("image", All),
    ("command", Words),
    ("args", Words),
    ("env", Variables(reads_variable)),
    ("envFrom", All),
    ("ports", All),
    ("securityContext", All),
    ("livenessProbe", PROBE),
    ("readinessProbe", PROBE),
    ("startupProbe", PROBE),
    ("lifecycle", Only(&[("postStart", PROBE), ("preStop", PROBE)])),
]));

/// A probe or hook; its headers may have a token.
const PROBE: Keep = Only(&[("httpGet", Only(&[("host", All), ("port", All)])), ("tcpSocket", All)]);

const POD_SPEC: Keep = Only(&[
    ("containers", CONTAINERS),
    ("initContainers", CONTAINERS),
    ("ephemeralContainers", CONTAINERS),
    ("hostIPC", All),
    ("hostNetwork", All),
    ("hostPID", All),
    ("nodeName", All),
    ("nodeSelector", All),
    ("securityContext", All),
    ("volumes", Each(&Only(&[("name", All), ("hostPath", All)]))),
]);

pub(super) const POD: Keep = Only(&[("metadata", METADATA), ("spec", POD_SPEC)]);

pub(super) const DAEMON_SET: Keep = Only(&[
    ("metadata", METADATA),
    ("spec", Only(&[("template", Only(&[("metadata", METADATA), ("spec", POD_SPEC)]))])),
    ("status", Only(&[("desiredNumberScheduled", All), ("numberReady", All)])),
]);

/// Every container, with its variables but without their values.
const WHOLE_CONTAINERS: Keep = Each(&Mostly(&[
    ("command", Words),
    ("args", Words),
    ("lifecycle", Only(&[("postStart", PROBE), ("preStop", PROBE)])),
    ("env", Variables(reads_variable)),
    ("livenessProbe", PROBE),
    ("readinessProbe", PROBE),
    ("startupProbe", PROBE),
]));

const WHOLE_POD_SPEC: Keep = Mostly(&[
    ("volumes", Each(&Mostly(&[("csi", WITHOUT_ATTRIBUTES), ("flexVolume", WITHOUT_ATTRIBUTES)]))),
    ("containers", WHOLE_CONTAINERS),
    ("initContainers", WHOLE_CONTAINERS),
    ("ephemeralContainers", WHOLE_CONTAINERS),
]);

/// The last words of a container may be anything.
const WHOLE_POD_STATUS: Keep = Mostly(&[
    ("containerStatuses", Nothing),
    ("initContainerStatuses", Nothing),
    ("ephemeralContainerStatuses", Nothing),
]);

pub(super) const WHOLE_POD: Keep =
    Mostly(&[("metadata", WHOLE_METADATA), ("spec", WHOLE_POD_SPEC), ("status", WHOLE_POD_STATUS)]);

pub(super) const WHOLE_DAEMON_SET: Keep = Mostly(&[
    ("metadata", WHOLE_METADATA),
    ("spec", Mostly(&[("template", Mostly(&[("metadata", WHOLE_METADATA), ("spec", WHOLE_POD_SPEC)]))])),
]);

/// A volume of a driver, whose attributes may have secrets.
const WITHOUT_ATTRIBUTES: Keep = Mostly(&[("volumeAttributes", Nothing), ("options", Nothing)]);

pub(super) const VOLUME: Keep = Mostly(&[
    ("metadata", WHOLE_METADATA),
    (
        "spec",
        Mostly(&[("csi", WITHOUT_ATTRIBUTES), ("flexVolume", WITHOUT_ATTRIBUTES), ("mountOptions", Nothing)]),
    ),
]);

/// A storage class; options for mounting and parameters may have a password.
pub(super) const STORAGE_CLASS: Keep =
    Mostly(&[("metadata", WHOLE_METADATA), ("mountOptions", Nothing), ("parameters", Keys(reads_parameter))]);

/// Only the number of policies is read.
pub(super) const POLICY: Keep = Only(&[("metadata", Only(&[("name", All), ("namespace", All)]))]);

const KUBELET_FIELDS: &[(&str, Keep)] = &[
    ("kind", All),
    ("port", All),
    ("readOnlyPort", All),
    ("healthzBindAddress", All),
    ("healthzPort", All),
    ("authentication", All),
    ("authorization", All),
];

/// The answer of `/configz`.
pub(super) const KUBELET: Keep = Only(&[("kubeletconfig", Only(KUBELET_FIELDS))]);

/// The answer of `/configz` without the headers of its source of static pods, which may have a token.
pub(super) const WHOLE_KUBELET: Keep =
    Mostly(&[("kubeletconfig", Mostly(&[("staticPodURLHeader", Nothing)]))]);
