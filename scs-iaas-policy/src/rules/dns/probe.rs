//! Checks of the answers of DNS servers.

use std::net::IpAddr;

use scs_standards::{DeclaredValue, needed_fact};

use super::super::Rec;
use super::{ANSWERS, PROBE, reaches_internet, recursors, setting};
use crate::subject::Cloud;

/// The declared answers of one server; records a finding if there are none.
fn answers<'v>(rec: &mut Rec<'_>, probe: &'v DeclaredValue, server: &str) -> Option<&'v DeclaredValue> {
    let address = setting::address(server);
    let found = match probe {
        DeclaredValue::Facts(facts) => {
            let is_it = |known: &str| {
                known == server || address.is_some() && known.trim().parse::<IpAddr>().ok() == address
            };
            facts.iter().find(|(known, _)| is_it(known)).map(|(_, answers)| answers)
        }
        _ => None,
    };
    if found.is_none() {
        rec.miss(server, "no answers declared for this server; declare them by its address");
    }
    found
}

/// The response codes (IANA, *DNS RCODEs*), and `none` for no response.
const CODES: &[&str] = &[
    "noerror", "formerr", "servfail", "nxdomain", "notimp", "refused", "yxdomain", "yxrrset", "nxrrset",
    "notauth", "notzone", "timeout",
];
/// Flags that an answer may have besides its code.
const FLAGS: &[&str] = &["ad", "rrsig"];

/// A server's answer to a question.
struct Answer {
    code: String,
    validated: bool,
    signed: bool,
}

/// Parses an answer, a code with flags; records a finding if it is invalid.
fn answer(rec: &mut Rec<'_>, answers: &DeclaredValue, server: &str, question: &str) -> Option<Answer> {
    let Some(words) = answers.fact(question).and_then(DeclaredValue::list) else {
        rec.dnf(server, format!("the answer of this server to `{question}` is not declared"));
        return None;
    };
    let words: Vec<String> = words.iter().map(|word| word.trim().to_lowercase()).collect();
    let (codes, others): (Vec<&String>, Vec<&String>) =
        words.iter().partition(|word| CODES.contains(&word.as_str()));
    if let Some(unknown) = others.iter().find(|word| !FLAGS.contains(&word.as_str())) {
        rec.dnf(server, format!("`{unknown}` in the answer to `{question}` is not a code, `ad` or `rrsig`"));
        return None;
    }
    let [code] = codes.as_slice() else {
        let message = format!(
            "the answer to `{question}` must have exactly one code, such as NOERROR or SERVFAIL; it has {}",
            codes.len()
        );
        rec.dnf(server, message);
        return None;
    };
    let has = |flag: &str| words.iter().any(|word| word == flag);
    Some(Answer { code: (*code).clone(), validated: has("ad"), signed: has("rrsig") })
}

fn needed_probe<'a>(rec: &mut Rec<'a>) -> Option<&'a DeclaredValue> {
    needed_fact(rec, &[PROBE], ANSWERS)
}

/// Checks whether a server supports and validates DNSSEC.
fn dnssec(rec: &mut Rec<'_>, probe: &DeclaredValue, server: &str) {
    let Some(answers) = answers(rec, probe, server) else { return };
    if let Some(signed) = answer(rec, answers, server, "signed") {
        if signed.code != "noerror" {
            rec.fail(server, "it does not resolve a signed name")
                .compared("NOERROR", signed.code.to_uppercase());
        }
        if !signed.validated {
            let message = "it does not validate signed names (flag `ad` is missing); enable validation";
            rec.fail(server, message).compared("ad", "not set");
        }
        if !signed.signed {
            let message =
                "it does not return signatures (RRSIG) when asked to, so it does not support DNSSEC";
            rec.fail(server, message).compared("rrsig", "none");
        }
    }
    if let Some(bogus) = answer(rec, answers, server, "bogus") {
        if bogus.code != "servfail" {
            let message = "it answers a query for a name with a broken signature instead of rejecting it; enable validation";
            rec.fail(server, message).compared("SERVFAIL", bogus.code.to_uppercase());
        } else if bogus.validated || bogus.signed {
            rec.dnf(server, "the answer to `bogus` is SERVFAIL, yet it has `ad` or `rrsig`");
        }
    }
}

pub(super) fn recursor_dnssec(_: &Cloud, rec: &mut Rec<'_>) {
    let Some(recursors) = recursors(rec) else { return };
    if recursors.is_empty() {
        rec.note("recursors", "there is no local recursor");
        return;
    }
    let Some(probe) = needed_probe(rec) else { return };
    // All of them, since DHCP may announce any.
    for recursor in recursors {
        dnssec(rec, probe, &recursor.to_string());
    }
}

/// The servers that DHCP announces, without duplicates; `None` if a finding was recorded instead.
fn announced(cloud: &Cloud, rec: &mut Rec<'_>) -> Option<Vec<String>> {
    let settings = setting::servers(cloud, rec)?;
    let mut servers: Vec<String> = settings.into_iter().flat_map(|setting| setting.servers).collect();
    servers.sort_unstable();
    servers.dedup();
    Some(servers)
}

pub(super) fn public_names(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(internet) = reaches_internet(rec) else { return };
    if !internet {
        rec.note("networks", "no provider network is connected to the internet");
        return;
    }
    let Some(servers) = announced(cloud, rec) else { return };
    if servers.is_empty() {
        rec.fail("DNS servers", "DHCP announces no DNS server, so servers cannot resolve public names")
            .compared("one or more", "none");
        return;
    }
    let Some(probe) = needed_probe(rec) else { return };
    for server in servers {
        let Some(answers) = answers(rec, probe, &server) else { continue };
        let Some(public) = answer(rec, answers, &server, "public") else { continue };
        if public.code != "noerror" {
            rec.fail(&server, "it does not resolve public names")
                .compared("NOERROR", public.code.to_uppercase());
        }
    }
}

pub(super) fn public_dnssec(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(recursors) = recursors(rec) else { return };
    if !recursors.is_empty() {
        rec.note(
            "recursors",
            "there are local recursors, and DHCP must announce those instead of public DNS servers",
        );
        return;
    }
    let Some(servers) = announced(cloud, rec) else { return };
    if servers.is_empty() {
        rec.note("DNS servers", "DHCP announces no public DNS server");
        return;
    }
    let Some(probe) = needed_probe(rec) else { return };
    for server in servers {
        dnssec(rec, probe, &server);
    }
}
