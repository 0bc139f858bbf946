//! The GPU cards of scs-0100-w1.

use scs_flavor_naming::Card;

use super::DocsStyle;
use super::page::{Page, code};

/// The GPU cards.
pub(super) fn gpu_cards(style: &DocsStyle) -> String {
    let mut page = Page::new(style);
    page.text(
        "The cards and partitions listed in supplement scs-0100-w1, with their part of a flavor name for GPU pass-through. Most \
         figures come from data sheets; check what your users actually get.",
    );
    for (title, consumer) in [("Cards for data centers and workstations", false), ("Consumer cards", true)] {
        page.heading(0, title);
        page.head(&["Vendor", "Card", "Part", "Units", "VRAM in GiB", "Memory", "Name part", "Remark"]);
        for card in Card::all().filter(|card| card.is_consumer() == consumer) {
            let part = match card.fraction() {
                (1, 1) => String::new(),
                (numerator, denominator) => format!("{numerator}/{denominator}"),
            };
            page.row(&[
                &card.vendor().words(),
                &card.name(),
                &part,
                &card.units(),
                &card.vram_gib(),
                &card.memory().unwrap_or_default(),
                &code(card.piece()),
                &card.remark().unwrap_or_default(),
            ]);
        }
    }
    page.finish()
}
