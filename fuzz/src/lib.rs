//! Fuzz targets: each is a function that panics if the input breaks a guarantee of the libraries.
//!
//! The functions run in two ways: `tests/replay.rs` runs them on the seeds and all earlier crashes, on a stable toolchain;
//! the binaries run them on inputs from libFuzzer:
//!
//! ```text
//! cargo xtask fuzz parse_name --minutes 20
//! ```

mod readers;

use scs_certificates::report::{Report, merge};
use scs_certificates::{
    EvaluationOptions, GivenResult, Results, Scope, ScopeSubject, check_scope, evaluate, scope_rules,
};
use std::collections::BTreeMap;

use scs_entropy::fips::FipsSummary;
use scs_entropy::{ConsoleOutput, ENTROPY_DOCUMENTS, EntropyEvidence, KernelRelease, check_entropy};
use scs_flavor_naming::{
    FlavorList, FlavorName, FlavorSet, Parser, RepairOptions, Syntax, check_flavors, compare_names,
    repair_flavors, translate_to_v1, translate_to_v2,
};
use scs_iaas_policy::config::{Chance, Holding, Ini, Policy, PolicyExpression};
use scs_iaas_policy::{AspectList, Cloud, Described, iaas_rules};
use scs_image_metadata::{
    IMAGE_DOCUMENTS, ImageList, ImageRepairOptions, ImageSet, ReadOptions, check_images, repair_images,
};
use scs_k8s_policy::{
    ArchiveLimits, Cluster, ConformanceResults, CveRecords, Flags, K8sVersion, KubernetesFacts, dues,
    k8s_rules,
};
use scs_registry::{Inventory, ScopeChoice, Selection, Subject, check};
use scs_standards::junit::TestResults;
use scs_standards::subject::Image;
use scs_standards::{Context, Declarations, DocumentId, Given, Profile, Verdict};

/// A fuzz target, which accepts any input.
pub type Target = fn(&[u8]);

/// All targets by the name of their binary and of their directory in `corpus/`.
pub const TARGETS: &[(&str, Target)] = &[
    ("parse_name", parse_name),
    ("compare", compare),
    ("read_flavors", read_flavors),
    ("properties", properties),
    ("read_images", read_images),
    ("read_scope", read_scope),
    ("read_report", read_report),
    ("read_inventory", read_inventory),
    ("read_policy", read_policy),
    ("read_aspects", read_aspects),
    ("read_console", read_console),
    ("read_flags", read_flags),
    ("read_cves", read_cves),
    ("read_results", read_results),
    ("read_facts", read_facts),
    ("read_document", read_document),
    ("read_signature", read_signature),
    ("read_declarations", read_declarations),
    ("read_config", read_config),
    ("read_scan", read_scan),
    ("read_parts", read_parts),
    ("read_clouds", read_clouds),
    ("apply", apply),
    ("write_texts", write_texts),
];

pub use readers::{
    apply, read_clouds, read_config, read_declarations, read_document, read_facts, read_parts, read_scan,
    read_signature, write_texts,
};

/// Parsing a name: never panics, errors are within the text, suggestions are valid names, and values print as they parse.
///
/// # Panics
///
/// If one of these guarantees is broken.
pub fn parse_name(input: &[u8]) {
    for profile in Profile::ALL {
        let any = Parser::new(profile);
        let accepted = any.accept(input);
        let Ok(text) = std::str::from_utf8(input) else {
            assert!(accepted.is_none(), "names are ASCII");
            continue;
        };
        match any.parse(text) {
            Ok(parsed) => {
                assert_eq!(accepted, Some(parsed), "the two ways of reading agree");
                printed(&parsed.name);
            }
            Err(error) => {
                assert_eq!(accepted, None, "the two ways of reading agree");
                assert!(
                    error.span().of(text).is_some(),
                    "{error}: {:?} is not within the text",
                    error.span()
                );
                assert!(!error.to_string().is_empty() && !error.message().is_empty());
                if let Some(suggestion) = error.suggestion() {
                    assert!(any.parse(suggestion).is_ok(), "`{suggestion}` is not a valid name");
                    assert_ne!(suggestion, text, "a repair changes something");
                }
            }
        }
        for syntax in Syntax::ALL {
            let one = Parser::of(syntax, profile).parse(text);
            assert!(one.is_err() || accepted.is_some(), "names of {syntax} are accepted");
        }
    }
}

/// The spelling of a value in each version parses as the same value.
fn printed(name: &FlavorName) {
    for syntax in Syntax::ALL {
        if let Some(text) = name.spelled(syntax) {
            let read = Parser::of(syntax, Profile::Text).parse(&text).map(|parsed| parsed.name);
            assert_eq!(read.as_ref(), Ok(name), "`{text}` is the spelling of {syntax}");
        }
    }
    if name.fits(Syntax::V3) {
        assert_eq!(name.to_string().parse().as_ref(), Ok(name), "what is printed reads back");
    }
    assert_eq!(name.short().short(), name.short(), "a short name has no shorter one");
}

/// Comparing and converting names: a partial order, and conversions that can be undone where the standards say so.
///
/// # Panics
///
/// If one of these guarantees is broken.
pub fn compare(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let (one, other) = text.split_once('\n').unwrap_or((text, ""));
    assert_eq!(compare_names(one, other), compare_names(other, one).reverse());
    assert!(compare_names(one, one).is_eq());
    if Parser::of(Syntax::V2, Profile::Text).accept(one.as_bytes()).is_some() {
        assert_eq!(translate_to_v2(&translate_to_v1(one)), one);
    }
}

/// The documents about flavors, old ones included.
const DOCUMENTS: [DocumentId; 5] = [
    DocumentId::version(100, 3),
    DocumentId::version(100, 2),
    DocumentId::version(100, 1),
    DocumentId::version(103, 1),
    DocumentId::version(110, 1),
];

/// Reading flavors in any format, checking and fixing them: never panics, names every entry or gives a reason, and a fix is
/// never needed twice.
///
/// # Panics
///
/// If one of these guarantees is broken.
pub fn read_flavors(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    match text.parse::<FlavorList>() {
        Ok(list) => {
            for flavor in &list.flavors {
                assert!(!flavor.name.is_empty(), "flavors have a name");
            }
            checked_and_repaired(&FlavorSet::from(list));
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// Properties in one text, as printed by the OpenStack client: parsed, or reported as unusable.
///
/// # Panics
///
/// If one of these guarantees is broken.
pub fn properties(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let entry = serde_json::json!([{
        "Name": "SCS-2V-4-10", "VCPUs": 2, "RAM": 4096, "Disk": 10, "Is Public": true, "Properties": text
    }]);
    let list = FlavorList::from_value(&entry).ok();
    let told = list
        .as_ref()
        .and_then(|list| list.flavors.first())
        .is_some_and(|flavor| flavor.extra_specs.is_some() != flavor.unusable("extra_specs").is_some());
    assert!(told, "properties are parsed or reported");
    list.map(FlavorSet::from).iter().for_each(checked_and_repaired);
}

fn checked_and_repaired(set: &FlavorSet) {
    let declarations = Declarations::default();
    // Without declarations, no rule depends on the time.
    let at = jiff::Timestamp::UNIX_EPOCH;
    for profile in Profile::ALL {
        let context = Context { at, profile, declarations: &declarations };
        for answer in check_flavors(set, &context, &DOCUMENTS) {
            assert!(answer.findings.iter().all(|finding| !finding.message.is_empty()), "{}", answer.rule);
        }
        let repair = repair_flavors(set, &context, &DOCUMENTS, RepairOptions::default());
        let again = repair_flavors(&repair.repaired, &context, &DOCUMENTS, RepairOptions::default());
        assert!(again.changes.is_empty(), "{profile}: {:?} after {:?}", again.changes, repair.changes);
    }
}

/// Reading images in any format, checking and fixing them: never panics, gives a reason for every answer, and a written image
/// is read back unchanged.
///
/// # Panics
///
/// If one of these guarantees is broken.
pub fn read_images(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let list = match ImageList::read(text, ReadOptions::default().with_disabled()) {
        Ok(list) => list,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    for (_, image) in &list.images {
        let again =
            serde_json::to_string(image).ok().and_then(|json| serde_json::from_str::<Image>(&json).ok());
        let names =
            |image: &Image| image.fields().map(|(field, _)| field.name().to_owned()).collect::<Vec<_>>();
        assert_eq!(again.as_ref().map(names), Some(names(image)), "no property is lost");
    }
    let set = ImageSet::from(list.clone()).with_earlier(list);
    let declarations = Declarations::default();
    for profile in Profile::ALL {
        for at in [jiff::Timestamp::UNIX_EPOCH, jiff::Timestamp::MAX] {
            let context = Context { at, profile, declarations: &declarations };
            for answer in check_images(&set, &context, &IMAGE_DOCUMENTS) {
                assert!(answer.verdict == Verdict::Pass || !answer.findings.is_empty(), "{}", answer.rule);
                assert!(answer.findings.iter().all(|finding| !finding.message.is_empty()), "{}", answer.rule);
            }
            let repair =
                repair_images(&set, &context, &IMAGE_DOCUMENTS, ImageRepairOptions::default().recommended());
            assert!(repair.changes.iter().all(|change| !change.command.is_empty()));
        }
    }
}

/// Reading a scope file: never panics, gives a reason for every problem, returns the same facts when parsed again, and
/// no version passes without results.
///
/// # Panics
///
/// If one of these guarantees is broken.
pub fn read_scope(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let scope = match text.parse::<Scope>() {
        Ok(scope) => scope,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    assert!(scope.problems().iter().all(|problem| !problem.message.is_empty()));
    assert_eq!(text.parse::<Scope>().map(|again| again.facts()), Ok(scope.facts()));
    let declarations = Declarations::default();
    let subject = ScopeSubject::new(scope.clone()).with_earlier(scope.clone());
    for at in [jiff::Timestamp::MIN, jiff::Timestamp::UNIX_EPOCH, jiff::Timestamp::MAX] {
        let context = Context { at, profile: Profile::Text, declarations: &declarations };
        assert_eq!(check_scope(&subject, &context).len(), scope_rules().count());
        let all: Results =
            scope.test_cases().map(|case| (case.id.clone(), GivenResult::from(Verdict::Pass))).collect();
        let monitor = evaluate(&scope, &all, at, EvaluationOptions::new(Profile::Official));
        assert_eq!(monitor.versions.len(), scope.versions().len());
        let none = evaluate(&scope, &Results::default(), at, EvaluationOptions::new(Profile::Text));
        assert_ne!(none.verdict, Verdict::Pass, "nothing is not enough");
    }
}

/// Reading reports: never panics, and a written report is read back with the same results.
///
/// # Panics
///
/// If one of these guarantees is broken.
pub fn read_report(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let reports = match Report::read_all(text) {
        Ok(reports) => reports,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    for report in &reports {
        let again = Report::read(&report.to_string());
        let results = again.as_ref().map(|again| (&again.results, &again.subject, again.checked_at));
        assert_eq!(results, Ok((&report.results, &report.subject, report.checked_at)));
    }
    if let Ok(card) = merge(&reports, &reports, Some(Scope::compatible_iaas())) {
        assert!(card.is_valid, "no report is left out");
    }
}

/// Checking inventories: never panics, gives a reason for every answer, and checks every rule.
///
/// # Panics
///
/// If one of these guarantees is broken.
pub fn read_inventory(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let inventory = match text.parse::<Inventory>() {
        Ok(inventory) => inventory,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    let Ok(at) = "2026-11-24T00:00:00Z".parse() else { return };
    for profile in Profile::ALL {
        for scope in Scope::embedded() {
            let context = Context::at(at).with_profile(profile);
            let choice = ScopeChoice::default();
            let Ok(selection) = Selection::of_scope(scope, inventory.kind(), context.date(), &choice) else {
                continue;
            };
            let report = check(&Subject::inventory("subject", &inventory), &selection, &context);
            for row in &report.rules {
                assert!(
                    row.result == Verdict::Pass || report.findings_of(row).next().is_some(),
                    "{}",
                    row.rule
                );
            }
            assert!(report.findings.iter().all(|finding| !finding.message.is_empty()));
        }
    }
}

/// Reading policy files and INI files: never panics, ends on circular references, and printed expressions keep their meaning.
///
/// # Panics
///
/// If one of these guarantees is broken.
pub fn read_policy(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    match text.parse::<Policy>() {
        Err(error) => assert!(!error.to_string().is_empty()),
        Ok(policy) => {
            for name in policy.names() {
                let references = policy.references_of(name);
                assert!(references.iter().all(|reference| !reference.is_empty()));
                let Some(Ok(expression)) = policy.expression(name) else { continue };
                let _ = expression.allows_role("member", &policy);
                let any = policy.holding(expression, &|_| Holding::EITHER);
                assert!(any.is_err() || any.is_ok_and(|any| any.holds.max(any.fails) != Chance::No));
                let again = expression.to_string().parse::<PolicyExpression>();
                assert!(again.is_ok_and(|again| again.is_same_as(expression)), "{expression}");
            }
        }
    }
    follow_policies(text);
    if let Ok(file) = text.parse::<Ini>() {
        let sections: Vec<&str> = file.sections().collect();
        assert!(
            sections
                .iter()
                .all(|section| file.value(section, "option").is_none_or(|value| text.contains(value)))
        );
    }
}

/// The rules that follow references of a policy, for each service.
fn follow_policies(text: &str) {
    let policies = ["keystone", "neutron", "barbican"].map(|it| (format!("{it}/policy.yaml"), text));
    let files = serde_json::to_string(&BTreeMap::from(policies)).unwrap_or_default();
    let services = r#"[{"type": "key-manager"}]"#;
    let cloud = Cloud::read(|part| match part {
        "config_files" => Given::Data(files.as_str()),
        "services" => Given::Data(services),
        _ => Given::Missing,
    });
    let declarations = Declarations::default();
    let at = jiff::Timestamp::UNIX_EPOCH;
    let context = Context { at, profile: Profile::Text, declarations: &declarations };
    let followed = ["scs-0126-rbac", "scs-0302-no-admin", "scs-0302-manager-warn", "scs-0116-policy-creator"];
    for rule in iaas_rules().filter(|rule| followed.contains(&rule.id)) {
        let answer = rule.answer(&cloud, &context);
        assert!(answer.verdict == Verdict::Pass || !answer.findings.is_empty(), "{}", rule.id);
    }
}

/// Reading lists of aspects: never panics, and fixed lists have no problems.
///
/// # Panics
///
/// If one of these guarantees is broken.
pub fn read_aspects(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    if let Ok(list) = text.parse::<AspectList>() {
        assert_eq!(list.to_string(), text, "only what is printed is a list");
    }
    let Described::List(given) = Described::read(text) else { return };
    let Some(repaired) = given.repaired() else { return };
    let again = Described::read(&repaired);
    assert!(matches!(&again, Described::List(list) if list.problems().is_empty()), "{repaired} is {again:?}");
}

/// Reading the console of a sample VM, and testing the bytes as random numbers: never panics, gives a reason for every
/// answer, counts every bit, and prints a kernel version as it was read.
///
/// # Panics
///
/// If one of these guarantees is broken.
pub fn read_console(input: &[u8]) {
    let Ok(summary) = FipsSummary::from_reader(input, None) else { return };
    assert_eq!(summary.bits, input.len() as u64 * 8, "every bit is read");
    assert!(summary.blocks() * 20_000 <= summary.bits);
    let console = match ConsoleOutput::from_file(input) {
        Ok(console) => console,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    assert!(console.problems.iter().all(|problem| !problem.is_empty()));
    if let Some(kernel) = console.kernel.data() {
        assert!(kernel.to_string().parse::<KernelRelease>().is_ok(), "{kernel}");
    }
    let evidence = EntropyEvidence::from_console(console);
    let declarations = Declarations::default();
    for profile in Profile::ALL {
        for at in [jiff::Timestamp::UNIX_EPOCH, jiff::Timestamp::MAX] {
            let context = Context { at, profile, declarations: &declarations };
            for answer in check_entropy(&evidence, &context, &ENTROPY_DOCUMENTS) {
                assert!(answer.verdict == Verdict::Pass || !answer.findings.is_empty(), "{}", answer.rule);
                assert!(answer.findings.iter().all(|finding| !finding.message.is_empty()), "{}", answer.rule);
            }
        }
    }
}

/// Reading the command line of a component, one argument per line: never panics, every flag is in the text, and unreadable
/// arguments have a reason.
///
/// # Panics
///
/// If one of these guarantees is broken.
pub fn read_flags(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let words: Vec<String> = text.lines().map(str::to_owned).collect();
    match Flags::read("kube-apiserver", &words) {
        Ok(flags) => {
            let _ = (flags.text("authorization-mode"), flags.list("enable-admission-plugins"));
            let _ = flags.bool_value("anonymous-auth");
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    // The same flags in a pod, in an otherwise empty cluster.
    let pod = serde_json::json!([{"kind": "Pod", "metadata": {"name": "kube-apiserver-a", "namespace": "kube-system",
        "annotations": {"kubernetes.io/config.mirror": "1"}}, "spec": {"containers": [{"name": "kube-apiserver", "command": words}]}}]);
    cluster("pods", &pod.to_string(), &[215, 217]);
}

/// Reading CVE records: never panics, and the replacement for a version is newer.
///
/// # Panics
///
/// If one of these guarantees is broken.
pub fn read_cves(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let cves = match text.parse::<CveRecords>() {
        Ok(cves) => cves,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    let facts = KubernetesFacts::embedded().clone().with_cves(cves);
    let Ok(version) = "v1.36.1".parse::<K8sVersion>() else { return };
    for profile in Profile::ALL {
        for due in dues(&version, &facts, jiff::Timestamp::MAX, profile) {
            assert!(due.release.version > version && due.until >= due.release.published_at);
        }
    }
}

/// Reading test results, as text and as an archive: never panics, respects the limits, and gives a reason for errors.
///
/// # Panics
///
/// If one of these guarantees is broken.
pub fn read_results(input: &[u8]) {
    let limits = ArchiveLimits::default();
    if let Err(error) = ConformanceResults::read_archive(input, limits) {
        assert!(!error.to_string().is_empty());
    }
    let Ok(text) = std::str::from_utf8(input) else { return };
    if let Err(error) = TestResults::read(text) {
        assert!(!error.to_string().is_empty());
    }
    let quoted = serde_json::Value::from(text).to_string();
    for part in [text, &quoted] {
        match ConformanceResults::read(part) {
            Ok(_) => cluster("conformance_results", part, &[200, 201, 219]),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}

/// Checks a cluster with only one part against some standards: everything except PASS has a reason.
pub(crate) fn cluster(part: &str, json: &str, standards: &[u16]) {
    let cluster = Cluster::read(|name| if name == part { Given::Data(json) } else { Given::Missing });
    let declarations = Declarations::default();
    for profile in Profile::ALL {
        let context = Context { at: jiff::Timestamp::UNIX_EPOCH, profile, declarations: &declarations };
        let is_asked = |rule: &DocumentId| standards.iter().any(|it| *rule == DocumentId::version(*it, 1));
        for rule in k8s_rules().filter(|rule| rule.documents.iter().any(is_asked)) {
            let answer = rule.answer(&cluster, &context);
            assert!(answer.verdict == Verdict::Pass || !answer.findings.is_empty(), "{}", answer.rule);
        }
    }
}
