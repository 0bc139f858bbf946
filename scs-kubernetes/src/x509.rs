//! The end of a certificate, for hints.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

/// When the first certificate of a PEM text in base64 ends; `None` if it is not one.
pub(crate) fn end(base64: &str) -> Option<Timestamp> {
    let pem = STANDARD.decode(base64).ok()?;
    not_after(&CertificateDer::pem_slice_iter(&pem).next()?.ok()?)
}

/// `notAfter` of a certificate in DER (RFC 5280, section 4.1).
fn not_after(certificate: &[u8]) -> Option<Timestamp> {
    let (_, certificate, _) = element(certificate)?;
    let (_, mut fields, _) = element(certificate)?;
    // The version is optional; serial number, algorithm and issuer follow.
    if *fields.first()? == 0xa0 {
        fields = element(fields)?.2;
    }
    for _ in 0..3 {
        fields = element(fields)?.2;
    }
    let (_, validity, _) = element(fields)?;
    let (_, _, rest) = element(validity)?;
    let (kind, time, _) = element(rest)?;
    let time = std::str::from_utf8(time).ok()?;
    let time = match kind {
        // UTCTime has two digits of the year.
        0x17 if time.get(..2)? < "50" => format!("20{time}"),
        0x17 => format!("19{time}"),
        0x18 => time.to_owned(),
        _ => return None,
    };
    let part = |start: usize, end: usize| time.get(start..end);
    let (date, clock) =
        ((part(0, 4)?, part(4, 6)?, part(6, 8)?), (part(8, 10)?, part(10, 12)?, part(12, 14)?));
    format!("{}-{}-{}T{}:{}:{}Z", date.0, date.1, date.2, clock.0, clock.1, clock.2).parse().ok()
}

/// Tag and content of the first element, and the rest.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&[tag, length], rest) = der.split_first_chunk()?;
    let (length, rest) = match length {
        0x00..=0x7f => (usize::from(length), rest),
        0x81..=0x84 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(length - 0x80))?;
            (bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certificate(year: i32) -> Vec<u8> {
        let mut params = rcgen::CertificateParams::new(Vec::new()).unwrap();
        params.not_after = rcgen::date_time_ymd(year, 2, 28);
        params.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap().der().to_vec()
    }

    #[test]
    fn the_end_of_a_certificate_is_read() {
        for (year, expected) in [
            (1999, "1999-02-28T00:00:00Z"),
            (2026, "2026-02-28T00:00:00Z"),
            (2049, "2049-02-28T00:00:00Z"),
            (2050, "2050-02-28T00:00:00Z"),
            (4096, "4096-02-28T00:00:00Z"),
        ] {
            assert_eq!(not_after(&certificate(year)), Some(expected.parse().unwrap()), "{year}");
        }
    }

    #[test]
    fn truncated_certificates_have_no_end() {
        let whole = certificate(2030);
        for end in 0..whole.len() {
            assert_eq!(not_after(&whole[..end]), None, "{end}");
        }
        assert_eq!(not_after(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]), None);
        assert_eq!(end("bm90IFBFTQ=="), None);
    }
}
