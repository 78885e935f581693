//! The languages the interface is written in.
//!
//! French is the source language, English is complete. This is the language
//! of the interface, not of the content that a course carries.

use serde::{Deserialize, Serialize};

/// A language of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// French, the source language and the default.
    #[default]
    Fr,
    /// English.
    En,
}

impl Lang {
    /// Every language, the source language first.
    pub const ALL: [Self; 2] = [Self::Fr, Self::En];

    /// The BCP 47 code, as written in `lang` attributes and folder names.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
        }
    }

    /// The language a BCP 47 tag asks for, whatever its region and case:
    /// `fr-CA` is French. `None` when the interface does not speak it.
    pub fn from_code(code: &str) -> Option<Self> {
        let primary = code.trim().split(['-', '_']).next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|lang| primary.eq_ignore_ascii_case(lang.code()))
    }

    /// The first language that a browser asks for (`Accept-Language`) and the interface speaks.
    pub fn accepted(header: &str) -> Option<Self> {
        header
            .split(',')
            .find_map(|part| Self::from_code(part.split(';').next().unwrap_or_default()))
    }

    /// The name of the language in that language, for the language switch.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::Fr => "Français",
            Self::En => "English",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Lang;

    #[test]
    fn a_region_or_a_capital_does_not_hide_the_language() {
        assert_eq!(Lang::from_code("fr-CA"), Some(Lang::Fr));
        assert_eq!(Lang::from_code("EN_gb"), Some(Lang::En));
        assert_eq!(Lang::from_code("de"), None);
        assert_eq!(Lang::from_code(""), None);
    }

    #[test]
    fn codes_are_read_back() {
        for lang in Lang::ALL {
            assert_eq!(Lang::from_code(lang.code()), Some(lang));
        }
    }
}
