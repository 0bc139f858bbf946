//! Flavors: scs-0100, scs-0103 and scs-0110.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::tz::TimeZone;
use scs_flavor_naming::{DiskMeasurement, FlavorList, FlavorSet, flavor_rules, flavor_test_cases};
use scs_standards::{Context, Declaration, Declarations, DeclaredValue, Given, Source, TestCase};
use serde_json::value::RawValue;

use crate::domain::{Asked, Domain, DomainAnswers, RuleInfo, answers_for_part, answers_of};
use crate::inventory::{Inventory, Kind};

const PART: Source = Source {
    name: "flavors",
    from: "what Nova returns for `GET /flavors/detail` with microversion 2.61 or later",
};

pub(super) struct Flavors;

/// The output of fio for the disks of flavors, by name of the flavor.
const FIO: &str = "fio_results";

/// Measurements count as declarations about their flavors, valid for a quarter after the inventory was collected
/// (scs-0004-v1, *Regulations*).
fn measured(inventory: &Inventory, context: &Context<'_>, notices: &mut Vec<String>) -> Declarations {
    let results: BTreeMap<String, Box<RawValue>> = match inventory.given(FIO).read(serde_json::from_str) {
        Given::Missing => return Declarations::default(),
        Given::Unusable(reason) => {
            notices.push(format!("`{FIO}` cannot be used: {reason}"));
            return Declarations::default();
        }
        Given::Data(results) => results,
    };
    let date = inventory.collected_at().map_or(context.date(), |at| at.to_zoned(TimeZone::UTC).date());
    let statement = |rule: &str, flavor: &str, value: f64| Declaration {
        rule: rule.to_owned(),
        value: DeclaredValue::Number(value),
        subjects: vec![flavor.to_owned()],
        statement: Some("measured with fio".to_owned()),
        document: None,
        date,
        valid_until: date.checked_add(3.months()).unwrap_or(date),
        responsible: Some("fio".to_owned()),
    };
    let mut declarations = Vec::new();
    for (flavor, json) in &results {
        match DiskMeasurement::from_fio(json.get()) {
            Ok(measured) => {
                declarations.push(statement("scs-0110-iops", flavor, measured.iops));
                let latency = measured.write_latency_ms;
                declarations.extend(latency.map(|ms| statement("scs-0110-write-latency", flavor, ms)));
            }
            Err(error) => notices.push(format!("`{FIO}` of {flavor} cannot be used: {error}")),
        }
    }
    Declarations::new(declarations)
}

impl Domain for Flavors {
    fn kind(&self) -> Kind {
        Kind::Cloud
    }

    fn rules(&self) -> Vec<RuleInfo> {
        flavor_rules().map(RuleInfo::from).collect()
    }

    fn test_cases(&self) -> Vec<&'static TestCase> {
        flavor_test_cases().collect()
    }

    fn answers(&self, asked: &Asked<'_>) -> DomainAnswers {
        let Asked { inventory, context, documents, .. } = *asked;
        answers_for_part(self, asked, PART, |list: FlavorList| {
            let mut notices = list.notices.clone();
            let set = FlavorSet::from(list);
            let declarations = context.declarations.and(&measured(inventory, context, &mut notices));
            let context = &Context { declarations: &declarations, ..*context };
            DomainAnswers { notices, ..answers_of(flavor_rules(), &set, documents, context) }
        })
    }
}
