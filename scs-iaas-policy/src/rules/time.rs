//! scs-0129: time synchronization of servers. A decision record without requirements yet.

use scs_standards::{CLOUD, Declared, DocumentId, Heading, Level, Rule};

use super::Rec;
use crate::subject::Cloud;

/// The rules for time.
pub(crate) static RULES: &[Rule<Cloud>] =
    &[Heading { documents: &[DocumentId::version(129, 1)], section: "Decision" }
        .rule("scs-0129-ntp", Level::May, "servers get the time from the provider's own NTP servers", ntp)
        .asking("the NTP servers that DHCP announces (option 42)", "[192.0.2.123]")];

fn ntp(_: &Cloud, rec: &mut Rec<'_>) {
    let context = *rec.context();
    match context.declarations.about(rec.rule().id, CLOUD, context.date()) {
        Declared::InForce(declaration) => match declaration.value.list() {
            Some([]) | None => rec.note(CLOUD, format!("{declaration}, which lists no NTP server")),
            Some(servers) => rec.note(CLOUD, format!("servers get the time from {}", servers.join(", "))),
        },
        _ => rec.note(
            CLOUD,
            "the NTP servers that DHCP announces are not declared; the standard does not require any yet",
        ),
    };
}
