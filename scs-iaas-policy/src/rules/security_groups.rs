//! scs-0115: default rules of security groups.

use scs_standards::written::shell::{operand, option};
use scs_standards::{
    Data, DocumentId, Edit, Fix, Given, Heading, Level, Object, Profile, Rule, Split, Verdict, Way,
};

use super::Rec;
use super::provider_networks::address::Prefix;
use crate::subject::{Cloud, SecurityGroupRule, source};
use scs_standards::Listed;

const STANDARD: Heading = Heading { documents: &[DocumentId::version(115, 1)], section: "Standard" };

/// The rules for default security group rules.
pub(crate) static RULES: &[Rule<Cloud>] = &[
    STANDARD.case(
        "scs-0115-default-rules",
        Level::Must,
        "new security groups allow no incoming traffic except from the default group itself, and all outgoing traffic",
        default_rules,
    ),
    STANDARD.rule(
        "scs-0115-ingress-none",
        Level::MustNot,
        "no rule template allows incoming traffic, except within the default group",
        ingress_none,
    ),
    STANDARD.rule(
        "scs-0115-ingress-same-group",
        Level::Should,
        "the default group allows traffic from its own members, over IPv4 and IPv6",
        ingress_same_group,
    ),
    STANDARD.rule(
        "scs-0115-egress-all",
        Level::Should,
        "default and other groups allow all outgoing traffic, over IPv4 and IPv6",
        egress_all,
    ),
    STANDARD.rule(
        "scs-0115-existing-groups",
        Level::MustNot,
        "without rule templates: a newly created group allows no incoming traffic",
        existing_groups,
    ),
];

/// The address family of a rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Family {
    Four,
    Six,
}

impl Family {
    const ALL: [Self; 2] = [Self::Four, Self::Six];

    const fn name(self) -> &'static str {
        match self {
            Self::Four => "IPv4",
            Self::Six => "IPv6",
        }
    }

    fn is_of(self, rule: &SecurityGroupRule) -> bool {
        rule.ethertype.as_deref() == Some(self.name())
    }
}

/// Whether groups of a kind get a template.
type Use = fn(&SecurityGroupRule) -> Option<bool>;

/// The groups that get a template.
const GROUPS: [(&str, Use); 2] =
    [("default group", |rule| rule.used_in_default_sg), ("other groups", |rule| rule.used_in_non_default_sg)];

/// The rules to check: templates if Neutron has them, otherwise those of a newly created group (C-065).
enum Rules<'c> {
    Templates(&'c Listed<SecurityGroupRule>),
    NewGroup(&'c Listed<SecurityGroupRule>),
}

fn rules<'c>(cloud: &'c Cloud, rec: &mut Rec<'_>) -> Option<Rules<'c>> {
    let templates = &cloud.default_security_group_rules;
    match (templates, &cloud.security_group_rules_of_new_group) {
        (Given::Data(rules), _) => Some(Rules::Templates(rules)),
        (_, Given::Data(rules)) => Some(Rules::NewGroup(rules)),
        (Given::Missing, new_group @ Given::Unusable(_)) => {
            let source = scs_standards::Source {
                name: "security_group_rules_of_new_group",
                from: "the rules of a newly created group",
            };
            rec.needs(new_group, source);
            None
        }
        (templates, _) => {
            rec.needs(templates, source::DEFAULT_RULES);
            None
        }
    }
}

/// The templates, or a note that an older Neutron has none.
fn templates<'c>(cloud: &'c Cloud, rec: &mut Rec<'_>) -> Option<&'c Listed<SecurityGroupRule>> {
    match rules(cloud, rec)? {
        Rules::Templates(rules) => Some(rules),
        Rules::NewGroup(_) => {
            rec.note(
                "default security group rules",
                "not applicable: Neutron before 2023.2 has no rule templates, so a newly created group is checked",
            );
            None
        }
    }
}

fn is_ingress(rule: &SecurityGroupRule) -> bool {
    rule.direction.as_deref() == Some("ingress")
}

fn is_egress(rule: &SecurityGroupRule) -> bool {
    rule.direction.as_deref() == Some("egress")
}

/// Whether the incoming traffic is from the group that the rule will be in.
fn is_from_parent(rule: &SecurityGroupRule) -> bool {
    rule.remote_group_id.as_deref() == Some("PARENT")
}

/// According to the text: into the default group, from itself, and into no other group.
fn is_allowed_ingress(rule: &SecurityGroupRule) -> bool {
    is_from_parent(rule)
        && rule.used_in_default_sg == Some(true)
        && rule.used_in_non_default_sg == Some(false)
}

/// The official suite does not check whether the default group gets it (C-064).
fn is_officially_allowed(rule: &SecurityGroupRule) -> bool {
    is_from_parent(rule) && rule.used_in_non_default_sg != Some(true)
}

/// A template that no kind of group gets has no effect (C-113).
fn is_idle(rule: &SecurityGroupRule) -> bool {
    rule.used_in_default_sg == Some(false) && rule.used_in_non_default_sg == Some(false)
}

/// Whether the rules together cover all traffic to or from all addresses of their family.
fn are_unlimited(rules: &[&SecurityGroupRule], family: Family) -> bool {
    let open = rules.iter().filter(|rule| rule.remote_group_id.is_none() && has_all_protocols(rule));
    let mut prefixes: Vec<Prefix> = Vec::new();
    for rule in open {
        match rule.remote_ip_prefix.as_deref().map(str::trim) {
            None | Some("") => return true,
            Some(text) => prefixes.extend(text.parse::<Prefix>().ok()),
        }
    }
    prefixes.retain(|prefix| prefix.is_v6() == (family == Family::Six));
    Prefix::cover_everything(&prefixes)
}

/// In Neutron, `any` and 0 mean all protocols.
fn has_all_protocols(rule: &SecurityGroupRule) -> bool {
    let protocol = rule.protocol.as_deref().map_or("", str::trim);
    (matches!(protocol, "" | "0") || protocol.eq_ignore_ascii_case("any"))
        && rule.port_range_min.is_none()
        && rule.port_range_max.is_none()
        && rule.port_range.as_deref().is_none_or(|range| range.trim().is_empty())
        && rule.remote_address_group_id.is_none()
}

/// The protocol names of Neutron.
const PROTOCOLS: [&str; 27] = [
    "any",
    "ah",
    "dccp",
    "egp",
    "esp",
    "gre",
    "hopopt",
    "icmp",
    "icmpv6",
    "igmp",
    "ip",
    "ipip",
    "ipv6-encap",
    "ipv6-frag",
    "ipv6-icmp",
    "ipv6-nonxt",
    "ipv6-opts",
    "ipv6-route",
    "ospf",
    "pgm",
    "rsvp",
    "sctp",
    "tcp",
    "udp",
    "udplite",
    "vrrp",
    "",
];

/// The invalid value of a rule, as text: its effect is unknown.
fn unknown_words(rule: &SecurityGroupRule) -> Option<String> {
    let family = rule.ethertype.as_deref().filter(|_| !Family::ALL.iter().any(|family| family.is_of(rule)));
    if let Some(family) = family {
        return Some(format!("`{family}` is not an ethertype; expected IPv4 or IPv6"));
    }
    let protocol = rule.protocol.as_deref().unwrap_or_default();
    let is_known =
        PROTOCOLS.iter().any(|known| known.eq_ignore_ascii_case(protocol)) || protocol.parse::<u8>().is_ok();
    (!is_known).then(|| format!("`{protocol}` is not a protocol in Neutron"))
}

/// Records ingress rules with invalid values, whose effect is unknown.
fn report_unknown(rules: &Listed<SecurityGroupRule>, rec: &mut Rec<'_>) {
    for rule in rules.entries().iter().filter(|rule| is_ingress(rule) && !is_idle(rule)) {
        if let Some(reason) = unknown_words(rule) {
            rec.dnf(label(rule), format!("{reason}, so it is unknown what it allows"));
        }
    }
}

/// Whether a rule is definitely missing. An incomplete rule may be the one that seems to be missing; if none is missing, it
/// is ignored.
fn is_certainly_missing(
    is_missing: bool,
    rules: &Listed<SecurityGroupRule>,
    rec: &mut Rec<'_>,
    direction: fn(&SecurityGroupRule) -> bool,
) -> bool {
    let mut certain = is_missing;
    for rule in rules.entries().iter().filter(|rule| direction(rule) && !is_idle(rule)) {
        let reason = match rule.ethertype {
            Some(_) => unknown_words(rule),
            None => Some("it has no ethertype".to_owned()),
        };
        match reason {
            Some(reason) if is_missing => {
                rec.dnf(label(rule), reason);
                certain = false;
            }
            Some(reason) => {
                rec.warn(label(rule), format!("{reason}; ignored"));
            }
            None => {}
        }
    }
    certain
}

/// Whether the incoming traffic is from the group that the rule is in.
fn is_from_itself(rule: &SecurityGroupRule) -> bool {
    rule.remote_group_id.is_some() && rule.remote_group_id == rule.security_group_id
}

/// Rules that cannot be evaluated: nothing passes with them.
fn unusable(rules: &Listed<SecurityGroupRule>, rec: &mut Rec<'_>, with_use: bool) -> bool {
    let mut fine = rules.report_unreadable(rec, source::DEFAULT_RULES.name);
    for rule in rules.entries() {
        let reason = match rule.direction.as_deref() {
            Some("ingress" | "egress") => {
                if with_use && (rule.used_in_default_sg.is_none() || rule.used_in_non_default_sg.is_none()) {
                    "it does not show which groups get it".to_owned()
                } else {
                    continue;
                }
            }
            Some(other) => format!("`{other}` is not a direction; expected ingress or egress"),
            None => "it has no direction".to_owned(),
        };
        rec.dnf(label(rule), reason);
        fine = false;
    }
    fine
}

/// A description of a rule and the traffic it allows.
fn label(rule: &SecurityGroupRule) -> String {
    rule.id.as_ref().map_or_else(|| format!("rule ({})", words(rule)), |id| format!("rule {id}"))
}

fn words(rule: &SecurityGroupRule) -> String {
    let mut words = vec![
        rule.direction.clone().unwrap_or_else(|| "no direction".to_owned()),
        rule.ethertype.clone().unwrap_or_else(|| "no ethertype".to_owned()),
    ];
    words.extend(rule.protocol.clone());
    if let Some(port) = rule.port_range_min {
        words.push(format!("from port {port}"));
    }
    if let Some(range) = rule.port_range.as_deref().filter(|range| !range.trim().is_empty()) {
        words.push(format!("ports {range}"));
    }
    words.push(match (&rule.remote_group_id, &rule.remote_ip_prefix) {
        (Some(group), _) => format!("group {group}"),
        (None, Some(prefix)) => prefix.clone(),
        (None, None) => "all addresses".to_owned(),
    });
    words.join(", ")
}

/// The official verdict on templates, in addition to the text's. The text has no requirement for outgoing traffic (C-063).
fn default_rules(cloud: &Cloud, rec: &mut Rec<'_>) {
    const SUBJECT: &str = "default security group rules";
    let (rules, with_use) = match rules(cloud, rec) {
        None => return,
        Some(Rules::Templates(rules)) => (rules, true),
        Some(Rules::NewGroup(rules)) => (rules, false),
    };
    let complete = unusable(rules, rec, with_use);
    for rule in rules.entries().iter().filter(|rule| is_ingress(rule) && !is_idle(rule)) {
        if let Some(reason) = unknown_words(rule) {
            let split = Split { text: Verdict::Dnf, official: Verdict::Pass, difference: "C-064" };
            rec.split(split, label(rule), format!("{reason}, so it is unknown what it allows"));
        }
    }
    let counting = |allowed: fn(&SecurityGroupRule) -> bool| {
        rules.entries().iter().filter(|rule| is_ingress(rule) && !(with_use && allowed(rule))).count()
    };
    let by_text = counting(|rule| is_allowed_ingress(rule) || is_idle(rule));
    let official = counting(is_officially_allowed);
    let verdict = |count: usize| if count == 0 { Verdict::Pass } else { Verdict::Fail };
    if by_text > 0 {
        let split = Split { text: verdict(by_text), official: verdict(official), difference: "C-064" };
        let allow = if by_text == 1 { "allows" } else { "allow" };
        let message = format!(
            "{} {allow} incoming traffic; only the default group may allow traffic, from itself",
            counted(by_text)
        );
        rec.split(split, SUBJECT, message).compared("0 such rules", by_text);
    } else if official > 0 {
        let split = Split { text: Verdict::Pass, official: Verdict::Fail, difference: "C-113" };
        let message = format!("the official suite counts {}, although no group gets it", counted(official));
        rec.split(split, SUBJECT, message).compared("0 such rules", official);
    }
    // An unreadable rule may be the one that the suite misses.
    if !complete && rec.context().profile == Profile::Text {
        return;
    }
    let missing = missing_egress(rules, with_use, |rules, _| {
        // For a newly created group, the official suite only checks whether there is any rule.
        rules.iter().any(|rule| !with_use || rule.remote_ip_prefix.as_deref().unwrap_or_default().is_empty())
    });
    if !missing.is_empty() {
        let split = Split {
            text: Verdict::Pass,
            official: Verdict::Fail,
            difference: egress_difference(rules, with_use),
        };
        let missing: Vec<String> = missing.iter().map(ToString::to_string).collect();
        let message = format!(
            "the official suite misses rules that allow all outgoing traffic: {}; it only accepts rules without a prefix",
            missing.join(", ")
        );
        rec.split(split, SUBJECT, message);
    }
}

fn counted(rules: usize) -> String {
    if rules == 1 { "1 rule".to_owned() } else { format!("{rules} rules") }
}

/// The applicable difference: egress that is allowed according to the text, with a prefix of all addresses, or missing
/// egress.
fn egress_difference(rules: &Listed<SecurityGroupRule>, with_use: bool) -> &'static str {
    if missing_egress(rules, with_use, are_unlimited).is_empty() { "C-064" } else { "C-063" }
}

/// Outgoing traffic that no rule allows: its family and, for templates, the groups.
struct Missing {
    family: Family,
    group: Option<usize>,
}

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.family.name())?;
        match self.group.and_then(|group| GROUPS.get(group)) {
            Some((group, _)) => write!(f, " of the {group}"),
            None => Ok(()),
        }
    }
}

/// The combinations of family and groups without sufficient rules.
fn missing_egress(
    rules: &Listed<SecurityGroupRule>,
    with_use: bool,
    count: impl Fn(&[&SecurityGroupRule], Family) -> bool,
) -> Vec<Missing> {
    let there = |family: Family, used: &dyn Fn(&SecurityGroupRule) -> bool| {
        let of_family: Vec<&SecurityGroupRule> = rules
            .entries()
            .iter()
            .filter(|rule| is_egress(rule) && family.is_of(rule) && used(rule))
            .collect();
        count(&of_family, family)
    };
    let mut missing = Vec::new();
    for family in Family::ALL {
        if with_use {
            for (number, (_, used)) in GROUPS.iter().enumerate() {
                if !there(family, &|rule| used(rule) == Some(true)) {
                    missing.push(Missing { family, group: Some(number) });
                }
            }
        } else if !there(family, &|_| true) {
            missing.push(Missing { family, group: None });
        }
    }
    missing
}

/// The inventory key of the templates.
const TEMPLATES: &str = source::DEFAULT_RULES.name;

/// The fix that deletes a rule or a template. Users may rely on the traffic it allows.
fn delete(rule: &SecurityGroupRule, part: &str, what: &str) -> Option<Fix> {
    let id = rule.id.as_deref()?;
    let way = Way::new(
        format!("openstack {what} delete {}", operand(id)),
        [Edit::delete(part, Object::with_id(id))],
    );
    Some(Fix::choose(
        "Is the traffic that it allows still needed? If so, have the servers that need it use a security group of their own first.",
        [way.when("it is not").destructive()],
    ))
}

/// The fix that creates a template. Its removal may have been intended, and new groups allow more traffic from then on.
fn create(direction: &str, family: Family, from: Option<&str>, group: usize) -> Fix {
    let from_option = from.map(|from| format!(" --remote-group {from}")).unwrap_or_default();
    let group_option = if group == 0 { "--for-default-sg" } else { "--for-custom-sg" };
    let template: [(&str, Data); 7] = [
        ("direction", direction.into()),
        ("ethertype", family.name().into()),
        ("protocol", Data::Null),
        ("remote_group_id", from.into()),
        ("remote_ip_prefix", Data::Null),
        ("used_in_default_sg", (group == 0).into()),
        ("used_in_non_default_sg", (group != 0).into()),
    ];
    let way = Way::new(
        format!(
            "openstack default security group rule create --{direction} --ethertype {}{from_option} {group_option}",
            family.name()
        ),
        [Edit::create(TEMPLATES, Data::map(template))],
    );
    opening(way)
}

/// A fix that allows more traffic than before.
fn opening(way: Way) -> Fix {
    Fix::choose(
        "May this traffic be allowed from now on? Otherwise find out first why it is blocked.",
        [way.when("it may")],
    )
}

fn ingress_none(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(rules) = templates(cloud, rec) else { return };
    unusable(rules, rec, true);
    report_unknown(rules, rec);
    for rule in rules.entries().iter().filter(|rule| is_ingress(rule) && !is_allowed_ingress(rule)) {
        if rule.used_in_default_sg.is_none() || rule.used_in_non_default_sg.is_none() {
            continue;
        }
        let official = if is_officially_allowed(rule) { Verdict::Pass } else { Verdict::Fail };
        if is_idle(rule) {
            if official == Verdict::Fail {
                let split = Split { text: Verdict::Pass, official, difference: "C-113" };
                rec.split(split, label(rule), format!("no group gets it: {}", words(rule)));
            }
            continue;
        }
        let split = Split { text: Verdict::Fail, official, difference: "C-064" };
        let groups: Vec<&str> =
            GROUPS.iter().filter(|(_, used)| used(rule) == Some(true)).map(|(name, _)| *name).collect();
        let entry = rec
            .split(
                split,
                label(rule),
                format!("it allows traffic into the {}: {}", groups.join(" and "), words(rule)),
            )
            .compared("no ingress except from PARENT, used only in the default group", words(rule));
        if let Some(fix) = delete(rule, TEMPLATES, "default security group rule") {
            entry.repaired_by(fix);
        }
    }
}

fn ingress_same_group(cloud: &Cloud, rec: &mut Rec<'_>) {
    if let (None, Given::Data(rules)) =
        (cloud.default_security_group_rules.data(), &cloud.security_group_rules_of_default_group)
    {
        return same_group_of_project(rules, rec);
    }
    let Some(rules) = templates(cloud, rec) else { return };
    let missing = missing_ingress(rules, |rule| {
        is_from_parent(rule) && rule.used_in_default_sg == Some(true) && has_all_protocols(rule)
    });
    let usable = unusable(rules, rec, true);
    if !is_certainly_missing(!missing.is_empty(), rules, rec, is_ingress) || !usable {
        return;
    }
    for family in missing {
        rec.fail(
            "default group",
            format!(
                "its servers cannot reach each other over {}: no template allows traffic from PARENT",
                family.name()
            ),
        )
        .repaired_by(create("ingress", family, Some("PARENT"), 0));
    }
}

/// The families without a rule that allows the required incoming traffic.
fn missing_ingress(
    rules: &Listed<SecurityGroupRule>,
    counts: impl Fn(&SecurityGroupRule) -> bool,
) -> Vec<Family> {
    let there = |family: Family| {
        rules.entries().iter().any(|rule| is_ingress(rule) && family.is_of(rule) && counts(rule))
    };
    Family::ALL.into_iter().filter(|family| !there(*family)).collect()
}

/// The default group of a project, if there are no templates.
fn same_group_of_project(rules: &Listed<SecurityGroupRule>, rec: &mut Rec<'_>) {
    let missing = missing_ingress(rules, |rule| is_from_itself(rule) && has_all_protocols(rule));
    let usable = unusable(rules, rec, false);
    if !is_certainly_missing(!missing.is_empty(), rules, rec, is_ingress) || !usable {
        return;
    }
    let group = rules.entries().iter().find_map(|rule| rule.security_group_id.as_deref());
    for family in missing {
        let entry = rec.fail(
            "default group",
            format!("its servers cannot reach each other over {}: none of its rules allows traffic from the group itself", family.name()),
        );
        // Without its id, the project of the default group is unknown.
        if let Some(group) = group {
            let rule: [(&str, Data); 5] = [
                ("direction", "ingress".into()),
                ("ethertype", family.name().into()),
                ("protocol", Data::Null),
                ("remote_group_id", group.into()),
                ("security_group_id", group.into()),
            ];
            entry.repaired_by(opening(Way::new(
                format!(
                    "openstack security group rule create --ingress --ethertype {} {} {}",
                    family.name(),
                    option("--remote-group", group),
                    operand(group)
                ),
                [Edit::create(OF_DEFAULT_GROUP, Data::map(rule))],
            )));
        }
    }
}

fn egress_all(cloud: &Cloud, rec: &mut Rec<'_>) {
    let (rules, with_use) = match rules(cloud, rec) {
        None => return,
        Some(Rules::Templates(rules)) => (rules, true),
        Some(Rules::NewGroup(rules)) => (rules, false),
    };
    let missing = missing_egress(rules, with_use, are_unlimited);
    let usable = unusable(rules, rec, with_use);
    if !is_certainly_missing(!missing.is_empty(), rules, rec, is_egress) || !usable {
        return;
    }
    for missing in missing {
        let limited = rules.entries().iter().filter(|rule| is_egress(rule)).count();
        let hint = if limited > 0 {
            " (rules for only some protocols, ports or addresses do not count)"
        } else {
            ""
        };
        let entry = rec.fail("egress", format!("outgoing traffic is not fully allowed: {missing}{hint}"));
        if let Some(group) = missing.group {
            entry.repaired_by(create("egress", missing.family, None, group));
        }
    }
}

fn existing_groups(cloud: &Cloud, rec: &mut Rec<'_>) {
    if let Given::Data(rules) = &cloud.security_group_rules_of_default_group {
        default_group(rules, rec);
    }
    let rules = match (&cloud.default_security_group_rules, &cloud.security_group_rules_of_new_group) {
        (_, Given::Data(rules)) => rules,
        (Given::Data(_), _) => {
            rec.note("new groups", "not applicable: the rule templates are available");
            return;
        }
        _ => {
            // It describes missing rules.
            rules(cloud, rec);
            return;
        }
    };
    unusable(rules, rec, false);
    report_unknown(rules, rec);
    for rule in rules.entries().iter().filter(|rule| is_ingress(rule)) {
        let entry = rec
            .fail(label(rule), format!("a newly created group allows incoming traffic: {}", words(rule)))
            .compared("no ingress", words(rule));
        // The group has been deleted, and the next one gets the same rules.
        entry.repaired_by(Fix::advice(
            "Neutron before 2023.2 has these rules in its code; revert the change that allows incoming traffic",
        ));
    }
}

/// The inventory key of the rules of a project's default group.
const OF_DEFAULT_GROUP: &str = "security_group_rules_of_default_group";

/// The default group of a project only allows incoming traffic from itself.
fn default_group(rules: &Listed<SecurityGroupRule>, rec: &mut Rec<'_>) {
    unusable(rules, rec, false);
    report_unknown(rules, rec);
    for rule in rules.entries().iter().filter(|rule| is_ingress(rule) && !is_from_itself(rule)) {
        let entry = rec
            .fail(
                label(rule),
                format!("the default group of a project allows incoming traffic: {}", words(rule)),
            )
            .compared("no ingress except from the group itself", words(rule));
        if let Some(fix) = delete(rule, OF_DEFAULT_GROUP, "security group rule") {
            entry.repaired_by(fix);
        }
    }
}
