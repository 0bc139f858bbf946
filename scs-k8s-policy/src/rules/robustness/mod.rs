//! scs-0215: robustness of a cluster: request limits, etcd compaction, backups, and certificate rotation.

mod certificates;
mod components;
mod etcd;
mod limits;

use scs_standards::{DocumentId, Heading, Level, Rule};

use super::control_plane::{
    API_SERVER_EXAMPLE, API_SERVER_FLAGS, API_SERVER_VALUES, ETCD_EXAMPLE, ETCD_FLAGS, ETCD_VALUES,
};
use crate::subject::Cluster;

const ROBUSTNESS: &[DocumentId] = &[DocumentId::version(215, 1)];
const LIMITS: Heading = Heading { documents: ROBUSTNESS, section: "Decision, Kube-API rate limiting" };
const COMPACTION: Heading = Heading { documents: ROBUSTNESS, section: "Decision, etcd compaction" };
const BACKUP: Heading = Heading { documents: ROBUSTNESS, section: "Decision, etcd backup" };
const ROTATION: Heading = Heading { documents: ROBUSTNESS, section: "Decision, Certificate rotation" };

/// The rules for robustness.
pub(crate) static RULES: &[Rule<Cluster>] = &[
    LIMITS
        .rule(
            "scs-0215-max-requests",
            Level::Must,
            "the API server limits concurrent requests",
            limits::max_requests,
        )
        .asking_about(API_SERVER_FLAGS, API_SERVER_VALUES, API_SERVER_EXAMPLE),
    LIMITS
        .rule(
            "scs-0215-max-mutating",
            Level::Must,
            "the API server limits concurrent mutating requests",
            limits::max_mutating,
        )
        .asking_about(API_SERVER_FLAGS, API_SERVER_VALUES, API_SERVER_EXAMPLE),
    LIMITS
        .rule(
            "scs-0215-min-timeout",
            Level::Must,
            "the API server has a minimum request timeout",
            limits::min_timeout,
        )
        .asking_about(API_SERVER_FLAGS, API_SERVER_VALUES, API_SERVER_EXAMPLE),
    LIMITS
        .rule(
            "scs-0215-eventratelimit",
            Level::Must,
            "the admission plug-in EventRateLimit is on and has limits",
            limits::event_rate_limit,
        )
        .asking_about(API_SERVER_FLAGS, API_SERVER_VALUES, API_SERVER_EXAMPLE),
    LIMITS.rule(
        "scs-0215-eventratelimit-values",
        Level::Should,
        "the server accepts 5000 events per second, in bursts of 20000",
        limits::event_rate_limit_values,
    ),
    LIMITS
        .rule("scs-0215-apf", Level::Should, "API priority and fairness is on", limits::priority_and_fairness)
        .asking_about(API_SERVER_FLAGS, API_SERVER_VALUES, API_SERVER_EXAMPLE),
    COMPACTION
        .rule(
            "scs-0215-etcd-compaction-mode",
            Level::Must,
            "etcd compacts its history periodically",
            etcd::compaction_mode,
        )
        .asking_about(ETCD_FLAGS, ETCD_VALUES, ETCD_EXAMPLE),
    COMPACTION
        .rule(
            "scs-0215-etcd-compaction-retention",
            Level::Must,
            "etcd keeps eight hours of its history",
            etcd::compaction_retention,
        )
        .asking_about(ETCD_FLAGS, ETCD_VALUES, ETCD_EXAMPLE),
    BACKUP.rule(
        "scs-0215-etcd-backup",
        Level::Must,
        "the newest backup of etcd is at most a week old",
        etcd::backup,
    ),
    BACKUP.rule(
        "scs-0215-etcd-backup-scheme",
        Level::Should,
        "backups of etcd are thinned out with age, with no larger gaps than recommended",
        etcd::backup_scheme,
    ),
    BACKUP
        .rule(
            "scs-0215-etcd-backup-encrypted",
            Level::Should,
            "backups of etcd are encrypted",
            etcd::backup_encrypted,
        )
        .asking("the encryption of the backups, or `nothing`", "age"),
    ROTATION.rule(
        "scs-0215-cert-rotation",
        Level::Must,
        "certificates of components are at most a year old and have not expired",
        certificates::rotation,
    ),
    ROTATION.rule(
        "scs-0215-ca-renewal",
        Level::Should,
        "authorities are renewed before one-year certificates would outlive them",
        certificates::authorities,
    ),
];
