//! Parsing a valid name does not allocate.

use allocation_counter::measure;
use scs_benches::{Random, name};
use scs_flavor_naming::{FlavorName, Parser, Syntax};
use scs_standards::Profile;

fn names() -> Vec<String> {
    let mut random = Random::new(0x0100);
    let count = 3_000;
    (0..count).map(|index| name(&mut random, Syntax::ALL[index % Syntax::ALL.len()])).collect()
}

#[test]
fn parse_does_not_allocate_on_success() {
    let names = names();
    let mut accepted = 0;
    let allocations = measure(|| {
        accepted = names.iter().filter(|name| name.parse::<FlavorName>().is_ok()).count();
    });
    assert_eq!(accepted, names.len());
    assert_eq!(allocations.count_total, 0, "{allocations:?}");
}

#[test]
fn accept_never_allocates() {
    let mut names = names();
    names.extend(["", "SCS-", "m1.small", "SCS-2V-4_", "SCS-4294967296V-4"].map(str::to_owned));
    for profile in Profile::ALL {
        let parser = Parser::new(profile);
        let allocations = measure(|| {
            for name in &names {
                std::hint::black_box(parser.accept(name.as_bytes()));
            }
        });
        assert_eq!(allocations.count_total, 0, "{profile}: {allocations:?}");
    }
}

/// The counter works: an invalid name allocates its explanation.
#[test]
fn the_counter_counts() {
    let allocations = measure(|| drop("SCS-2V".parse::<FlavorName>()));
    assert!(allocations.count_total > 0);
}
