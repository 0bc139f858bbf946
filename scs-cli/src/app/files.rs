//! Reading whole files and declarations, and writing documents.

use std::io::{Read, Write};

use schemars::JsonSchema;
use scs_standards::yaml;
use scs_standards::{Declaration, Declarations, Exception};
use serde::Serialize;
use serde_json::Value;

use crate::app::failure::Failure;
use crate::app::input::{self, Opened, Source, refuse_other_encodings};
use crate::app::output::Output;

/// The maximum size of a document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    /// In bytes.
    pub(crate) bytes: u64,
    /// What the file is, such as "an inventory".
    pub(crate) what: &'static str,
    /// The hint.
    pub(crate) hint: &'static str,
}

/// The limit for declarations and other handwritten files.
pub(crate) const WRITTEN: Limit =
    Limit { bytes: 64 << 20, what: "such a file", hint: "check that it is the right file" };

/// Reads an input as text.
pub(crate) fn text(input: Opened, limit: Limit) -> Result<String, Failure> {
    let name = input.name.clone();
    let bytes = bytes(begun_as_text(input)?, limit)?;
    refuse_other_encodings(&name, &bytes)?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::new(format!("{name} is not text: byte {at} (counted from 0) is not UTF-8"))
            .hint("check that it is the right file; JSON and YAML are UTF-8 text")
    })
}

/// Rejects a device or a binary file of any size by its first bytes.
fn begun_as_text(mut input: Opened) -> Result<Opened, Failure> {
    let mut head = Vec::new();
    let read = (&mut input.reader).take(HEAD as u64).read_to_end(&mut head);
    read.map_err(|error| Failure::unreadable(&input.name, &error))?;
    refuse_other_encodings(&input.name, &head)?;
    if let Some(at) = memchr::memchr(0, &head) {
        return Err(Failure::new(format!("{} is not text: byte {at} (counted from 0) is zero", input.name))
            .hint("check that it is the right file; JSON and YAML are UTF-8 text"));
    }
    let reader = std::mem::replace(&mut input.reader, Box::new(std::io::empty()));
    input.reader = Box::new(std::io::Cursor::new(head).chain(reader));
    Ok(input)
}

/// The maximum read from a pipe or a device, whose length is unknown and may be infinite.
const ENDLESS: u64 = 512 << 20;

/// How many bytes are searched for NUL.
const HEAD: usize = 1 << 16;

/// Reads an input as bytes.
pub(crate) fn bytes(input: Opened, limit: Limit) -> Result<Vec<u8>, Failure> {
    let limit =
        if input.length.is_none() { Limit { bytes: limit.bytes.min(ENDLESS), ..limit } } else { limit };
    let too_large = || {
        Failure::new(format!(
            "{} is larger than {} MiB, too large for {}",
            input.name,
            limit.bytes >> 20,
            limit.what
        ))
        .hint(limit.hint)
    };
    // The length is known without reading.
    if input.length.is_some_and(|length| length > limit.bytes) {
        return Err(too_large());
    }
    // One more byte, so that the end is seen without another allocation.
    let length = input.length.and_then(|length| usize::try_from(length + 1).ok()).unwrap_or(0);
    let mut bytes = Vec::with_capacity(length);
    let read = input.reader.take(limit.bytes + 1).read_to_end(&mut bytes);
    read.map_err(|error| Failure::unreadable(&input.name, &error))?;
    if bytes.len() as u64 > limit.bytes {
        return Err(too_large());
    }
    Ok(bytes)
}

/// The schema of a declarations file.
#[derive(JsonSchema)]
#[schemars(
    untagged,
    title = "Declarations",
    description = "The provider's declarations about requirements that no API can show: the file for `--declarations`, in YAML or JSON."
)]
#[expect(dead_code, reason = "it describes the file; `Declarations` reads it")]
pub(crate) enum DeclarationsFile {
    List(Vec<EntryOfDeclarations>),
    Mapping { declarations: Vec<EntryOfDeclarations> },
}

/// A declaration, or a claimed exception.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "it describes the file; `Declarations` reads it")]
pub(crate) enum EntryOfDeclarations {
    Statement(Declaration),
    Exception(Exception),
}

/// Reads declarations: a list, or a mapping with the key `declarations`.
pub(crate) fn declarations(source: Option<&Source>) -> Result<Declarations, Failure> {
    let Some(source) = source else {
        return Ok(Declarations::default());
    };
    let mut all = Declarations::default();
    for file in source.files(input::WRITTEN)? {
        all = all.and(&declarations_of(&file)?);
    }
    Ok(all)
}

fn declarations_of(source: &Source) -> Result<Declarations, Failure> {
    let name = source.name();
    let text = text(source.open()?, WRITTEN)?;
    let unusable = |reason: String| {
        Failure::new(format!("{name}: not declarations: {reason}"))
            .hint("each needs `rule`, `value`, `date` and `valid_until`, such as `{rule: scs-0100-ecc, value: ecc, date: 2026-10-01, valid_until: 2027-01-01}`; see `scs standards schema declarations`")
    };
    // Entries are not validated here: an invalid entry becomes a finding of the rule that it names.
    let value: Value = serde_saphyr::from_str(&text).map_err(|error| unusable(yaml::reason(&error)))?;
    let entries = match value {
        Value::Object(mut mapping) => mapping.remove("declarations").unwrap_or_default(),
        list => list,
    };
    serde_json::from_value(entries)
        .map_err(|_| unusable("expected a list, or a mapping with a list under `declarations`".to_owned()))
}

/// Writes a document as JSON or YAML.
pub(crate) fn write_document(
    output: &mut Output,
    document: &impl Serialize,
    yaml: bool,
) -> Result<(), Failure> {
    if yaml {
        let text = serde_saphyr::to_string(document)
            .map_err(|error| Failure::new(format!("cannot write YAML: {error}")))?;
        output.write_all(text.as_bytes())?;
    } else {
        serde_json::to_writer_pretty(&mut *output, document)?;
        output.write_all(b"\n")?;
    }
    Ok(())
}
