//! scs-0211: the default storage class.
//!
//! Version 1 describes a default class without requiring one; version 2, a draft, requires one, and the rest only if its
//! volumes have to survive failures (C-084). So each version has its own rules.

mod defaults;
mod existence;
mod lasting;
mod topics;
mod volumes;

use scs_standards::{DocumentId, Heading, Level, Rule};

use topics::{BACKING, PROMISE, PROMISES};

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
const SURVIVED: &str = "the facts `disks` and `hosts`: how many of each can fail at once without data loss";
const SURVIVED_EXAMPLE: &str = "{disks: 2, hosts: 1}";
const STORED: &str = "where volumes of the default class are stored: `network`, `nodes` (replicated between them), `node` or `ephemeral`";
const STORED_EXAMPLE: &str = "network";

/// The rules for the default storage class.
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
        "there is exactly one default storage class",
        existence::default_unique,
    ),
    PROPERTIES
        .rule("scs-0211-rwo", Level::Must, "a node can mount the volume for reading and writing", lasting::once)
        .asking(MODES, MODES_EXAMPLE),
    PROPERTIES
        .rule(
            "scs-0211-not-node-bound",
            Level::Must,
            "the volume survives the loss of a node",
            lasting::not_node_bound,
        )
        .asking_about(BACKING, STORED, STORED_EXAMPLE),
    PROPERTIES
        .rule(
            "scs-0211-redundant",
            Level::Must,
            "the data survives the loss of a disk and of a host",
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
            "a failure-safe volume survives the loss of a node",
            lasting::not_node_bound_if_promised,
        )
        .asking_about(BACKING, STORED, STORED_EXAMPLE),
    RECOMMENDED
        .rule(
            "scs-0211-redundant",
            Level::Must,
            "a failure-safe volume is not stored on local or ephemeral storage",
            lasting::not_local_if_promised,
        )
        .asking_about(BACKING, STORED, STORED_EXAMPLE),
    Heading { documents: V1, section: "Conformance Tests" }
        .rule(
            "scs-0211-pvc-works",
            Level::Must,
            "a claim without a class is bound, and a pod can mount it",
            existence::claim_works,
        )
        .asking(
            "the phases reached by a claim without a class and a pod that mounts it, as the facts `claim` and `pod`",
            "{claim: Bound, pod: Running}",
        ),
    RECOMMENDED.rule("scs-0211-expansion", Level::May, "volumes can be expanded", existence::expansion),
    Heading { documents: BOTH, section: "Decision, Required performance-related properties" }
        .rule(
            "scs-0211-no-performance",
            Level::May,
            "no performance is guaranteed",
            existence::promises,
        )
        .asking_about(PROMISE, PROMISES, "failure-safe"),
];
