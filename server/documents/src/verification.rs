//! The verification address: what may be one, and its QR code.

use qrcode::{EcLevel, QrCode};

use crate::error::DocumentError;

/// Longest address: beyond it the modules of the code are too small for a telephone once
/// printed 24 mm wide.
const LONGEST: usize = 300;

const FIELD: &str = "issue.verification_url";

/// Checks that an address is one that can be printed, linked and drawn.
pub(crate) fn check(url: &str) -> Result<(), DocumentError> {
    if url.len() > LONGEST {
        return Err(DocumentError::TooLong {
            field: FIELD,
            limit: LONGEST,
        });
    }
    let web = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    let sound =
        web.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_graphic()));
    if sound {
        Ok(())
    } else {
        Err(DocumentError::Malformed {
            field: FIELD,
            expected: "an http or https address in ASCII",
        })
    }
}

/// The QR code of an address, as an SVG drawing; the white of the page is its quiet zone.
pub(crate) fn qr_code(url: &str) -> Result<String, DocumentError> {
    let code =
        QrCode::with_error_correction_level(url, EcLevel::M).map_err(DocumentError::QrCode)?;
    Ok(code
        .render::<qrcode::render::svg::Color<'_>>()
        .module_dimensions(1, 1)
        .quiet_zone(false)
        .build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_printable_web_address_is_accepted() {
        assert!(check("https://verifier.example.org/d/0193-AB").is_ok());
        assert!(check("http://127.0.0.1:3000/v/1").is_ok());
        for wrong in [
            "",
            "https://",
            "javascript:alert(1)",
            "https://a b",
            "https://é.fr/",
            "ftp://example.org",
            "https://a\u{202e}b",
        ] {
            assert!(check(wrong).is_err(), "{wrong}");
        }
        assert!(matches!(
            check(&format!("https://example.org/{}", "a".repeat(300))),
            Err(DocumentError::TooLong { .. })
        ));
    }

    #[test]
    fn the_longest_address_still_fits_a_code() {
        let url = format!("https://example.org/{}", "a".repeat(280));
        assert!(check(&url).is_ok());
        assert!(qr_code(&url).is_ok_and(|svg| svg.contains("<path")));
    }
}
