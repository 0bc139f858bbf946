//! Checks images as Glance's API or the OpenStack client prints them.
//!
//! ```text
//! cargo run -p scs-examples --bin check_images -- examples/data/images.json 2026-11-24T00:00:00Z
//! ```

#![expect(clippy::print_stdout, reason = "the findings are what the program is for")]

use std::error::Error;

use scs_image_metadata::scs_standards::catalog::{Catalog, Document};
use scs_image_metadata::scs_standards::{Context, DocumentId, Verdict};
use scs_image_metadata::{ImageList, ImageSet, check_images};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("name a file of images")?;
    let list: ImageList = std::fs::read_to_string(path)?.parse()?;
    let images = ImageSet::from(list);
    // Nothing in the libraries reads a clock: the time of the check is an argument.
    let context = Context::at(arguments.next().ok_or("name a time")?.parse()?);
    let in_force: Vec<DocumentId> = Catalog::embedded().in_force(context.date()).map(Document::id).collect();
    let answers = check_images(&images, &context, &in_force);
    for finding in answers.iter().flat_map(|answer| &answer.findings).filter(|it| it.result == Verdict::Fail)
    {
        println!("{finding}");
    }
    Ok(())
}
