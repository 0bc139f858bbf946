//! scs-0211: the storage class that claims without one get.
//!
//! Version 1 says what a default class is like and asks for none; version 2, a draft, asks for one and for the rest only where
//! its volumes are to survive failures (C-084). So each has rows of its own.

mod defaults;
mod existence;
mod lasting;
mod volumes;

use scs_standards::{DocumentId, Heading, Level, Rule};

use crate::subject::Cluster;

const V1: &[DocumentId] = &[DocumentId::version(211, 1)];
const V2: &[DocumentId] = &[DocumentId::version(211, 2)];
const BOTH: &[DocumentId] = &[DocumentId::version(211, 1), DocumentId::version(211, 2)];

/// Version 1.
const PROPERTIES: Heading =
    Heading { documents: V1, section: "Decision, Required non-performance-related properties" };
/// Version 2.
const DECISION: Heading = Heading { documents: V2, section: "Decision" };
const RECOMMENDED: Heading =
    Heading { documents: V2, section: "Decision, Recommended non-performance-related properties" };

const MODES: &str = "the access modes of the default class's volumes, as a list";
const MODES_EXAMPLE: &str = "[ReadWriteOnce]";
const SURVIVED: &str =
    "the facts `disks` and `hosts`: how many of each may be lost at once without loss of data";
const SURVIVED_EXAMPLE: &str = "{disks: 2, hosts: 1}";
const KEPT: &str = "where volumes of the default class are kept: `network`, `nodes` (copied between them), `node` or `ephemeral`";
const KEPT_EXAMPLE: &str = "network";

/// What is declared of the place where volumes are kept.
const BACKING: &str = "default-storage-backing";
/// What is declared of the promises of the class.
const PROMISE: &str = "default-storage-promise";
const PROMISES: &str = "what is promised of the default class's volumes, `failure-safe` or `best-effort`";

/// The rules over the default class.
pub(crate) static RULES: &[Rule<Cluster>] = &[
    DECISION.rule(
        "scs-0211-default-exists",
        Level::Must,
        "there is a default storage class",
        existence::default_exists,
    ),
    Heading { documents: BOTH, section: "Decision" }.rule(
        "scs-0211-default-unique",
        Level::Should,
        "there is one default storage class",
        existence::default_unique,
    ),
    PROPERTIES
        .rule("scs-0211-rwo", Level::Must, "a node can mount the volume for reading and writing", lasting::once)
        .asking(MODES, MODES_EXAMPLE),
    PROPERTIES
        .rule(
            "scs-0211-not-node-bound",
            Level::Must,
            "the volume does not go with a node",
            lasting::not_node_bound,
        )
        .asking_about(BACKING, KEPT, KEPT_EXAMPLE),
    PROPERTIES
        .rule(
            "scs-0211-redundant",
            Level::Must,
            "the data survive the loss of a disk and of a host",
            lasting::redundant,
        )
        .asking(SURVIVED, SURVIVED_EXAMPLE),
    RECOMMENDED
        .rule(
            "scs-0211-rwo",
            Level::Must,
            "a node can mount a failure-safe volume for reading and writing",
            lasting::once_if_promised,
        )
        .asking(MODES, MODES_EXAMPLE),
    RECOMMENDED
        .rule(
            "scs-0211-not-node-bound",
            Level::Must,
            "a failure-safe volume does not go with a node",
            lasting::not_node_bound_if_promised,
        )
        .asking_about(BACKING, KEPT, KEPT_EXAMPLE),
    RECOMMENDED
        .rule(
            "scs-0211-redundant",
            Level::Must,
            "a failure-safe volume is not kept on local or ephemeral storage",
            lasting::not_local_if_promised,
        )
        .asking_about(BACKING, KEPT, KEPT_EXAMPLE),
    Heading { documents: V1, section: "Conformance Tests" }
        .rule(
            "scs-0211-pvc-works",
            Level::Must,
            "a claim without a class is bound, and a pod can mount it",
            existence::claim_works,
        )
        .asking(
            "the phases that a claim without a class and a pod that mounts it came to, as the facts `claim` and `pod`",
            "{claim: Bound, pod: Running}",
        ),
    RECOMMENDED.rule("scs-0211-expansion", Level::May, "volumes can grow", existence::expansion),
    Heading { documents: BOTH, section: "Decision, Required performance-related properties" }
        .rule(
            "scs-0211-no-performance",
            Level::May,
            "no figures of performance are promised",
            existence::promises,
        )
        .asking_about(PROMISE, PROMISES, "failure-safe"),
];
