//! Reading XML element by element, within limits.

use std::borrow::Cow;
use std::io::BufRead;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use thiserror::Error;

/// The maximum nesting of elements.
const DEEPEST: usize = 32;

/// Document types that are accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentTypes {
    /// None.
    None,
    /// Those without declarations; entities are never declared.
    Empty,
}

/// A start or an end of an element.
#[derive(Debug)]
pub enum Tag<'t> {
    /// The start, with the attributes.
    Start(Element<'t>),
    /// The end of an element with content, or right after the start of an empty one.
    End {
        /// The name without prefix.
        name: &'t str,
        /// Whether the element is written as one tag.
        is_empty: bool,
    },
}

/// The start of an element.
#[derive(Debug)]
pub struct Element<'t> {
    /// The name without prefix.
    pub name: &'t str,
    /// Whether the element is written as one tag.
    pub is_empty: bool,
    start: &'t BytesStart<'t>,
}

/// Error: not the expected XML.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReadXmlError<E> {
    /// Not XML.
    #[error("at byte {at}: {message}")]
    Xml {
        /// The byte offset.
        at: u64,
        /// The reason.
        message: String,
    },
    /// It has a document type that is not accepted.
    #[error("it has a document type with entities")]
    DocumentType,
    /// The text is truncated.
    #[error("it is truncated within `{0}`")]
    BreaksOff(String),
    /// An element cannot be used.
    #[error("{error}")]
    Element {
        /// The byte offset.
        at: u64,
        /// The reason.
        error: E,
    },
}

impl Element<'_> {
    /// An attribute.
    ///
    /// # Errors
    ///
    /// If the attributes or the value are not valid XML.
    pub fn attribute(&self, name: &str) -> Result<Option<String>, String> {
        let given = self.start.try_get_attribute(name).map_err(|error| error.to_string())?;
        let value = given.map(|given| given.normalized_value(XmlVersion::Implicit1_0).map(Cow::into_owned));
        value.transpose().map_err(|error| error.to_string())
    }

    /// The attributes that can be read, with their values as written.
    pub fn written_attributes(&self) -> impl Iterator<Item = (String, String)> {
        let mut attributes = self.start.attributes();
        attributes.with_checks(false);
        attributes.flatten().map(|attribute| {
            (attribute.key.local_name().as_ref().to_owned(), attribute.value.as_ref().to_owned())
        })
    }
}

/// Gives each tag to `visit`, without holding the text in memory.
///
/// # Errors
///
/// If it is not XML, is nested too deeply, has a document type that is not accepted, or is truncated, and the errors of
/// `visit`.
///
/// ```
/// use scs_standards::xml::{DocumentTypes, Tag, walk};
///
/// let mut names = Vec::new();
/// walk("<a><b/></a>".as_bytes(), DocumentTypes::None, |tag| {
///     if let Tag::Start(element) = tag {
///         names.push(element.name.to_owned());
///     }
///     Ok::<_, String>(())
/// })?;
/// assert_eq!(names, ["a", "b"]);
/// # Ok::<(), scs_standards::xml::ReadXmlError<String>>(())
/// ```
pub fn walk<E>(
    text: impl BufRead,
    types: DocumentTypes,
    mut visit: impl FnMut(Tag<'_>) -> Result<(), E>,
) -> Result<(), ReadXmlError<E>> {
    let mut reader = Reader::from_reader(text);
    let mut open: Vec<String> = Vec::new();
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let at = reader.buffer_position();
        let broken = |message: String| ReadXmlError::Xml { at, message };
        let event = reader.read_event_into(&mut buffer).map_err(|error| broken(error.to_string()))?;
        let mut visit = |tag| visit(tag).map_err(|error| ReadXmlError::Element { at, error });
        match &event {
            Event::DocType(declared) if types == DocumentTypes::None || declared.contains('[') => {
                return Err(ReadXmlError::DocumentType);
            }
            Event::Start(start) | Event::Empty(start) => {
                let is_empty = matches!(event, Event::Empty(_));
                if !is_empty && open.len() == DEEPEST {
                    return Err(broken("elements are nested too deeply".to_owned()));
                }
                let name = start.local_name().as_ref().to_owned();
                visit(Tag::Start(Element { name: &name, is_empty, start }))?;
                if is_empty {
                    visit(Tag::End { name: &name, is_empty })?;
                } else {
                    open.push(name);
                }
            }
            Event::End(_) => {
                if let Some(name) = open.pop() {
                    visit(Tag::End { name: &name, is_empty: false })?;
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    open.pop().map_or(Ok(()), |name| Err(ReadXmlError::BreaksOff(name)))
}
