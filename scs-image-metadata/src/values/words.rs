//! Closed vocabularies of scs-0102, and those of OpenStack that it refers to.

use std::fmt;
use std::str::FromStr;

use scs_standards::truth::truth;
use scs_standards::wording::or;

use super::error::ParseValueError;
use super::spelling::meant;

/// A vocabulary, with one row per word and its meaning.
macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident, $title:literal, $about:literal { $($variant:ident = $word:literal, $meaning:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = $meaning] $variant,)+
        }

        impl $name {
            /// All words, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word as Glance stores it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The meaning of the word.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.name())
            }
        }

        impl FromStr for $name {
            type Err = ParseValueError;

            fn from_str(text: &str) -> Result<Self, ParseValueError> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => {
                        let words = || Self::ALL.iter().map(|word| word.name());
                        Err(ParseValueError::new(text, or(words())).guess(meant(text, words())))
                    }
                }
            }
        }

        scs_standards::as_text!(inline $name, $title, {
            let meanings: Vec<String> =
                Self::ALL.iter().map(|word| format!("{}: {}", word.name(), word.meaning())).collect();
            schemars::json_schema!({
                "type": "string",
                "enum": Self::ALL.iter().map(|word| word.name()).collect::<Vec<_>>(),
                "description": format!("{} {}", $about, meanings.join(" ")),
            })
        });
    };
}

vocabulary! {
    /// `replace_frequency`: the minimum frequency at which the image of a name is replaced (scs-0102, *Image updating*).
    ReplaceFrequency, "ReplaceFrequency", "The minimum frequency at which the image of this name is replaced (scs-0102, Image updating)." {
        Yearly = "yearly", "At least once a year.";
        Quarterly = "quarterly", "At least once a quarter.";
        Monthly = "monthly", "At least once a month.";
        Weekly = "weekly", "At least once a week.";
        Daily = "daily", "At least once a day.";
        CriticalBug = "critical_bug", "Only for critical issues.";
        Never = "never", "Never, until the date of `provided_until`.";
    }
}

vocabulary! {
    /// `os_purpose`: the purpose of the image (scs-0102, *Technical requirements and features*).
    ///
    /// Version 2 adds [`OsPurpose::Oldgeneric`] and makes the property mandatory.
    OsPurpose, "OsPurpose", "The purpose of the image (scs-0102, Technical requirements and features)." {
        Generic = "generic", "A general-purpose system, mostly as published by its vendor.";
        Oldgeneric = "oldgeneric", "A general-purpose system that was replaced by a newer image (since version 2).";
        Minimal = "minimal", "A general-purpose system reduced to a minimum.";
        K8snode = "k8snode", "A Kubernetes node.";
        Gpu = "gpu", "A system with drivers for GPUs.";
        Network = "network", "A network appliance.";
        Custom = "custom", "None of the others.";
    }
}

vocabulary! {
    /// `architecture`: the values listed by Glance, and two names of RISC-V, which it does not list.
    Architecture, "Architecture", "The architecture of the CPU, as listed by Glance (scs-0102, Technical requirements and features)." {
        Aarch64 = "aarch64", "ARM, 64 bits.";
        Alpha = "alpha", "DEC Alpha.";
        Armv7l = "armv7l", "ARM Cortex-A7.";
        Cris = "cris", "CRIS.";
        I686 = "i686", "x86, 32 bits.";
        Ia64 = "ia64", "Itanium.";
        Lm32 = "lm32", "Lattice Micro32.";
        M68k = "m68k", "Motorola 68000.";
        Microblaze = "microblaze", "MicroBlaze, big endian.";
        Microblazeel = "microblazeel", "MicroBlaze, little endian.";
        Mips = "mips", "MIPS, 32 bits, big endian.";
        Mipsel = "mipsel", "MIPS, 32 bits, little endian.";
        Mips64 = "mips64", "MIPS, 64 bits, big endian.";
        Mips64el = "mips64el", "MIPS, 64 bits, little endian.";
        Openrisc = "openrisc", "OpenRISC.";
        Parisc = "parisc", "PA-RISC.";
        Parisc64 = "parisc64", "PA-RISC, 64 bits.";
        Ppc = "ppc", "PowerPC, 32 bits.";
        Ppc64 = "ppc64", "PowerPC, 64 bits.";
        Ppcemb = "ppcemb", "PowerPC, embedded.";
        S390 = "s390", "S/390.";
        S390x = "s390x", "S/390, 64 bits.";
        Sh4 = "sh4", "SH-4, little endian.";
        Sh4eb = "sh4eb", "SH-4, big endian.";
        Sparc = "sparc", "SPARC, 32 bits.";
        Sparc64 = "sparc64", "SPARC, 64 bits.";
        Unicore32 = "unicore32", "UniCore.";
        X86_64 = "x86_64", "x86, 64 bits.";
        Xtensa = "xtensa", "Xtensa.";
        Xtensaeb = "xtensaeb", "Xtensa, big endian.";
        Riscv64 = "riscv64", "RISC-V, 64 bits; not listed by Glance.";
        RiscV = "risc-v", "RISC-V in the official test suite; not listed by Glance.";
    }
}

impl Architecture {
    /// Whether Glance lists it.
    #[must_use]
    pub const fn is_listed(self) -> bool {
        !matches!(self, Self::Riscv64 | Self::RiscV)
    }
}

vocabulary! {
    /// `hypervisor_type`; KVM counts as `qemu`.
    HypervisorType, "HypervisorType", "The hypervisor, as listed by Glance (scs-0102, Technical requirements and features)." {
        Hyperv = "hyperv", "Hyper-V.";
        Ironic = "ironic", "Bare metal.";
        Lxc = "lxc", "Linux containers.";
        Qemu = "qemu", "QEMU or KVM.";
        Uml = "uml", "User-mode Linux.";
        Vmware = "vmware", "VMware ESXi.";
        Xen = "xen", "Xen.";
    }
}

vocabulary! {
    /// `hw_disk_bus`; scs-0102 recommends `scsi`.
    HwDiskBus, "HwDiskBus", "The bus of the disks; scsi is recommended (scs-0102, Technical requirements and features)." {
        Scsi = "scsi", "SCSI.";
        Virtio = "virtio", "VirtIO block device.";
        Uml = "uml", "User-mode Linux.";
        Xen = "xen", "Xen.";
        Ide = "ide", "IDE.";
        Usb = "usb", "USB.";
        Fdc = "fdc", "Floppy disk.";
        Sata = "sata", "SATA.";
        Lxc = "lxc", "Linux containers.";
    }
}

vocabulary! {
    /// `hw_scsi_model`.
    HwScsiModel, "HwScsiModel", "The SCSI controller, recommended with hw_disk_bus scsi (scs-0102, Technical requirements and features)." {
        VirtioScsi = "virtio-scsi", "VirtIO SCSI.";
    }
}

vocabulary! {
    /// `hw_rng_model`.
    HwRngModel, "HwRngModel", "The random number generator (scs-0102, Technical requirements and features)." {
        Virtio = "virtio", "VirtIO.";
    }
}

vocabulary! {
    /// `os_secure_boot`.
    SecureBoot, "SecureBoot", "Whether secure boot is required (scs-0102, Technical requirements and features)." {
        Required = "required", "Required.";
        Disabled = "disabled", "Not used.";
        Optional = "optional", "Not used.";
    }
}

vocabulary! {
    /// `hw_firmware_type`.
    FirmwareType, "FirmwareType", "The firmware (scs-0102, Technical requirements and features)." {
        Bios = "bios", "BIOS.";
        Uefi = "uefi", "UEFI.";
    }
}

vocabulary! {
    /// `hw_watchdog_action`.
    WatchdogAction, "WatchdogAction", "The action of the watchdog (scs-0102, Technical requirements and features)." {
        Disabled = "disabled", "No watchdog.";
        Reset = "reset", "Resets the guest.";
        Poweroff = "poweroff", "Switches the guest off.";
        Pause = "pause", "Pauses the guest.";
        None = "none", "Does nothing.";
    }
}

vocabulary! {
    /// `os_hash_algo`, limited to the values recommended by scs-0102.
    HashAlgorithm, "HashAlgorithm", "The algorithm of the hash of the image (scs-0102, Image build info)." {
        Sha256 = "sha256", "64 hexadecimal digits.";
        Sha512 = "sha512", "128 hexadecimal digits.";
    }
}

impl HashAlgorithm {
    /// The number of hexadecimal digits of a hash.
    #[must_use]
    pub const fn digits(self) -> usize {
        match self {
            Self::Sha256 => 64,
            Self::Sha512 => 128,
        }
    }
}

vocabulary! {
    /// `visibility`: who can see the image.
    Visibility, "Visibility", "Who can see the image." {
        Public = "public", "Everybody, in every list.";
        Community = "community", "Everybody who asks for it.";
        Shared = "shared", "The projects that it is shared with.";
        Private = "private", "The project that owns it.";
    }
}

/// A boolean as stored by Glance: text such as `True`, `false`, `yes` or `0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Flag(pub bool);

impl fmt::Display for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(if self.0 { "true" } else { "false" })
    }
}

impl FromStr for Flag {
    type Err = ParseValueError;

    fn from_str(text: &str) -> Result<Self, ParseValueError> {
        truth(text).map(Self).ok_or_else(|| ParseValueError::new(text, "true or false"))
    }
}

scs_standards::as_text!(
    inline Flag,
    "Flag",
    schemars::json_schema!({
        "type": ["boolean", "string"],
        "pattern": "^([Tt][Rr][Uu][Ee]|[Yy][Ee][Ss]|[Oo][Nn]|1|[Ff][Aa][Ll][Ss][Ee]|[Nn][Oo]|[Oo][Ff][Ff]|0)$",
        "description": "A boolean, which Glance stores as text."
    })
);
