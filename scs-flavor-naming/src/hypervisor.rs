//! The hypervisor extension: `_kvm` (scs-0100-v3, *Hypervisor*).

use std::fmt;

use crate::syntax::Syntax;

/// The hypervisor, or bare metal without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Hypervisor {
    /// KVM with QEMU.
    #[cfg_attr(feature = "serde", serde(rename = "kvm"))]
    Kvm,
    /// Cloud Hypervisor.
    #[cfg_attr(feature = "serde", serde(rename = "chy"))]
    CloudHypervisor,
    /// Xen.
    #[cfg_attr(feature = "serde", serde(rename = "xen"))]
    Xen,
    /// VMware.
    #[cfg_attr(feature = "serde", serde(rename = "vmw"))]
    Vmware,
    /// Hyper-V.
    #[cfg_attr(feature = "serde", serde(rename = "hyv"))]
    HyperV,
    /// Bare metal system.
    #[cfg_attr(feature = "serde", serde(rename = "bms"))]
    BareMetal,
}

/// A row of the table *Hypervisor*.
struct Row {
    token: &'static str,
    words: &'static str,
    /// The first version that lists it.
    since: Syntax,
}

impl Hypervisor {
    /// All hypervisors of v3, in the order of its table.
    pub const ALL: [Self; 6] =
        [Self::Kvm, Self::CloudHypervisor, Self::Xen, Self::Vmware, Self::HyperV, Self::BareMetal];

    const fn row(self) -> Row {
        match self {
            Self::Kvm => Row { token: "kvm", words: "KVM", since: Syntax::V1 },
            Self::CloudHypervisor => Row { token: "chy", words: "Cloud Hypervisor", since: Syntax::V3 },
            Self::Xen => Row { token: "xen", words: "Xen", since: Syntax::V1 },
            Self::Vmware => Row { token: "vmw", words: "VMware", since: Syntax::V1 },
            Self::HyperV => Row { token: "hyv", words: "Hyper-V", since: Syntax::V1 },
            Self::BareMetal => Row { token: "bms", words: "bare metal", since: Syntax::V1 },
        }
    }

    /// The word used in names, such as `kvm`.
    #[must_use]
    pub const fn token(self) -> &'static str {
        self.row().token
    }

    /// A description, such as `Cloud Hypervisor`.
    #[must_use]
    pub const fn words(self) -> &'static str {
        self.row().words
    }

    /// The first version of the syntax that lists it.
    #[must_use]
    pub const fn since(self) -> Syntax {
        self.row().since
    }

    /// The hypervisor for a word in a name, in any version.
    #[inline]
    #[must_use]
    pub const fn from_token(token: [u8; 3]) -> Option<Self> {
        // The first letter is unique, and a table lookup is faster than a sequence of comparisons.
        const BY_FIRST_LETTER: [Option<Hypervisor>; 256] = {
            let mut table = [None; 256];
            let mut index = 0;
            while index < Hypervisor::ALL.len() {
                let entry = &mut table[Hypervisor::ALL[index].row().token.as_bytes()[0] as usize];
                assert!(entry.is_none(), "two words with the same first letter");
                *entry = Some(Hypervisor::ALL[index]);
                index += 1;
            }
            table
        };
        let Some(candidate) = BY_FIRST_LETTER[token[0] as usize] else {
            return None;
        };
        let word = candidate.row().token.as_bytes();
        if word[1] == token[1] && word[2] == token[2] { Some(candidate) } else { None }
    }
}

impl fmt::Display for Hypervisor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.token())
    }
}
