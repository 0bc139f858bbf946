//! IP prefixes, and which of them are public.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// An IP address and its prefix length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) struct Prefix {
    address: IpAddr,
    length: u8,
}

/// A special-purpose block.
struct Block {
    prefix: Prefix,
    purpose: &'static str,
}

const fn v4(octets: [u8; 4], length: u8, purpose: &'static str) -> Block {
    let [a, b, c, d] = octets;
    Block { prefix: Prefix { address: IpAddr::V4(Ipv4Addr::new(a, b, c, d)), length }, purpose }
}

const fn v6(first: u16, second: u16, length: u8, purpose: &'static str) -> Block {
    let address = IpAddr::V6(Ipv6Addr::new(first, second, 0, 0, 0, 0, 0, 0));
    Block { prefix: Prefix { address, length }, purpose }
}

/// Blocks that are not globally reachable: the entries of IANA's registries of special-purpose addresses
/// (<https://www.iana.org/assignments/iana-ipv4-special-registry/>,
/// <https://www.iana.org/assignments/iana-ipv6-special-registry/>) whose *Globally Reachable* is not true, and multicast
/// (<https://www.iana.org/assignments/ipv4-address-space/>).
static SPECIAL: &[Block] = &[
    v4([0, 0, 0, 0], 8, "this network, RFC 791"),
    v4([10, 0, 0, 0], 8, "private use, RFC 1918"),
    v4([100, 64, 0, 0], 10, "shared address space, RFC 6598"),
    v4([127, 0, 0, 0], 8, "loopback, RFC 1122"),
    v4([169, 254, 0, 0], 16, "link-local, RFC 3927"),
    v4([172, 16, 0, 0], 12, "private use, RFC 1918"),
    v4([192, 0, 0, 0], 24, "protocol assignments, RFC 6890"),
    v4([192, 0, 2, 0], 24, "documentation, RFC 5737"),
    v4([192, 88, 99, 0], 24, "6to4 relays, RFC 7526"),
    v4([192, 168, 0, 0], 16, "private use, RFC 1918"),
    v4([198, 18, 0, 0], 15, "benchmarking, RFC 2544"),
    v4([198, 51, 100, 0], 24, "documentation, RFC 5737"),
    v4([203, 0, 113, 0], 24, "documentation, RFC 5737"),
    v4([224, 0, 0, 0], 4, "multicast, RFC 5771"),
    v4([240, 0, 0, 0], 4, "reserved, RFC 1112"),
    v6(0x2001, 0, 23, "protocol assignments, RFC 2928"),
    v6(0x2001, 0xdb8, 32, "documentation, RFC 3849"),
    v6(0x2002, 0, 16, "6to4, RFC 3056"),
    v6(0x3fff, 0, 20, "documentation, RFC 9637"),
    v6(0xfc00, 0, 7, "unique local, RFC 4193"),
    v6(0xfe80, 0, 10, "link-local, RFC 4291"),
    v6(0xff00, 0, 8, "multicast, RFC 4291"),
];

/// The range from which IANA assigns global unicast addresses (<https://www.iana.org/assignments/ipv6-address-space/>, RFC
/// 4291).
const GLOBAL_UNICAST: Prefix = v6(0x2000, 0, 3, "").prefix;

impl FromStr for Prefix {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("`{text}` is not an IP prefix such as `192.0.2.0/24` or `2001:db8::/32`");
        let (address, length) = text.trim().split_once('/').ok_or_else(wrong)?;
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let length: u8 = length.parse().map_err(|_| wrong())?;
        let prefix = Self { address, length };
        if length > prefix.bits() { Err(wrong()) } else { Ok(prefix) }
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.length)
    }
}

impl Prefix {
    /// 32 or 128.
    const fn bits(self) -> u8 {
        if self.is_v6() { 128 } else { 32 }
    }

    pub(in crate::rules) const fn is_v6(self) -> bool {
        self.address.is_ipv6()
    }

    /// The prefix length.
    pub(super) const fn length(self) -> u8 {
        self.length
    }

    /// The prefix bits of the address as a number.
    fn first(self, length: u8) -> u128 {
        let bits = match self.address {
            IpAddr::V4(address) => u128::from(u32::from(address)) << 96,
            IpAddr::V6(address) => u128::from(address),
        };
        bits.checked_shr(128 - u32::from(length)).unwrap_or(0)
    }

    /// Whether prefixes of one IP version cover its whole address space.
    pub(in crate::rules) fn cover_everything(prefixes: &[Self]) -> bool {
        let block = |prefix: &Self| {
            let fixed = u32::from(prefix.length);
            let start = prefix.first(prefix.length).checked_shl(128 - fixed).unwrap_or(0);
            // All host bits.
            (start, start | u128::MAX.checked_shr(fixed).unwrap_or(0))
        };
        let mut blocks: Vec<(u128, u128)> = prefixes.iter().map(block).collect();
        blocks.sort_unstable();
        let mut next = Some(0_u128);
        for (start, end) in blocks {
            let Some(wanted) = next else { break };
            if start > wanted {
                return false;
            }
            next = end.checked_add(1).map(|after| after.max(wanted));
        }
        next.is_none()
    }

    /// Whether two prefixes overlap: the longer one is within the shorter.
    fn overlaps(self, other: Self) -> bool {
        let shorter = self.length.min(other.length);
        self.is_v6() == other.is_v6() && self.first(shorter) == other.first(shorter)
    }

    /// The reason why some of its addresses are not public (IPv4) or not global unicast (IPv6).
    pub(super) fn not_public(self) -> Option<String> {
        if let Some(block) = SPECIAL.iter().find(|block| self.overlaps(block.prefix)) {
            return Some(format!("{} ({})", block.prefix, block.purpose));
        }
        let within = self.length >= GLOBAL_UNICAST.length && self.overlaps(GLOBAL_UNICAST);
        (self.is_v6() && !within).then(|| format!("outside {GLOBAL_UNICAST}"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn not_public(text: &str) -> Option<String> {
        text.parse::<Prefix>().unwrap().not_public()
    }

    #[test]
    fn private_and_documentation_addresses_are_not_public() {
        for text in ["10.1.0.0/16", "172.31.255.0/24", "192.168.0.0/16", "203.0.113.128/25", "100.127.0.0/16"]
        {
            assert!(not_public(text).is_some(), "{text}");
        }
        for text in ["0.0.0.0/0", "8.0.0.0/5", "192.0.0.0/16", "240.0.0.1/32", "224.0.0.0/8"] {
            assert!(not_public(text).is_some(), "{text}");
        }
        for text in
            ["fd00::/8", "fe80::/64", "2001:db8:1::/48", "3fff:1::/32", "2002::/16", "::/0", "64:ff9b::/96"]
        {
            assert!(not_public(text).is_some(), "{text}");
        }
        for text in [
            "9.0.0.0/8",
            "11.0.0.0/8",
            "172.32.0.0/16",
            "100.128.0.0/9",
            "193.0.14.0/24",
            "223.255.255.255/32",
        ] {
            assert_eq!(not_public(text), None, "{text}");
        }
        for text in ["2a00::/12", "2001:200::/23", "2001:4860::/32", "2400::/12", "3ffe::/16"] {
            assert_eq!(not_public(text), None, "{text}");
        }
    }

    #[test]
    fn invalid_prefixes_are_rejected() {
        for text in ["", "10.0.0.0", "10.0.0.0/33", "10.0.0.0/-1", "2001:db8::/129", "10.0.0/8", "x/8"] {
            assert!(text.parse::<Prefix>().is_err(), "{text}");
        }
    }

    #[test]
    fn two_half_prefixes_cover_everything() {
        for (texts, whole) in [
            (&["0.0.0.0/0"][..], true),
            (&["::/0"], true),
            (&["128.0.0.0/1", "0.0.0.0/1"], true),
            (&["0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/2"], true),
            (&["0.0.0.0/1", "0.0.0.0/2", "128.0.0.0/1"], true),
            (&["::/1", "8000::/1"], true),
            (&["0.0.0.0/1"], false),
            (&["128.0.0.0/1"], false),
            (&["0.0.0.0/1", "192.0.0.0/2"], false),
            (&["::/1", "8000::/2"], false),
            (&[], false),
        ] {
            let prefixes: Vec<Prefix> = texts.iter().map(|text| text.parse().unwrap()).collect();
            assert_eq!(Prefix::cover_everything(&prefixes), whole, "{texts:?}");
        }
    }

    proptest! {
        #[test]
        fn a_longer_prefix_lies_within(address: u32, length in 0u8..=32, longer in 0u8..=32) {
            let address = IpAddr::V4(address.into());
            let prefix = Prefix { address, length };
            let within = Prefix { address, length: length.max(longer) };
            prop_assert!(prefix.overlaps(within) && within.overlaps(prefix));
            prop_assert!(prefix.not_public().is_some() || within.not_public().is_none());
        }
    }
}
