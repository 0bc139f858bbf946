//! Comments behind `#`, as shells, YAML and HCL have them.

use std::fmt;

use super::visible::push_visible;

/// A text as a comment of one line. No text leaves it: whatever breaks a line in any of the languages is spelled out.
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

/// A command or document of several lines, each of them a [`Comment`] that keeps its indent. Lines end at a line feed, and
/// only there; so texts of others in it have to be written without one, as [`shell::quote`](super::shell::quote) and
/// [`yaml::scalar`](super::yaml::scalar) do.
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
