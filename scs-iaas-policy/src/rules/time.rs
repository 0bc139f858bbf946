//! scs-0129: how servers get the time. A decision on a direction; it obliges nobody yet.

use scs_standards::{CLOUD, Declared, DocumentId, Heading, Level, Rule};

use super::Rec;
use crate::subject::Cloud;

/// The rules over time.
pub(crate) static RULES: &[Rule<Cloud>] =
    &[Heading { documents: &[DocumentId::version(129, 1)], section: "Decision" }
        .rule("scs-0129-ntp", Level::May, "servers get the time by NTP from the provider's own servers", ntp)
        .asking("the NTP servers that DHCP tells (option 42)", "[192.0.2.123]")];

fn ntp(_: &Cloud, rec: &mut Rec<'_>) {
    let context = *rec.context();
    match context.declarations.about(rec.rule().id, CLOUD, context.date()) {
        Declared::InForce(declaration) => match declaration.value.list() {
            Some([]) | None => rec.note(CLOUD, format!("{declaration}, which names no NTP server")),
            Some(servers) => rec.note(CLOUD, format!("servers get the time from {}", servers.join(", "))),
        },
        _ => rec.note(CLOUD, "which NTP servers DHCP tells is not declared; the standard asks for none yet"),
    };
}
