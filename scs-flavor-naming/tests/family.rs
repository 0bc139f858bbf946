//! Families of names.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use proptest::prelude::*;
use scs_flavor_naming::{Family, FamilyList, MAX_FAMILY_ITEMS};

fn names(family: &Family) -> Vec<String> {
    family.into_iter().map(|name| name.to_string()).collect()
}

#[test]
fn types_apply_to_bare_numbers() {
    let family = Family::from_lists("1,2Ti", "v,dedicated-core", "0.5", "").unwrap();
    assert_eq!(names(&family), ["SCS-1V-0.5", "SCS-1C-0.5", "SCS-2Ti-0.5"]);
}

#[test]
fn repeated_items_count_once() {
    let family = Family::from_lists("1, 1V", "V,V", "4,4", "0,0,n,5,5").unwrap();
    assert_eq!(family.count_names(), Some(3));
    assert_eq!(names(&family), ["SCS-1V-4", "SCS-1V-4-n", "SCS-1V-4-5"]);
}

#[test]
fn ratios_choose_pairs() {
    let family = Family::from_lists("1,2,4294967295", "V", "2,4,8,3.5", "0,10").unwrap();
    let family = family.with_ratio_list("1:2, 1:4").unwrap();
    assert_eq!(
        names(&family),
        [
            "SCS-1V-2",
            "SCS-1V-2-10",
            "SCS-1V-4",
            "SCS-1V-4-10",
            "SCS-2V-4",
            "SCS-2V-4-10",
            "SCS-2V-8",
            "SCS-2V-8-10"
        ]
    );
    assert_eq!(family.with_ratios([u32::MAX]).count_names(), Some(0));
}

#[track_caller]
fn fails(lists: [&str; 4], list: FamilyList, place: &str) {
    let error = Family::from_lists(lists[0], lists[1], lists[2], lists[3]).unwrap_err();
    let index = match list {
        FamilyList::Cpus => 0,
        FamilyList::Types => 1,
        FamilyList::Ram => 2,
        _ => 3,
    };
    let text = lists[index];
    assert_eq!(error.list(), list, "{error}");
    assert_eq!(text.get(error.span().range()), Some(place), "{error}");
}

#[test]
fn errors_have_a_position() {
    fails(["1,x", "V", "4", ""], FamilyList::Cpus, "x");
    fails(["1,0", "V", "4", ""], FamilyList::Cpus, "0");
    fails(["1,1V-4", "V", "4", ""], FamilyList::Cpus, "1V-4");
    fails(["1V,2", "", "4", ""], FamilyList::Cpus, "2");
    fails(["1,", "V", "4", ""], FamilyList::Cpus, "");
    fails(["4294967296", "V", "4", ""], FamilyList::Cpus, "4294967296");
    fails(["1", "V, Q", "4", ""], FamilyList::Types, "Q");
    fails(["1", "V", "4,1.25", ""], FamilyList::Ram, "1.25");
    fails(["1", "V", "4u", ""], FamilyList::Ram, "4u");
    fails(["1", "V", "4", "20s,ö"], FamilyList::Disks, "ö");
    fails(["1", "V", "4", "3xs"], FamilyList::Disks, "3xs");
    fails(["1", "V", "4", "20_ib"], FamilyList::Disks, "20_ib");
    let many = vec!["1"; MAX_FAMILY_ITEMS + 1].join(",");
    assert_eq!(
        Family::from_lists(&many, "V", "4", "").unwrap_err().to_string(),
        "more than 1000 items in the vCPUs"
    );
    let error = Family::from_lists("1", "V", "4", "").unwrap().with_ratio_list("1:2,2:4").unwrap_err();
    assert_eq!((error.list(), error.span().range()), (FamilyList::Ratios, 4..7));
}

proptest! {
    #[test]
    fn the_size_hint_is_exact(
        cpus in prop::collection::vec(1u32..6, 1..5), ram in prop::collection::vec(1u32..20, 1..5),
        disks in prop::collection::vec(0u32..6, 1..4), ratios in prop::collection::vec(1u32..5, 0..4),
    ) {
        let list = |numbers: &[u32]| numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
        let family = Family::from_lists(&list(&cpus), "V,L", &list(&ram), &list(&disks)).unwrap().with_ratios(ratios);
        let mut names = family.iter();
        let mut seen = std::collections::HashSet::new();
        let (mut left, _) = names.size_hint();
        while let Some(name) = names.next() {
            prop_assert!(seen.insert(name));
            left -= 1;
            prop_assert_eq!(names.size_hint(), (left, Some(left)));
        }
        prop_assert_eq!(left, 0);
        prop_assert!(names.next().is_none());
    }

    #[test]
    fn any_text_is_handled(cpus in ".{0,12}", types in ".{0,6}", ram in ".{0,12}", disks in ".{0,12}") {
        if let Err(error) = Family::from_lists(&cpus, &types, &ram, &disks) {
            let text = match error.list() {
                FamilyList::Cpus => &cpus,
                FamilyList::Types => &types,
                FamilyList::Ram => &ram,
                _ => &disks,
            };
            prop_assert!(text.get(error.span().range()).is_some());
        }
    }
}
