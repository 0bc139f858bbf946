//! Detects contradictory names of one flavor.
//!
//! A name may understate the flavor, so most differences are not contradictions: fewer vCPUs, a weaker class, a missing
//! extension. Only features that a flavor has exactly one of can contradict.

use crate::cpu_arch::{CpuArch, CpuVendor};
use crate::name::FlavorName;

impl FlavorName {
    /// Why no flavor can have both names, or `None`.
    pub(crate) fn contradicts(&self, other: &Self) -> Option<String> {
        let hypervisors = self.hypervisor().zip(other.hypervisor()).filter(|(one, other)| one != other);
        if let Some((one, other)) = hypervisors {
            return Some(format!("one names {}, the other {}", one.words(), other.words()));
        }
        let vendor = |name: &Self| name.cpu_arch().map(CpuArch::vendor);
        let (one, two) = (vendor(self), vendor(other));
        if !may_be_the_same(one, two) {
            let words = |vendor: Option<CpuVendor>| vendor.map_or("any x86-64", CpuVendor::words);
            return Some(format!("one names {}, the other {}", words(one), words(two)));
        }
        let (one, two) = self.gpu().zip(other.gpu())?;
        let differ = one.access() != two.access()
            || one.vendor() != two.vendor()
            || one.generation().zip(two.generation()).is_some_and(|(one, two)| one != two);
        differ.then(|| format!("one names the GPU {}, the other {}", one.piece(), two.piece()))
    }
}

/// Without a vendor, a name means any x86-64 CPU, from Intel or AMD.
const fn may_be_the_same(one: Option<CpuVendor>, other: Option<CpuVendor>) -> bool {
    match (one, other) {
        (None, None) => true,
        (Some(vendor), None) | (None, Some(vendor)) => matches!(vendor, CpuVendor::Intel | CpuVendor::Amd),
        (Some(one), Some(other)) => one as u8 == other as u8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contradictory_names_are_detected() {
        let contradict = |one: &str, other: &str| {
            let (one, other): (FlavorName, FlavorName) = (one.parse().unwrap(), other.parse().unwrap());
            assert_eq!(one.contradicts(&other).is_some(), other.contradicts(&one).is_some());
            one.contradicts(&other).is_some()
        };
        for (one, other) in [
            ("SCS-3C-6_bms", "SCS-3C-6_kvm"),
            ("SCS-3C-6_i2", "SCS-3C-6_z3"),
            ("SCS-3C-6_i2", "SCS-3C-6_a2"),
            ("SCS-3C-6", "SCS-3C-6_a"),
            ("SCS-3C-6_GNa", "SCS-3C-6_gNa"),
            ("SCS-3C-6_GNa", "SCS-3C-6_GNl"),
            ("SCS-3C-6_GNa", "SCS-3C-6_GI1"),
        ] {
            assert!(contradict(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("SCS-3C-6_bms", "SCS-3C-6"),
            ("SCS-3C-6_i2", "SCS-3V-5"),
            ("SCS-3C-6_i2", "SCS-3C-6_i3"),
            ("SCS-3C-6-10s", "SCS-3Ci-6u-10n"),
            ("SCS-3C-6_GNa-72", "SCS-3C-6_GN"),
        ] {
            assert!(!contradict(one, other), "{one} {other}");
        }
    }
}
