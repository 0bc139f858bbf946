//! scs-0123: the services that are in every cloud's catalogue, by both versions.

use std::collections::BTreeSet;

use scs_standards::{
    CLOUD, DeclaredValue, DocumentId, Given, Heading, Judgement, Level, Profile, Rule, Split, Verdict,
    says_nothing,
};

use super::Rec;
use super::evidence::{current, has_service, is_empty, is_public, public_endpoints, services_of};
use crate::service_types::{
    BLOCK_STORAGE, MANDATORY_SERVICES, OTHER_TYPES, S3, SUPPORTED_IN_V1, SUPPORTED_SERVICES, ServiceType,
};
use crate::subject::{Cloud, Endpoint, Outcome, OutcomeKind, Service, source};
use scs_standards::Listed;

const V1: &[DocumentId] = &[DocumentId::version(123, 1)];
const V2: &[DocumentId] = &[DocumentId::version(123, 2)];
/// What both versions ask; the one in force first.
const BOTH: &[DocumentId] = &[DocumentId::version(123, 1), DocumentId::version(123, 2)];

const fn mandatory(documents: &'static [DocumentId]) -> Heading {
    Heading { documents, section: "Mandatory IaaS APIs" }
}

/// What both versions ask.
pub(crate) static RULES: &[Rule<Cloud>] = &[
    mandatory(BOTH).case(
        "scs-0123-service-compute",
        Level::Must,
        "there is a compute service",
        |cloud, rec| {
            present(cloud, rec, "compute");
        },
    ),
    mandatory(BOTH).case(
        "scs-0123-service-identity",
        Level::Must,
        "there is an identity service",
        |cloud, rec| {
            present(cloud, rec, "identity");
        },
    ),
    mandatory(BOTH).case("scs-0123-service-image", Level::Must, "there is an image service", |cloud, rec| {
        present(cloud, rec, "image");
    }),
    mandatory(BOTH).case(
        "scs-0123-service-network",
        Level::Must,
        "there is a network service",
        |cloud, rec| {
            present(cloud, rec, "network");
        },
    ),
    mandatory(BOTH).case(
        "scs-0123-service-load-balancer",
        Level::Must,
        "there is a load balancer service",
        |cloud, rec| present(cloud, rec, "load-balancer"),
    ),
    mandatory(BOTH).case(
        "scs-0123-storage-apis",
        Level::Must,
        "there is a block storage service",
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
        "supported services are there",
        supported,
    ),
    Heading { documents: BOTH, section: "Unsupported IaaS APIs" }.rule(
        "scs-0123-unsupported",
        Level::May,
        "other services are the provider's own responsibility",
        unsupported,
    ),
];

/// What version 1 alone asks, and the official suite with it.
pub(crate) static RULES_V1: &[Rule<Cloud>] = &[
    mandatory(V1).case(
        "scs-0123-service-placement",
        Level::Must,
        "the official suite wants the placement service in the catalogue, of which the text says nothing",
        placement,
    ),
    mandatory(V1).case("scs-0123-swift-s3", Level::Must, "S3 is there", swift_s3),
    mandatory(V1).rule("scs-0123-s3-entry-v1", Level::Must, "S3 can be found in the catalogue", s3_entry),
    mandatory(V1)
        .rule("scs-0123-s3-docs", Level::Must, "endpoints and implementation of S3 are described publicly", s3_docs)
        .asking(
            "the facts `implementation` (such as Ceph RGW) and `endpoints` (a list of addresses), with `document` beside the value",
            "{implementation: Ceph RGW, endpoints: [https://s3.example.org]}",
        ),
];

/// What version 2 alone asks.
pub(crate) static RULES_V2: &[Rule<Cloud>] = &[
    mandatory(V2).case("scs-0123-service-s3", Level::Must, "there is an S3 service", |cloud, rec| {
        present(cloud, rec, S3.canonical);
    }),
    mandatory(V2).rule(
        "scs-0123-canonical-type",
        Level::Should,
        "the catalogue has canonical types and no aliases",
        canonical_type,
    ),
    mandatory(V2).rule(
        "scs-0123-foreign-alias",
        Level::MustNot,
        "services have no other aliases than those of the Service Type Authority",
        foreign_alias,
    ),
];

fn given<'c>(cloud: &'c Cloud, rec: &mut Rec<'_>) -> Option<&'c Listed<Service>> {
    rec.needs(&cloud.services, source::SERVICES)
}

fn create(service_type: &str) -> String {
    if S3_TYPES.contains(&service_type) {
        // Version 1 finds it under the name of version 2 as well, and not the other way round.
        return "openstack service create --name s3 object-store-s3".to_owned();
    }
    format!("openstack service create --name NAME {service_type}")
}

fn present(cloud: &Cloud, rec: &mut Rec<'_>, service_type: &str) {
    if has_service(cloud, rec, &[service_type]) == Some(false) {
        missing(rec, service_type);
    }
}

fn missing(rec: &mut Rec<'_>, service_type: &str) {
    rec.fail("catalogue", format!("it has no service of type `{service_type}`"))
        .compared(format!("an entry `{service_type}`"), "none")
        .fixed_by(create(service_type));
}

/// C-071: the official suite knows three of the five names.
fn storage_apis(cloud: &Cloud, rec: &mut Rec<'_>) {
    const OFFICIAL: &[&str] = &["volume", "volumev3", "block-storage"];
    let Some(services) = given(cloud, rec) else { return };
    let types: Vec<&str> = BLOCK_STORAGE.aliases.iter().copied().chain([BLOCK_STORAGE.canonical]).collect();
    if !services_of(services.entries(), OFFICIAL).is_empty() {
        return;
    }
    if !services.all_read(rec, source::SERVICES.name) {
        return;
    }
    match services_of(services.entries(), &types).first() {
        Some(service) => {
            let split = Split { text: Verdict::Pass, official: Verdict::Fail, difference: "C-071" };
            let message = format!("the official suite does not take `{}` for block storage", service.r#type);
            rec.split(split, "catalogue", message).compared("block-storage", &service.r#type);
        }
        None => missing(rec, BLOCK_STORAGE.canonical),
    }
}

/// C-070: the text does not ask for it.
fn placement(cloud: &Cloud, rec: &mut Rec<'_>) {
    if has_service(cloud, rec, &["placement"]) == Some(false) {
        let split = Split { text: Verdict::Pass, official: Verdict::Fail, difference: "C-070" };
        rec.split(
            split,
            "catalogue",
            "it has no service of type `placement`, which the official suite asks for",
        )
        .compared("an entry `placement`", "none")
        .fixed_by(create("placement"));
    }
}

/// The types under which version 1 finds S3.
const S3_TYPES: &[&str] = &["s3", S3.canonical];
/// The answers of S3 to a wrong key.
const REFUSALS: [&str; 2] = ["InvalidAccessKeyId", "NoSuchKey"];

/// How asking S3 with wrong credentials ended: whether S3 answers, and what the official suite makes of it.
fn probed(outcome: &Outcome) -> (bool, Verdict) {
    match outcome.outcome {
        // As S3 should.
        OutcomeKind::Ok => (true, Verdict::Pass),
        OutcomeKind::Refused => {
            let detail = outcome.detail.as_deref();
            let known = detail.is_none_or(|detail| REFUSALS.iter().any(|refusal| detail.contains(refusal)));
            (true, if known { Verdict::Pass } else { Verdict::Fail })
        }
        OutcomeKind::Failed | OutcomeKind::Absent => (false, Verdict::Fail),
    }
}

/// C-070: the official suite asks for S3 on the host of Swift, and is content where there is no Swift.
fn swift_s3(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(services) = given(cloud, rec) else { return };
    let has = |types| !services_of(services.entries(), types).is_empty();
    let (entry, swift) = (has(S3_TYPES), has(&["object-store"]));
    let profile = rec.context().profile;
    let s3 = current(rec, cloud, &cloud.s3, source::S3);
    let by_text = match (&s3, entry) {
        (_, true) => Some(Verdict::Pass),
        // Nobody finds it.
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
    if decided != Some(Verdict::Pass) && !services.all_read(rec, source::SERVICES.name) {
        return;
    }
    match (decided, by_text, official) {
        (None, _, _) => {
            rec.needs(&s3, source::S3);
        }
        (Some(Verdict::Pass), by_text, official)
            if by_text == official || by_text.is_none() || official.is_none() => {}
        (Some(_), by_text, official) => {
            let detail = s3.data().map(Outcome::detail_in_brackets).unwrap_or_default();
            let message = match (entry, swift, &s3) {
                (false, false, _) => {
                    "no S3 is there: the catalogue has neither an entry for it nor an object store".to_owned()
                }
                (true, true, Given::Data(_)) => format!(
                    "the catalogue has S3, but on the host of the object store it does not answer as the official suite wants{detail}"
                ),
                (false, true, Given::Data(_)) => format!(
                    "S3 is not in the catalogue, and does not answer on the host of the object store{detail}"
                ),
                _ => "S3 is not there".to_owned(),
            };
            let split = Split {
                text: by_text.unwrap_or(Verdict::Miss),
                official: official.unwrap_or(Verdict::Miss),
                difference: "C-070",
            };
            rec.split(split, "S3", message)
                .compared("an entry `object-store-s3`, or `s3`", "none")
                .fixed_by(create(S3.canonical));
        }
    }
}

fn s3_entry(cloud: &Cloud, rec: &mut Rec<'_>) {
    if has_service(cloud, rec, S3_TYPES) == Some(false) {
        rec.fail("catalogue", "S3 cannot be found in it")
            .compared("an entry `s3`; version 2 calls it `object-store-s3`, which counts as well", "none")
            .fixed_by(create("s3"));
    }
}

fn s3_docs(_: &Cloud, rec: &mut Rec<'_>) {
    scs_standards::judge_declarations(rec, [CLOUD], |_, declaration| {
        let value = &declaration.value;
        let implementation = value.fact("implementation").and_then(DeclaredValue::text);
        match (implementation, value.fact("endpoints").and_then(DeclaredValue::list)) {
            (Some(implementation), _) if says_nothing(implementation) => Judgement::Unusable,
            (Some(_), Some([])) => Judgement::Breaks("no endpoint is named".to_owned()),
            (Some(_), Some(endpoints)) if endpoints.iter().any(|it| says_nothing(it)) => Judgement::Unusable,
            (Some(_), Some(_)) => match declaration.document.as_deref() {
                Some(address) if address.starts_with("https://") || address.starts_with("http://") => {
                    Judgement::Satisfies
                }
                Some(_) => Judgement::Breaks("the `document` is no public address".to_owned()),
                None => Judgement::Breaks("the declaration names no public `document`".to_owned()),
            },
            _ => Judgement::Unusable,
        }
    });
}

fn canonical_type(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(services) = given(cloud, rec) else { return };
    services.all_read(rec, source::SERVICES.name);
    let types: BTreeSet<&str> = services.entries().iter().map(|service| service.r#type.as_str()).collect();
    for service in MANDATORY_SERVICES.iter().chain(SUPPORTED_SERVICES) {
        for alias in types.iter().filter(|given| service.aliases.contains(given)) {
            let beside = types.contains(service.canonical);
            let message = if beside {
                format!("`{alias}` is an alias; `{}` is there as well", service.canonical)
            } else {
                format!("`{alias}` is an alias of `{}`", service.canonical)
            };
            rec.fail("catalogue", message)
                .compared(service.canonical, alias)
                .fixed_by(format!("openstack service set --type {} {alias}", service.canonical));
        }
    }
}

/// A type that stands for a mandatory service under a name that the authority does not list.
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
    services.all_read(rec, source::SERVICES.name);
    for service in services.entries() {
        if let Some(meant) = meant(service, MANDATORY_SERVICES) {
            let expected: Vec<&str> =
                std::iter::once(meant.canonical).chain(meant.aliases.iter().copied()).collect();
            rec.fail(
                "catalogue",
                format!("`{}` is no type of `{}` that the authority lists", service.r#type, meant.canonical),
            )
            .compared(expected.join(", "), &service.r#type)
            .replaced_by(format!("openstack service set --type {} {}", meant.canonical, service.r#type));
        }
    }
}

fn endpoints(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(services) = given(cloud, rec) else { return };
    if is_empty(cloud, rec) {
        return;
    }
    services.all_read(rec, source::SERVICES.name);
    let regions: BTreeSet<&str> = services
        .entries()
        .iter()
        .flat_map(|service| &service.endpoints)
        .filter_map(Endpoint::place)
        .collect();
    for mandatory in MANDATORY_SERVICES {
        let of_type: Vec<&Service> = services
            .entries()
            .iter()
            .filter(|service| {
                mandatory.is(&service.r#type)
                    || (*mandatory == S3 && S3_TYPES.contains(&service.r#type.as_str()))
            })
            .collect();
        // Whether it is there at all is for others to say.
        if of_type.is_empty() {
            continue;
        }
        let add = |region: &str| {
            format!("openstack endpoint create --region {region} {} public https://…", mandatory.canonical)
        };
        if !of_type.iter().any(|service| is_public(service)) {
            rec.fail(mandatory.canonical, "it has no public endpoint, so users do not find it")
                .compared("a public endpoint", "none")
                .fixed_by(add(regions.first().copied().unwrap_or("REGION")));
            continue;
        }
        for region in &regions {
            let there = of_type
                .iter()
                .flat_map(|service| public_endpoints(service))
                .any(|endpoint| endpoint.place() == Some(region));
            if !there {
                rec.fail(mandatory.canonical, format!("it has no public endpoint in region {region}"))
                    .compared("a public endpoint in each region", "none")
                    .fixed_by(add(region));
            }
        }
    }
}

/// What the versions call a service.
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
    rec.note("catalogue", format!("supported services: {words}"));
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
        rec.note("catalogue", format!("services that no standard looks at: {}", others.join(", ")));
    }
}
