//! Updates, as in scs-0210-v2.

use scs_standards::Verdict;

use super::super::Rec;
use super::super::version_policy::{
    Judged, is_up_to_date, judge_components, judge_kubelets, record_facts, update_of, warn_of_end_of_life,
};
use crate::standing::Maintenance;
use crate::subject::{Cluster, source};

/// Checks that a cluster is updated in time. The end of life of its branch is a warning, as in the version policy (C-081).
pub(super) fn policy(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(server) = rec.needs(&cluster.version, source::VERSION) else { return };
    record_facts(cluster, rec);
    let Judged { verdict, reason, hint } = is_up_to_date(cluster, server, rec.context());
    match verdict {
        Verdict::Pass => {}
        Verdict::Fail => {
            let fix = update_of(cluster, server, rec.context());
            let entry = rec.fail(server.as_str(), reason);
            if let Some(fix) = fix {
                entry.repaired_by(fix);
            }
        }
        Verdict::Dnf | Verdict::Miss => {
            rec.dnf(server.as_str(), reason).hinting(hint);
        }
    }
    let maintenance = Maintenance::of(server.version().branch(), &cluster.facts, rec.context().date());
    warn_of_end_of_life(server, maintenance, rec);
    judge_components(cluster, server, rec);
    judge_kubelets(cluster, server, rec);
}
