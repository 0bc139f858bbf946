//! scs-0123: the services in every cloud's catalog, in both versions.

use std::collections::BTreeSet;

use scs_standards::Listed;
use scs_standards::round_trip::{Outcome, RoundTrip};
use scs_standards::wording::truncated;
use scs_standards::written::shell::operand;
use scs_standards::{
    CLOUD, DeclaredValue, DocumentId, Edit, Fix, Given, Heading, Judgment, Level, Object, Profile, Rule,
    Split, Verdict, Way, is_vacuous,
};

use super::Rec;
use super::declared::is_public_address;
use super::evidence::{current, endpoints_not_given, has_service, is_empty, services_of};
use crate::service_types::{
    BLOCK_STORAGE, MANDATORY_SERVICES, OTHER_TYPES, S3, SUPPORTED_IN_V1, SUPPORTED_SERVICES, ServiceType,
};
use crate::subject::{Cloud, Endpoint, Interface, Service, source};

const V1: &[DocumentId] = &[DocumentId::version(123, 1)];
const V2: &[DocumentId] = &[DocumentId::version(123, 2)];
/// Rules common to both versions; the one in effect first.
const BOTH: &[DocumentId] = &[DocumentId::version(123, 1), DocumentId::version(123, 2)];

const fn mandatory(documents: &'static [DocumentId]) -> Heading {
    Heading { documents, section: "Mandatory IaaS APIs" }
}

/// Rules common to both versions.
pub(crate) static RULES: &[Rule<Cloud>] = &[
    mandatory(BOTH).case(
        "scs-0123-service-compute",
        Level::Must,
        "a compute service is available",
        |cloud, rec| {
            present(cloud, rec, "compute");
        },
    ),
    mandatory(BOTH).case(
        "scs-0123-service-identity",
        Level::Must,
        "an identity service is available",
        |cloud, rec| {
            present(cloud, rec, "identity");
        },
    ),
    mandatory(BOTH).case(
        "scs-0123-service-image",
        Level::Must,
        "an image service is available",
        |cloud, rec| {
            present(cloud, rec, "image");
        },
    ),
    mandatory(BOTH).case(
        "scs-0123-service-network",
        Level::Must,
        "a network service is available",
        |cloud, rec| {
            present(cloud, rec, "network");
        },
    ),
    mandatory(BOTH).case(
        "scs-0123-service-load-balancer",
        Level::Must,
        "a load balancer service is available",
        |cloud, rec| present(cloud, rec, "load-balancer"),
    ),
    mandatory(BOTH).case(
        "scs-0123-storage-apis",
        Level::Must,
        "a block storage service is available",
        storage_apis,
    ),
    mandatory(BOTH).rule(
        "scs-0123-endpoints",
        Level::Must,
        "each mandatory service has a public endpoint in each region",
        endpoints,
    ),
    Heading { documents: BOTH, section: "Supported IaaS APIs" }.rule(
        "scs-0123-supported",
        Level::May,
        "supported services are available",
        supported,
    ),
    Heading { documents: BOTH, section: "Unsupported IaaS APIs" }.rule(
        "scs-0123-unsupported",
        Level::May,
        "other services are the provider's responsibility",
        unsupported,
    ),
];

/// Rules only in version 1, which the official suite checks.
pub(crate) static RULES_V1: &[Rule<Cloud>] = &[
    mandatory(V1).case(
        "scs-0123-service-placement",
        Level::Must,
        "required by the official suite: a placement service, though the text does not mention it",
        placement,
    ),
    mandatory(V1).case("scs-0123-swift-s3", Level::Must, "S3 is available", swift_s3),
    mandatory(V1).rule("scs-0123-s3-entry-v1", Level::Must, "S3 is in the catalog", s3_entry),
    mandatory(V1)
        .rule("scs-0123-s3-docs", Level::Must, "the endpoints and implementation of S3 are publicly documented", s3_docs)
        .asking(
            "the facts `implementation` (such as Ceph RGW) and `endpoints` (a list of URLs), with `document` next to the value",
            "{implementation: Ceph RGW, endpoints: [https://s3.example.org]}",
        ),
];

/// Rules only in version 2.
pub(crate) static RULES_V2: &[Rule<Cloud>] = &[
    mandatory(V2).case("scs-0123-service-s3", Level::Must, "an S3 service is available", |cloud, rec| {
        present(cloud, rec, S3.canonical);
    }),
    mandatory(V2).rule(
        "scs-0123-canonical-type",
        Level::Should,
        "the catalog uses canonical types, not aliases",
        canonical_type,
    ),
    mandatory(V2).rule(
        "scs-0123-foreign-alias",
        Level::MustNot,
        "service types have only aliases from the Service Type Authority",
        foreign_alias,
    ),
];

fn given<'c>(cloud: &'c Cloud, rec: &mut Rec<'_>) -> Option<&'c Listed<Service>> {
    rec.needs(&cloud.services, source::SERVICES)
}

/// Advice for a service that is not in the catalog: it also has to be deployed, not just registered.
fn deploy(service_type: &str) -> Fix {
    // Version 1 also accepts version 2's name of S3, but not the other way around.
    let service_type = if S3_TYPES.contains(&service_type) { S3.canonical } else { service_type };
    Fix::advice(format!(
        "deploy the service unless it already runs, then register it as `{service_type}` with its public endpoint"
    ))
}

fn present(cloud: &Cloud, rec: &mut Rec<'_>, service_type: &str) {
    if has_service(cloud, rec, &[service_type]) == Some(false) {
        missing(cloud, rec, service_type, &[service_type]);
    }
}

/// Records that no service of these types is in the catalog.
fn missing(cloud: &Cloud, rec: &mut Rec<'_>, service_type: &str, types: &[&str]) {
    let expected = format!("an entry `{service_type}`");
    if let Some(disabled) = disabled(cloud, types) {
        let message = format!("the service of type `{disabled}` is disabled, so users cannot find it");
        rec.fail("catalog", message).compared(expected, "disabled").repaired_by(enable());
        return;
    }
    rec.fail("catalog", format!("no service of type `{service_type}`"))
        .compared(expected, "none")
        .repaired_by(deploy(service_type));
}

/// The first of these types that is registered but disabled.
fn disabled<'c>(cloud: &'c Cloud, types: &[&str]) -> Option<&'c str> {
    cloud.disabled_services.iter().map(String::as_str).find(|disabled| types.contains(disabled))
}

fn enable() -> Fix {
    Fix::advice("find out why it is disabled, and enable it (`openstack service set --enable`)")
}

/// C-071: the official suite accepts three of the five names.
fn storage_apis(cloud: &Cloud, rec: &mut Rec<'_>) {
    const OFFICIAL: &[&str] = &["volume", "volumev3", "block-storage"];
    let Some(services) = given(cloud, rec) else { return };
    let types: Vec<&str> = BLOCK_STORAGE.aliases.iter().copied().chain([BLOCK_STORAGE.canonical]).collect();
    if !services_of(services.entries(), OFFICIAL).is_empty() {
        return;
    }
    if !services.report_unreadable(rec, source::SERVICES.name) {
        return;
    }
    match services_of(services.entries(), &types).first() {
        Some(service) => {
            let split = Split { text: Verdict::Pass, official: Verdict::Fail, difference: "C-071" };
            let message = format!("the official suite does not accept `{}` as block storage", service.r#type);
            rec.split(split, "catalog", message).compared("block-storage", &service.r#type);
        }
        None => missing(cloud, rec, BLOCK_STORAGE.canonical, &types),
    }
}

/// C-070: the text does not require it.
fn placement(cloud: &Cloud, rec: &mut Rec<'_>) {
    if has_service(cloud, rec, &["placement"]) == Some(false) {
        let split = Split { text: Verdict::Pass, official: Verdict::Fail, difference: "C-070" };
        rec.split(split, "catalog", "no service of type `placement`, which the official suite requires")
            .compared("an entry `placement`", "none")
            .repaired_by(deploy("placement"));
    }
}

/// The types that version 1 accepts for S3.
const S3_TYPES: &[&str] = &["s3", S3.canonical];
/// The error codes of S3 for a wrong key.
const REFUSALS: [&str; 2] = ["InvalidAccessKeyId", "NoSuchKey"];

/// Other error codes of S3, which also show that it is available.
const OTHER_REFUSALS: [&str; 7] = [
    "AccessDenied",
    "SignatureDoesNotMatch",
    "InvalidToken",
    "AuthorizationHeaderMalformed",
    "InvalidSecurity",
    "AccountProblem",
    "NoSuchBucket",
];

/// The result of the S3 probe with wrong credentials: whether S3 responds, and the official suite's verdict. A rejection
/// without an S3 error code may come from anything, such as a proxy.
fn probed(outcome: &RoundTrip) -> (bool, Verdict) {
    match outcome.outcome {
        // As S3 should.
        Outcome::Ok => (true, Verdict::Pass),
        Outcome::Refused => {
            let detail = outcome.detail.as_deref();
            let is_one_of =
                |codes: &[&str]| detail.is_none_or(|detail| codes.iter().any(|code| detail.contains(code)));
            if is_one_of(&REFUSALS) {
                (true, Verdict::Pass)
            } else {
                (is_one_of(&OTHER_REFUSALS), Verdict::Fail)
            }
        }
        Outcome::Failed | Outcome::Absent => (false, Verdict::Fail),
    }
}

/// C-070: the official suite requests S3 from the host of Swift, and passes if there is no Swift.
fn swift_s3(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(services) = given(cloud, rec) else { return };
    let has = |types| !services_of(services.entries(), types).is_empty();
    let (entry, swift) = (has(S3_TYPES), has(&["object-store"]));
    let profile = rec.context().profile;
    let s3 = current(rec, cloud, &cloud.s3, source::S3);
    let by_text = match (&s3, entry) {
        // It is registered but did not respond: one of the two is wrong.
        (Given::Data(outcome), true) if !probed(outcome).0 => Some(Verdict::Dnf),
        (_, true) => Some(Verdict::Pass),
        // Users cannot find it.
        (_, false) if !swift => Some(Verdict::Fail),
        (Given::Data(outcome), false) if probed(outcome).0 => Some(Verdict::Pass),
        (Given::Data(_), false) => Some(Verdict::Fail),
        _ => None,
    };
    let official = match &s3 {
        _ if !swift => Some(Verdict::Pass),
        Given::Data(outcome) => Some(probed(outcome).1),
        _ => None,
    };
    let decided = match profile {
        Profile::Text => by_text,
        Profile::Official => official,
    };
    if decided != Some(Verdict::Pass) && !services.report_unreadable(rec, source::SERVICES.name) {
        return;
    }
    match (decided, by_text, official) {
        (None, _, _) => {
            rec.needs(&s3, source::S3);
        }
        (Some(Verdict::Pass), by_text, official)
            if by_text == official || by_text.is_none() || official.is_none() => {}
        (Some(_), by_text, official) => {
            let detail = s3.data().map(RoundTrip::detail_in_brackets).unwrap_or_default();
            let message = match (entry, swift, &s3) {
                (false, false, _) => {
                    "no S3 is available: the catalog has neither an entry for it nor an object store"
                        .to_owned()
                }
                (true, _, Given::Data(outcome)) if !probed(outcome).0 => {
                    format!("the catalog has S3, but it did not respond{detail}")
                }
                (true, true, Given::Data(_)) => format!(
                    "the catalog has S3, but the host of the object store does not respond as the official suite requires{detail}"
                ),
                (false, true, Given::Data(_)) => format!(
                    "S3 is not in the catalog, and does not respond on the host of the object store{detail}"
                ),
                _ => "S3 is not available".to_owned(),
            };
            let split = Split {
                text: by_text.unwrap_or(Verdict::Miss),
                official: official.unwrap_or(Verdict::Miss),
                difference: "C-070",
            };
            let finding = rec
                .split(split, "S3", message)
                .compared("an entry `object-store-s3`, or `s3`", if entry { "an entry" } else { "none" });
            if !entry {
                finding.repaired_by(deploy(S3.canonical));
            }
        }
    }
}

fn s3_entry(cloud: &Cloud, rec: &mut Rec<'_>) {
    if has_service(cloud, rec, S3_TYPES) == Some(false) {
        rec.fail("catalog", "the catalog has no S3 entry")
            .compared("an entry `s3`, or `object-store-s3` as in version 2", "none")
            .repaired_by(deploy(S3.canonical));
    }
}

fn s3_docs(_: &Cloud, rec: &mut Rec<'_>) {
    scs_standards::judge_declarations(rec, [CLOUD], |_, declaration| {
        let value = &declaration.value;
        let implementation = value.fact("implementation").and_then(DeclaredValue::text);
        match (implementation, value.fact("endpoints").and_then(DeclaredValue::list)) {
            (Some(implementation), _) if is_vacuous(implementation) => Judgment::Unusable,
            (Some(_), Some([])) => Judgment::Breaks("no endpoint is listed".to_owned()),
            (Some(_), Some(endpoints)) if endpoints.iter().any(|it| !is_endpoint(it)) => Judgment::Unusable,
            (Some(_), Some(_)) => match declaration.document.as_deref() {
                Some(address) if is_public_address(address) => Judgment::Satisfies,
                Some(_) => Judgment::Breaks("the `document` is not a public URL".to_owned()),
                None => Judgment::Breaks("the declaration has no public `document`".to_owned()),
            },
            _ => Judgment::Unusable,
        }
    });
}

/// Whether a text is an endpoint: an HTTP URL, or a host.
fn is_endpoint(text: &str) -> bool {
    let text = text.trim();
    let with_scheme = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    !is_vacuous(text) && is_public_address(&with_scheme)
}

/// The fix that changes the type of a catalog entry. Clients that look for the old type no longer find it, and the entry
/// must be referred to by its id, since names and types are not unique.
fn retype(services: &[Service], given: &str, canonical: &str) -> Fix {
    let of_type: Vec<&Service> = services.iter().filter(|service| service.r#type == given).collect();
    let beside = services.iter().any(|service| service.r#type == canonical);
    let only = match of_type.as_slice() {
        [only] => only.id.as_deref(),
        _ => None,
    };
    match (only, beside) {
        (Some(id), false) => Fix::choose(
            format!("Have all clients stopped looking for `{given}`? Otherwise change them first."),
            [Way::new(
                format!("openstack service set --type {canonical} {}", operand(id)),
                [Edit::set(source::SERVICES.name, Object::with_id(id), ["type"], canonical)],
            )
            .when("they have")
            .destructive()],
        ),
        (Some(id), true) => Fix::choose(
            format!(
                "Have all clients stopped looking for `{given}`, and does `{canonical}` have the same endpoints? Otherwise change the clients or the endpoints first."
            ),
            [Way::new(
                format!("openstack service delete {}", operand(id)),
                [Edit::delete(source::SERVICES.name, Object::with_id(id))],
            )
            .when("both are true")
            .destructive()],
        ),
        (None, false) => Fix::advice(format!(
            "change the type of the entry to `{canonical}`, by its id (`openstack service list`), once no client looks for `{given}`"
        )),
        (None, true) => Fix::advice(format!(
            "delete the entry by its id (`openstack service list`), once no client looks for `{given}`"
        )),
    }
}

fn canonical_type(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(services) = given(cloud, rec) else { return };
    services.report_unreadable(rec, source::SERVICES.name);
    let types: BTreeSet<&str> = services.entries().iter().map(|service| service.r#type.as_str()).collect();
    for service in MANDATORY_SERVICES.iter().chain(SUPPORTED_SERVICES) {
        for alias in types.iter().filter(|given| service.aliases.contains(given)) {
            let beside = types.contains(service.canonical);
            let message = if beside {
                format!("`{alias}` is an alias; `{}` exists as well", service.canonical)
            } else {
                format!("`{alias}` is an alias of `{}`", service.canonical)
            };
            rec.fail("catalog", message).compared(service.canonical, alias).repaired_by(retype(
                services.entries(),
                alias,
                service.canonical,
            ));
        }
    }
}

/// A type of a mandatory service that the authority does not list.
fn meant<'t>(service: &Service, mandatory: &'t [ServiceType]) -> Option<&'t ServiceType> {
    let given = service.r#type.as_str();
    let known = |known: &ServiceType| known.is(given);
    if mandatory.iter().any(known) || SUPPORTED_SERVICES.iter().any(known) || OTHER_TYPES.contains(&given) {
        return None;
    }
    let plain = |text: &str| -> String {
        let text: String = text.to_lowercase().chars().filter(char::is_ascii_alphabetic).collect();
        text.trim_end_matches('v').trim_end_matches("legacy").to_owned()
    };
    let by_type = mandatory.iter().find(|known| plain(known.canonical) == plain(given));
    let name = service.name.as_deref().map(plain).unwrap_or_default();
    by_type
        .or_else(|| (given == "s3" || plain(given) == "objectstorages").then_some(&S3))
        .or_else(|| mandatory.iter().find(|known| known.project == name))
}

fn foreign_alias(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(services) = given(cloud, rec) else { return };
    services.report_unreadable(rec, source::SERVICES.name);
    for service in services.entries() {
        if let Some(meant) = meant(service, MANDATORY_SERVICES) {
            let expected: Vec<&str> =
                std::iter::once(meant.canonical).chain(meant.aliases.iter().copied()).collect();
            rec.fail(
                "catalog",
                format!(
                    "`{}` is not a type that the authority lists for `{}`",
                    service.r#type, meant.canonical
                ),
            )
            .compared(expected.join(", "), &service.r#type)
            .repaired_by(retype(services.entries(), &service.r#type, meant.canonical));
        }
    }
}

fn endpoints(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(services) = given(cloud, rec) else { return };
    if is_empty(cloud, rec) {
        return;
    }
    // An unreadable entry may be the one with the endpoint.
    let complete = services.report_unreadable(rec, source::SERVICES.name);
    let regions: BTreeSet<&str> =
        services.entries().iter().flat_map(Service::shown_endpoints).filter_map(Endpoint::place).collect();
    let mut unknown = Vec::new();
    for mandatory in MANDATORY_SERVICES {
        let of_type: Vec<&Service> = services
            .entries()
            .iter()
            .filter(|service| {
                mandatory.is(&service.r#type)
                    || (*mandatory == S3 && S3_TYPES.contains(&service.r#type.as_str()))
            })
            .collect();
        // Other rules check whether it exists at all.
        if of_type.is_empty() {
            continue;
        }
        let public: Vec<&Endpoint> =
            of_type.iter().flat_map(|service| service.endpoints_of(Interface::Public)).collect();
        let found: Vec<&Endpoint> =
            public.iter().copied().filter(|endpoint| endpoint.has_address()).collect();
        // Keystone returns an endpoint without a region for every region.
        let everywhere = found.iter().any(|endpoint| endpoint.place().is_none());
        let there: BTreeSet<&str> = found.iter().filter_map(|endpoint| endpoint.place()).collect();
        let lacking: Vec<&str> =
            regions.iter().copied().filter(|region| !everywhere && !there.contains(region)).collect();
        if !found.is_empty() && lacking.is_empty() {
            continue;
        }
        // An omitted endpoint may be the missing one.
        if of_type.iter().any(|service| service.endpoints.is_none()) {
            unknown.push(mandatory.canonical);
        } else if found.is_empty() {
            without_address(rec, mandatory, &of_type, regions.first().copied(), complete);
        } else if complete {
            for region in lacking {
                rec.fail(mandatory.canonical, format!("it has no public endpoint in region {region}"))
                    .compared("a public endpoint in each region", "none")
                    .repaired_by(register(mandatory, Some(region)));
            }
        }
    }
    if !unknown.is_empty() {
        endpoints_not_given(rec, &unknown);
    }
}

/// Records a service without a public endpoint.
fn without_address(
    rec: &mut Rec<'_>,
    mandatory: &ServiceType,
    of_type: &[&Service],
    region: Option<&str>,
    complete: bool,
) {
    let public = of_type.iter().flat_map(|service| service.endpoints.iter().flatten());
    let mut public = public.filter(|endpoint| endpoint.interface == Some(Interface::Public));
    match public.next() {
        None if complete => {
            rec.fail(mandatory.canonical, "it has no public endpoint, so users cannot find it")
                .compared("a public endpoint", "none")
                .repaired_by(register(mandatory, region));
        }
        None => {}
        Some(endpoint) if endpoint.enabled == Some(false) => {
            rec.fail(mandatory.canonical, "its public endpoint is disabled, so users cannot find it")
                .compared("an enabled public endpoint", "disabled")
                .repaired_by(Fix::advice("find out why it is disabled, and enable it"));
        }
        Some(endpoint) => {
            let url = endpoint.url.as_deref().map(str::trim).filter(|url| !url.is_empty());
            let message = match url {
                Some(url) => format!("`{}` of its public endpoint is not a URL", truncated(url, 60)),
                None => "its public endpoint has no URL".to_owned(),
            };
            rec.fail(mandatory.canonical, message)
                .compared("a URL such as https://compute.example.org", url.unwrap_or("none"))
                .repaired_by(Fix::advice("set the endpoint's URL to that of the service"));
        }
    }
}

/// Advice for a missing public endpoint; the catalog does not show the URL of the service.
fn register(service: &ServiceType, region: Option<&str>) -> Fix {
    let region = region.map(|region| format!(" in the region `{region}`")).unwrap_or_default();
    Fix::advice(format!(
        "register the public endpoint of `{}`{region} with the URL of the service",
        service.canonical
    ))
}

/// The names of a service in the versions.
fn is_supported(given: &str) -> bool {
    SUPPORTED_SERVICES.iter().any(|service| service.is(given))
        || SUPPORTED_IN_V1.iter().any(|(earlier, _)| *earlier == given)
}

fn supported(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(services) = given(cloud, rec) else { return };
    let there: BTreeSet<&str> = services
        .entries()
        .iter()
        .map(|service| service.r#type.as_str())
        .filter(|given| is_supported(given))
        .collect();
    let there: Vec<&str> = there.into_iter().collect();
    let words = if there.is_empty() { "none".to_owned() } else { there.join(", ") };
    rec.note("catalog", format!("supported services: {words}"));
}

fn unsupported(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(services) = given(cloud, rec) else { return };
    let mandatory = |given: &str| MANDATORY_SERVICES.iter().any(|service| service.is(given)) || given == "s3";
    let others: BTreeSet<&str> = services
        .entries()
        .iter()
        .map(|service| service.r#type.as_str())
        .filter(|given| !mandatory(given) && !is_supported(given))
        .collect();
    if !others.is_empty() {
        let others: Vec<&str> = others.into_iter().collect();
        rec.note("catalog", format!("services outside the standards: {}", others.join(", ")));
    }
}
