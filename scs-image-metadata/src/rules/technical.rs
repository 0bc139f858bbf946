//! Technical requirements and features: the contents and requirements of an image.

use scs_standards::subject::{ImageKey, ValueRef};
use scs_standards::wording::{counted, or};
use scs_standards::{Heading, Level, Rule, Verdict};

use super::documents::METADATA;
use super::judge::{
    Rec, Violation, actual, by_text, each, invalid_value, is_one_of, is_truthy, listed, pass_if, quoted,
    relevant_images, warn,
};
use super::proposals;
use crate::checked_image::CheckedImage;
use crate::commands::set as change;
use crate::fix::Repair;
use crate::property::{Invalid, Property};
use crate::prospects::{is_numeric, version_by_name};
use crate::set::ImageSet;
use crate::values::{Architecture, FirmwareType, Flag, HwDiskBus, MinDisk, OsVersion, SecureBoot};

const HERE: Heading = Heading { documents: METADATA, section: "Technical requirements and features" };

pub(super) static RULES: &[Rule<ImageSet>] = &[
    HERE.case(
        "scs-0102-prop-architecture",
        Level::Must,
        "`architecture` is set to a value of OpenStack's list",
        architecture,
    ),
    HERE.case(
        "scs-0102-prop-min_disk",
        Level::Must,
        "`min_disk` is a whole number of GiB above 0, and at least the size of the image",
        min_disk,
    ),
    HERE.case(
        "scs-0102-prop-min_ram",
        Level::Must,
        "`min_ram` is a whole number of MiB above 0, enough to boot",
        min_ram,
    ),
    HERE.case(
        "scs-0102-prop-os_version",
        Level::Must,
        "`os_version` is set, and numeric if the distribution numbers its releases",
        os_version,
    ),
    HERE.case(
        "scs-0102-prop-os_distro",
        Level::Must,
        "`os_distro` is set to the lower-case id of a distribution in OpenStack's list",
        os_distro,
    ),
    HERE.case(
        "scs-0102-prop-hw_disk_bus",
        Level::Must,
        "`hw_disk_bus` is set to a value of OpenStack's list; `scsi` is recommended",
        hw_disk_bus,
    ),
    HERE.rule(
        "scs-0102-prop-hw_scsi_model",
        Level::Should,
        "`hw_scsi_model` is set if `hw_disk_bus` is `scsi`",
        hw_scsi_model,
    ),
    HERE.case(
        "scs-0102-prop-hypervisor_type",
        Level::Should,
        "`hypervisor_type`, if set, is a value of OpenStack's list",
        hypervisor_type,
    ),
    HERE.case(
        "scs-0102-prop-hw_rng_model",
        Level::Should,
        "`hw_rng_model`, if set, is `virtio`",
        hw_rng_model,
    ),
    HERE.rule(
        "scs-0102-prop-os_secure_boot",
        Level::Should,
        "`os_secure_boot`, if set, is required, disabled or optional",
        |set, rec| {
            each(set, rec, &[ImageKey::OsSecureBoot], |image| {
                listed(set, image, ImageKey::OsSecureBoot, &image.metadata().os_secure_boot, false)
            });
        },
    ),
    HERE.rule(
        "scs-0102-prop-hw_firmware_type",
        Level::Should,
        "`hw_firmware_type`, if set, is bios or uefi; secure boot requires uefi",
        hw_firmware_type,
    ),
    HERE.rule(
        "scs-0102-prop-hw_watchdog_action",
        Level::Should,
        "`hw_watchdog_action`, if set, is disabled, reset, poweroff, pause or none",
        |set, rec| {
            each(set, rec, &[ImageKey::HwWatchdogAction], |image| {
                listed(set, image, ImageKey::HwWatchdogAction, &image.metadata().hw_watchdog_action, false)
            });
        },
    ),
    HERE.rule(
        "scs-0102-prop-hw_mem_encryption",
        Level::Should,
        "`hw_mem_encryption`, if set, is a boolean; encryption requires uefi",
        hw_mem_encryption,
    ),
    HERE.rule("scs-0102-prop-hw_pmu", Level::Should, "`hw_pmu`, if set, is a boolean", |set, rec| {
        each(set, rec, &[ImageKey::HwPmu], |image| {
            invalid_value(image, ImageKey::HwPmu, &image.metadata().hw_pmu, "true or false", false)
        });
    }),
    HERE.rule(
        "scs-0102-prop-hw_video_ram",
        Level::Should,
        "`hw_video_ram`, if set, is a whole number of MiB above 0",
        |set, rec| {
            each(set, rec, &[ImageKey::HwVideoRam], |image| {
                let property = &image.metadata().hw_video_ram;
                invalid_value(image, ImageKey::HwVideoRam, property, "a whole number of MiB above 0", false)
            });
        },
    ),
    HERE.rule(
        "scs-0102-prop-hw_vif_multiqueue",
        Level::Should,
        "`hw_vif_multiqueue_enabled`, if set, is a boolean",
        |set, rec| {
            let key = ImageKey::HwVifMultiqueueEnabled;
            each(set, rec, &[key], |image| {
                invalid_value(image, key, &image.metadata().hw_vif_multiqueue_enabled, "true or false", false)
            });
        },
    ),
    HERE.rule("scs-0102-trait", Level::May, "a property `trait:NAME` has the value `required`", traits),
];

/// The architectures accepted by the official suite.
const OFFICIAL_ARCHITECTURES: [&str; 3] = ["x86_64", "aarch64", "risc-v"];

fn architecture(set: &ImageSet, rec: &mut Rec<'_>) {
    let key = ImageKey::Architecture;
    for image in relevant_images(set, rec, &[key]) {
        let property = &image.metadata().architecture;
        let officially = pass_if(is_one_of(image, key, &OFFICIAL_ARCHITECTURES));
        if let Some(wrong) = listed(set, image, key, property, true) {
            wrong.official_verdict(officially, "C-035").record(rec, image);
            continue;
        }
        if officially == Verdict::Fail {
            Violation::both(
                format!(
                    "`architecture` is {}, which the official test suite does not accept",
                    quoted(&actual(image, key))
                ),
                or(OFFICIAL_ARCHITECTURES),
                actual(image, key),
            )
            .official_verdict(officially, "C-035")
            .passing_by_text()
            .record(rec, image);
        }
        if by_text(rec) && property.value() == Some(&Architecture::RiscV) {
            let message = "`risc-v` is accepted only by the official test suite; the architecture is called `riscv64`, which the suite does \
                           not accept (C-035)";
            warn(rec, image, message.to_owned(), Repair::None);
        }
    }
}

impl Violation<'_> {
    /// Valid by the text, a violation for the official suite.
    fn passing_by_text(mut self) -> Self {
        self.text = Verdict::Pass;
        self
    }
}

/// The largest plausible disk of a flavor, in GiB.
const LARGEST_DISK_GIB: u64 = 65_536;

/// The size of the unpacked disk, as far as known.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unpacked {
    /// The exact size in bytes.
    Bytes(u64),
    /// At least the size of the file; formats such as qcow2 unpack to more.
    AtLeast(u64),
    Unknown,
}

impl Unpacked {
    fn of(image: &CheckedImage) -> Self {
        let metadata = image.metadata();
        let file = metadata.size.value().copied().filter(|bytes| *bytes > 0);
        let disk = metadata.virtual_size.value().copied().filter(|bytes| *bytes > 0);
        let raw = image.image().text(ImageKey::DiskFormat) == Some("raw");
        match (disk, file) {
            (Some(disk), file) => Self::Bytes(disk.max(file.filter(|_| raw).unwrap_or(0))),
            (None, Some(file)) if raw => Self::Bytes(file),
            (None, Some(file)) => Self::AtLeast(file),
            (None, None) => Self::Unknown,
        }
    }

    /// The smallest disk that may be large enough.
    fn needed(self) -> Option<MinDisk> {
        match self {
            Self::Bytes(bytes) | Self::AtLeast(bytes) => MinDisk::for_bytes(bytes),
            Self::Unknown => None,
        }
    }
}

/// The fix for `min_disk`: the intended value if it is large enough, or else the size of the unpacked disk.
fn min_disk_repair(image: &CheckedImage) -> Repair {
    let unpacked = Unpacked::of(image);
    let needed = unpacked.needed();
    let meant = image.stored_text(ImageKey::MinDisk).and_then(|text| gibibytes(&text));
    let set = |disk: MinDisk| change("min_disk", disk.to_string());
    match (meant.filter(|meant| needed.is_none_or(|needed| *meant >= needed)), unpacked, needed) {
        (Some(meant), _, _) => Repair::Safe(vec![set(meant)]),
        (None, Unpacked::Bytes(_), Some(needed)) => Repair::Safe(vec![set(needed)]),
        (None, Unpacked::AtLeast(_), Some(needed)) => Repair::if_meant(
            format!(
                "Is the virtual size of the image at most {needed} GiB? `qemu-img info` prints it. Otherwise set `min_disk` to that size, rounded up to GiB."
            ),
            "it is",
            set(needed),
        ),
        (None, _, _) => Repair::Advice(
            "set `min_disk` to the virtual size in GiB, which `qemu-img info` prints".to_owned(),
        ),
    }
}

/// Parses `8 GB`, `8GiB` or `8.0` as 8.
fn gibibytes(text: &str) -> Option<MinDisk> {
    let folded = text.trim().to_lowercase();
    let number =
        ["gib", "gb", "g"].iter().find_map(|unit| folded.strip_suffix(unit)).unwrap_or(&folded).trim();
    number.strip_suffix(".0").unwrap_or(number).parse().ok()
}

fn min_disk(set: &ImageSet, rec: &mut Rec<'_>) {
    let key = ImageKey::MinDisk;
    let size_known = set.format().carries(ImageKey::Size);
    let mut unknown_sizes = 0_usize;
    for image in relevant_images(set, rec, &[key]) {
        let metadata = image.metadata();
        let textual = matches!(image.image().get(key), Some(ValueRef::Text(_)));
        let official = |verdict: Verdict| if textual { Verdict::Dnf } else { verdict };
        if let Some(mut wrong) =
            invalid_value(image, key, &metadata.min_disk, "a whole number of GiB above 0", true)
        {
            if actual(image, key) == "0" {
                wrong.message = "`min_disk` is not set (Glance reports 0)".into();
            }
            let officially = match image.image().get(key) {
                Some(ValueRef::Negative(_)) if metadata.size.value().is_none() => Verdict::Dnf,
                _ if wrong.text == Verdict::Dnf => Verdict::Dnf,
                _ => official(Verdict::Fail),
            };
            wrong
                .repaired_by(min_disk_repair(image))
                .official_verdict(officially, "official-number-as-text")
                .record(rec, image);
            continue;
        }
        let Some(disk) = metadata.min_disk.value().copied() else { continue };
        if textual {
            if by_text(rec) {
                rec.warn(image.label(), format!("`min_disk` is the string `{disk}`, parsed as a number"))
                    .other_profile(Verdict::Dnf, "official-number-as-text");
            } else {
                rec.dnf(
                    image.label(),
                    format!("`min_disk` is the string `{disk}`, which makes the official test suite fail with an error"),
                )
                .other_profile(Verdict::Pass, "official-number-as-text");
                continue;
            }
        }
        match &metadata.size {
            Property::Is(size) if !disk.holds(*size) => {
                let needed = Unpacked::of(image).needed();
                let message = format!("`min_disk` is {disk} GiB, but the image has {size} bytes");
                let expected = needed.map_or_else(String::new, |needed| format!("at least {needed} GiB"));
                Violation::both(message, expected, format!("{disk} GiB"))
                    .repaired_by(min_disk_repair(image))
                    .record(rec, image);
            }
            Property::Is(_) => too_small_when_unpacked(rec, image, disk),
            Property::Absent if !size_known => unknown_sizes += 1,
            Property::Absent => {
                let status = image.image().text(ImageKey::Status).map(|status| format!(" (status {status})"));
                let message = format!(
                    "the image size is unknown{}, so `min_disk` cannot be compared with it",
                    status.unwrap_or_default()
                );
                let given_as_null = image.image().get(ImageKey::Size).is_some();
                let text = if given_as_null { Verdict::Dnf } else { Verdict::Miss };
                let mut wrong = Violation::both(message, "a size in bytes".to_owned(), "none".to_owned());
                (wrong.text, wrong.official, wrong.key) = (text, Verdict::Dnf, "official-size");
                wrong.record(rec, image);
            }
            Property::Invalid(_) => {
                rec.dnf(
                    image.label(),
                    format!("`size` is {}, not a number of bytes", quoted(&actual(image, ImageKey::Size))),
                );
            }
        }
        if disk.gib() > LARGEST_DISK_GIB {
            // The value is not the intended one.
            let repair = match Unpacked::of(image) {
                Unpacked::Bytes(bytes) => Repair::safe(
                    MinDisk::for_bytes(bytes)
                        .map(|disk| change("min_disk", disk.to_string()))
                        .into_iter()
                        .collect(),
                ),
                _ => Repair::None,
            };
            warn(rec, image, format!("`min_disk` is {disk} GiB, more than any flavor has"), repair);
        }
    }
    if unknown_sizes > 0 {
        let message = format!(
            "the size of {unknown_sizes} images is not part of {}, so `min_disk` cannot be compared with it; check the \
             registered images",
            set.format()
        );
        rec.miss(super::judge::LIST, message);
    }
}

/// Nova refuses to start an image on a disk smaller than its virtual size; the official suite looks at the
/// size of the file.
fn too_small_when_unpacked(rec: &mut Rec<'_>, image: &CheckedImage, disk: MinDisk) {
    match &image.metadata().virtual_size {
        Property::Is(bytes) if !disk.holds(*bytes) => {
            let message =
                format!("`min_disk` is {disk} GiB, but the virtual size of the image is {bytes} bytes");
            let needed = MinDisk::for_bytes(*bytes);
            let expected = needed.map_or_else(String::new, |needed| format!("at least {needed} GiB"));
            Violation::both(message, expected, format!("{disk} GiB"))
                .repaired_by(min_disk_repair(image))
                .official_verdict(Verdict::Pass, "official-virtual-size")
                .record(rec, image);
        }
        Property::Invalid(_) => {
            let given = quoted(&actual(image, ImageKey::VirtualSize));
            Violation {
                text: Verdict::Dnf,
                ..Violation::both(
                    format!("`virtual_size` is {given}, not a number of bytes"),
                    "a size in bytes".to_owned(),
                    given,
                )
            }
            .official_verdict(Verdict::Pass, "official-virtual-size")
            .record(rec, image);
        }
        Property::Is(_) | Property::Absent => {}
    }
}

/// Hardly any system boots with less memory in MiB; the official suite warns.
const LITTLE_RAM_MIB: u64 = 64;

fn min_ram(set: &ImageSet, rec: &mut Rec<'_>) {
    let key = ImageKey::MinRam;
    for image in relevant_images(set, rec, &[key]) {
        let property = &image.metadata().min_ram;
        let textual = matches!(image.image().get(key), Some(ValueRef::Text(text)) if !text.is_empty());
        if let Some(mut wrong) = invalid_value(image, key, property, "a whole number of MiB above 0", true) {
            if actual(image, key) == "0" {
                wrong.message = "`min_ram` is not set (Glance reports 0)".into();
            }
            let official = match wrong.text {
                Verdict::Dnf => Verdict::Dnf,
                _ if textual => Verdict::Dnf,
                _ => pass_if(is_truthy(image, key)),
            };
            let key = if textual { "official-number-as-text" } else { "official-negative-ram" };
            wrong.official_verdict(official, key).record(rec, image);
            continue;
        }
        if textual {
            if by_text(rec) {
                let message = format!("`min_ram` is the string `{}`, parsed as a number", actual(image, key));
                rec.warn(image.label(), message).other_profile(Verdict::Dnf, "official-number-as-text");
            } else {
                rec.dnf(
                    image.label(),
                    "`min_ram` is a string, which makes the official test suite fail with an error",
                )
                .other_profile(Verdict::Pass, "official-number-as-text");
            }
        }
        if let Some(ram) = property.value().filter(|ram| ram.mib() < LITTLE_RAM_MIB) {
            let message = format!(
                "`min_ram` is {ram} MiB; hardly any system boots with less than {LITTLE_RAM_MIB} MiB"
            );
            warn(rec, image, message, Repair::None);
        }
    }
}

fn os_version(set: &ImageSet, rec: &mut Rec<'_>) {
    let key = ImageKey::OsVersion;
    for image in relevant_images(set, rec, &[key]) {
        let metadata = image.metadata();
        let distro = metadata.os_distro.value().map(crate::values::OsDistro::as_str);
        let by_name = || match version_by_name(set.data(), image) {
            Some(version) => set.identified(image, change("os_version", version)),
            None => Repair::None,
        };
        if let Some(wrong) = invalid_value(image, key, &metadata.os_version, "a version such as 24.04", true)
        {
            let official =
                if wrong.text == Verdict::Dnf { Verdict::Dnf } else { pass_if(is_truthy(image, key)) };
            wrong.repaired_by(by_name()).official_verdict(official, "official-blank").record(rec, image);
            continue;
        }
        let (Some(version), Some(distro)) = (metadata.os_version.value().map(OsVersion::as_str), distro)
        else {
            continue;
        };
        let numbered = set.data().distributions.get(distro).is_some_and(|known| known.numbered);
        if numbered && !is_numeric(version) && by_text(rec) {
            let calendar = set.data().releases.of(distro);
            let release = calendar.and_then(|of| {
                of.releases.iter().find(|release| version.to_lowercase().contains(&release.codename))
            });
            let repair = release
                .map(|release| set.identified(image, change("os_version", release.version.clone())))
                .unwrap_or_default();
            let message =
                format!("`os_version` is {}, but releases of {distro} have numbers", quoted(version));
            warn(rec, image, message, repair.or_else(by_name));
        }
    }
}

fn os_distro(set: &ImageSet, rec: &mut Rec<'_>) {
    let key = ImageKey::OsDistro;
    let expected = "a lower-case distribution id such as `ubuntu`";
    for image in relevant_images(set, rec, &[key]) {
        let property = &image.metadata().os_distro;
        let values = &set.data().openstack;
        if let Some(wrong) = invalid_value(image, key, property, expected, true) {
            if matches!(property, Property::Invalid(Invalid::Malformed)) && set.options().any_distro {
                continue;
            }
            let official =
                if wrong.text == Verdict::Dnf { Verdict::Dnf } else { pass_if(is_truthy(image, key)) };
            let repair = proposals::distro(set, image);
            wrong.repaired_by(repair).official_verdict(official, "C-040").record(rec, image);
            continue;
        }
        let Some(distro) = property.value().filter(|distro| !values.allows(key, distro.as_str())) else {
            continue;
        };
        if by_text(rec) && !set.options().any_distro {
            let mistaken = values.of(key).and_then(|of| of.mistaken.get(distro.as_str()));
            let message = match mistaken {
                Some(right) => format!("`os_distro` is `{distro}`, which is `{right}` in OpenStack's list"),
                None => format!("`os_distro` is `{distro}`, which is not in OpenStack's list"),
            };
            let repair = mistaken.map(|right| set.identified(image, change("os_distro", right.clone())));
            warn(rec, image, message, repair.unwrap_or_default());
        }
    }
}

fn hw_disk_bus(set: &ImageSet, rec: &mut Rec<'_>) {
    let key = ImageKey::HwDiskBus;
    for image in relevant_images(set, rec, &[key]) {
        let property = &image.metadata().hw_disk_bus;
        let unset = matches!(image.image().get(key), None | Some(ValueRef::Null));
        let official = pass_if(unset || is_one_of(image, key, &["virtio", "scsi"]));
        if let Some(wrong) = listed(set, image, key, property, true) {
            let official = if wrong.text == Verdict::Dnf { Verdict::Dnf } else { official };
            let wrong = if property.is_absent() { wrong.repaired_by(some_bus()) } else { wrong };
            wrong.official_verdict(official, "C-037").record(rec, image);
            continue;
        }
        let bus = actual(image, key);
        if official == Verdict::Fail {
            Violation::both(
                format!("`hw_disk_bus` is `{bus}`, which the official test suite does not accept"),
                "virtio or scsi".to_owned(),
                bus,
            )
            .official_verdict(Verdict::Fail, "C-037")
            .passing_by_text()
            .record(rec, image);
        }
        if by_text(rec) && property.value() != Some(&HwDiskBus::Scsi) {
            let message = format!("`hw_disk_bus` is `{}`; `scsi` is recommended", actual(image, key));
            warn(rec, image, message, Repair::None);
        }
    }
}

/// The fix for a missing bus, which depends on the drivers in the image.
fn some_bus() -> Repair {
    let scsi = vec![change("hw_disk_bus", "scsi"), change("hw_scsi_model", "virtio-scsi")];
    Repair::Choose(
        "Which disks does the guest have drivers for? It does not boot with others. If it needs another bus, set that one.".to_owned(),
        vec![
            ("it has them for virtio-scsi, which is recommended".to_owned(), scsi),
            ("it has them for virtio block devices only".to_owned(), vec![change("hw_disk_bus", "virtio")]),
        ],
    )
}

fn hw_scsi_model(set: &ImageSet, rec: &mut Rec<'_>) {
    let key = ImageKey::HwScsiModel;
    each(set, rec, &[key, ImageKey::HwDiskBus], |image| {
        let metadata = image.metadata();
        let needed = metadata.hw_disk_bus.value() == Some(&HwDiskBus::Scsi);
        let wrong = listed(set, image, key, &metadata.hw_scsi_model, needed)?;
        Some(if metadata.hw_scsi_model.is_absent() {
            Violation { message: "`hw_disk_bus` is `scsi`, but `hw_scsi_model` is not set".into(), ..wrong }
                .repaired_by(Repair::if_meant(
                    "Does the guest have a driver for virtio-scsi? It does not boot without one. Otherwise set the model or bus that it supports.",
                    "it does",
                    change("hw_scsi_model", "virtio-scsi"),
                ))
        } else {
            wrong
        })
    });
}

/// The hypervisors known to the official suite.
const OFFICIAL_HYPERVISORS: [&str; 5] = ["qemu", "kvm", "xen", "hyper-v", "esxi"];

fn hypervisor_type(set: &ImageSet, rec: &mut Rec<'_>) {
    let key = ImageKey::HypervisorType;
    each(set, rec, &[key], |image| {
        let property = &image.metadata().hypervisor_type;
        let unset = matches!(image.image().get(key), None | Some(ValueRef::Null));
        let official = pass_if(unset || is_one_of(image, key, &OFFICIAL_HYPERVISORS));
        if let Some(wrong) = listed(set, image, key, property, false) {
            let official = if wrong.text == Verdict::Dnf { Verdict::Dnf } else { official };
            return Some(wrong.official_verdict(official, "C-036"));
        }
        (official == Verdict::Fail).then(|| {
            Violation::both(
                format!(
                    "`hypervisor_type` is {}, which the official test suite does not accept",
                    quoted(&actual(image, key))
                ),
                or(OFFICIAL_HYPERVISORS),
                actual(image, key),
            )
            .official_verdict(Verdict::Fail, "C-036")
            .passing_by_text()
        })
    });
}

fn hw_rng_model(set: &ImageSet, rec: &mut Rec<'_>) {
    let key = ImageKey::HwRngModel;
    each(set, rec, &[key], |image| listed(set, image, key, &image.metadata().hw_rng_model, false));
}

/// The fix by UEFI, with which an image made for BIOS does not boot.
fn with_uefi(needed_by: ImageKey) -> Repair {
    let question = format!("Does the image boot with UEFI? Otherwise remove `{needed_by}`.");
    Repair::if_meant(question, "it does", change("hw_firmware_type", "uefi"))
}

fn hw_firmware_type(set: &ImageSet, rec: &mut Rec<'_>) {
    let key = ImageKey::HwFirmwareType;
    each(set, rec, &[key], |image| {
        let metadata = image.metadata();
        let firmware = &metadata.hw_firmware_type;
        let secure = metadata.os_secure_boot.value() == Some(&SecureBoot::Required);
        listed(set, image, key, firmware, false).or_else(|| {
            (secure && firmware.value() != Some(&FirmwareType::Uefi)).then(|| {
                let message = format!(
                    "`os_secure_boot` is `required`, but `hw_firmware_type` is {}",
                    actual(image, key)
                );
                Violation::both(message, "uefi".to_owned(), actual(image, key))
                    .repaired_by(with_uefi(ImageKey::OsSecureBoot))
            })
        })
    });
}

fn hw_mem_encryption(set: &ImageSet, rec: &mut Rec<'_>) {
    let key = ImageKey::HwMemEncryption;
    each(set, rec, &[key], |image| {
        let metadata = image.metadata();
        let encrypted = &metadata.hw_mem_encryption;
        let uefi = metadata.hw_firmware_type.value() == Some(&FirmwareType::Uefi);
        invalid_value(image, key, encrypted, "true or false", false).or_else(|| {
            (encrypted.value() == Some(&Flag(true)) && !uefi).then(|| {
                let firmware = actual(image, ImageKey::HwFirmwareType);
                let message = format!("`hw_mem_encryption` is true, but `hw_firmware_type` is {firmware}");
                Violation::both(message, "uefi".to_owned(), firmware).repaired_by(with_uefi(key))
            })
        })
    });
}

fn traits(set: &ImageSet, rec: &mut Rec<'_>) {
    /// The maximum number of traits in a message.
    const MOST: usize = 20;
    // A source with other properties has traits as well.
    each(set, rec, &[ImageKey::HwPmu], |image| {
        let odd = &image.metadata().odd_traits;
        if odd.is_empty() {
            return None;
        }
        let mut names: Vec<String> = odd.iter().take(MOST).map(|name| format!("`{name}`")).collect();
        if let Some(more) = odd.len().checked_sub(MOST).filter(|more| *more > 0) {
            names.push(counted(more, "other"));
        }
        // It affects which hosts can run the image.
        let repair = if odd.len() > MOST {
            Repair::Advice(
                "set the traits that the image needs to `required` and remove the others".to_owned(),
            )
        } else {
            let changes: Vec<_> = odd.iter().map(|name| change(name, "required")).collect();
            Repair::Choose(
                "Does the image need these traits? Otherwise remove them.".to_owned(),
                vec![("it does".to_owned(), changes)],
            )
        };
        let message = format!("{} should have the value `required`", names.join(", "));
        Some(Violation::both(message, "required".to_owned(), "another value".to_owned()).repaired_by(repair))
    });
}
