//! Compares the table of GPU cards with the grammar and the supplement's tables.

use std::collections::{BTreeSet, HashSet};

use scs_flavor_naming::{Card, Gpu, GpuAccess};

mod official;

#[test]
fn every_piece_parses_and_prints_the_same() {
    for card in Card::all() {
        let gpu = Gpu::from_piece(card.piece()).unwrap_or_else(|| panic!("{card}"));
        assert_eq!(gpu.piece(), card.piece());
        assert_eq!(gpu, card.gpu());
        assert_eq!((gpu.access(), gpu.vendor()), (GpuAccess::PassThrough, card.vendor()));
        assert!(gpu.generation().is_some(), "{card}");
    }
}

#[test]
fn figures_match_the_piece() {
    for card in Card::all() {
        let gpu = card.gpu();
        assert_eq!(gpu.units().unwrap().get(), card.units(), "{card}");
        assert_eq!(gpu.vram_gib().unwrap().get(), card.vram_gib(), "{card}");
        // C-008: if the name part has no `h` for high-bandwidth memory, there is a remark.
        if card.memory().is_some() && (gpu.bandwidth() > 0) != card.has_high_bandwidth() {
            assert!(card.remark().is_some_and(|remark| remark.contains("C-008")), "{card}");
        }
    }
}

#[test]
fn cards_are_unique_and_found_by_name_and_piece() {
    let mut seen = HashSet::new();
    for card in Card::all() {
        assert!(seen.insert(card.to_string()), "{card}");
        let (numerator, denominator) = card.fraction();
        assert_eq!(Card::find(&format!("{} {numerator}/{denominator}", card.name().to_uppercase())), [card]);
        assert!(Card::candidates(&card.gpu()).contains(&card), "{card}");
        assert!(Card::find(card.piece()).contains(&card), "{card}");
    }
}

/// DIFFERENCE (C-023): the units of the MI250X. The supplement abbreviates some names.
#[test]
fn the_supplement_has_the_same_rows() {
    let path = "Standards/scs-0100-w1-flavor-naming-implementation-testing.md";
    let Some(text) = official::read(path) else { return };
    let rows = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let piece = cells.last()?.trim_end_matches('+').trim_matches('`');
        Gpu::from_piece(piece)?;
        let fraction = cells.iter().find(|cell| cell.contains('/')).copied().unwrap_or("1/1");
        let [units, memory] = cells[cells.len() - 3..cells.len() - 1] else { return None };
        let name = cells[0].trim_start_matches("Inst ").trim_start_matches("AI ");
        let (units, memory) = (units.trim_end_matches('+'), memory.trim_end_matches('+'));
        let units = if name == "MI250X" { "220" } else { units };
        Some([name, fraction, units, memory, piece].join("|"))
    };
    let theirs: BTreeSet<String> = text.lines().filter_map(rows).collect();
    let ours: BTreeSet<String> = Card::all()
        .filter(|card| !card.is_consumer())
        .map(|card| {
            let name = ["Instinct ", "Radeon ", "AI "]
                .into_iter()
                .fold(card.name(), |name, brand| name.strip_prefix(brand).unwrap_or(name));
            let (numerator, denominator) = card.fraction();
            let (units, vram, memory) = (card.units(), card.vram_gib(), card.memory().unwrap());
            format!("{name}|{numerator}/{denominator}|{units}|{vram}G {memory}|{}", card.piece())
        })
        .collect();
    assert_eq!(ours, theirs);
    for card in Card::all().filter(|card| card.is_consumer()) {
        assert!(text.contains(&format!("{} (`{}`)", card.name(), card.piece())), "{card}");
    }
}
