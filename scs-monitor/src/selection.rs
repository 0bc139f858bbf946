//! Which subjects a name stands for.

use crate::service::View;

/// The beginning of the name of a group where a subject is expected.
pub(crate) const GROUP: &str = "group-";

/// The group that a name stands for. Without a name of a group, it is that of a subject.
pub(crate) fn group(name: &str) -> Option<&str> {
    name.strip_prefix(GROUP).filter(|group| !group.is_empty())
}

/// The subjects of a name: itself, or the members of a group if it begins with `group-`. `None` if nothing of that name is known.
pub(crate) fn subjects<'v>(view: &'v View, name: &'v str) -> Option<Vec<&'v str>> {
    let bootstrap = &view.config.bootstrap;
    if let Some(group) = group(name) {
        let members: Vec<&str> = bootstrap.members(group).collect();
        return (!members.is_empty()).then_some(members);
    }
    let is_known =
        bootstrap.account(name).is_some() || view.snapshot.all().any(|(subject, _, _)| subject == name);
    is_known.then(|| vec![name])
}
