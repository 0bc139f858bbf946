//! `#` comments in shell scripts, YAML and HCL.

use std::fmt;

use super::visible::push_visible;

/// Writes a text as a one-line comment. The text cannot break out: all line breaks of these languages are escaped.
///
/// ```
/// use scs_standards::written::Comment;
///
/// assert_eq!(Comment("now: a\rb: 1").to_string(), r"# now: a\rb: 1");
/// assert_eq!(Comment("").to_string(), "#");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment<'a>(pub &'a str);

impl fmt::Display for Comment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = String::with_capacity(self.0.len() + 2);
        line.push('#');
        if !self.0.is_empty() {
            line.push(' ');
        }
        self.0.chars().for_each(|character| push_visible(&mut line, character));
        f.write_str(&line)
    }
}

/// A command or document of several lines, each written as a [`Comment`] with its indentation. Only a line feed ends a
/// line, so untrusted text in it must not contain any, as ensured by [`shell::quote`](super::shell::quote) and
/// [`yaml::scalar`](super::yaml::scalar).
///
/// ```
/// use scs_standards::written::CommentedOut;
///
/// assert_eq!(CommentedOut("openstack flavor create \\\n  --vcpus 2 f").to_string(), "# openstack flavor create \\\n#   --vcpus 2 f");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommentedOut<'a>(pub &'a str);

impl fmt::Display for CommentedOut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, line) in self.0.split('\n').enumerate() {
            if number > 0 {
                f.write_str("\n")?;
            }
            Comment(line).fmt(f)?;
        }
        Ok(())
    }
}
