//! Who may know whom, as data. The rules that read it are in `dependencies.rs`.
//!
//! Dependencies point one way: server → plugins → web → kernel. Pure crates at the
//! bottom know neither the web nor the database.

/// A crate of the workspace and the other crates of the workspace that it may use.
pub struct Room {
    pub package: &'static str,
    pub may_use: &'static [&'static str],
}

const KERNEL: &str = "passerelle-kernel";
const WEB: &str = "passerelle-web";
const PEOPLE: &str = "passerelle-people";
const DOCUMENTS: &str = "passerelle-documents";
const COURSES: &str = "passerelle-courses";
const SCORM: &str = "passerelle-scorm";
const LTI: &str = "passerelle-lti";
const LTI_PROTOCOL: &str = "passerelle-lti-protocol";
const OIDC: &str = "passerelle-oidc";
const OUTGOING: &str = "passerelle-outgoing";
const TEXT: &str = "passerelle-text";
const MAILER: &str = "passerelle-mailer";
const BULLETIN: &str = "passerelle-bulletin";
const POST: &str = "passerelle-post";
const RETURNS: &str = "passerelle-returns";
const FEEDS: &str = "passerelle-feeds";
const STANDING: &str = "passerelle-standing";
pub const MIGRATIONS: &str = "passerelle-migrations";
const SERVER: &str = "passerelle";
const TESTS: &str = "passerelle-tests";

/// Every crate of the workspace. One that is missing here is refused: its place in
/// the house has to be decided, not guessed.
pub const ROOMS: &[Room] = &[
    Room {
        package: KERNEL,
        may_use: &[],
    },
    Room {
        package: TEXT,
        may_use: &[],
    },
    Room {
        package: WEB,
        may_use: &[KERNEL, TEXT],
    },
    Room {
        package: PEOPLE,
        may_use: &[KERNEL, TEXT, WEB],
    },
    Room {
        package: DOCUMENTS,
        may_use: &[],
    },
    Room {
        package: SCORM,
        may_use: &[],
    },
    Room {
        package: COURSES,
        may_use: &[KERNEL, TEXT, WEB, DOCUMENTS, SCORM],
    },
    Room {
        package: LTI_PROTOCOL,
        may_use: &[],
    },
    Room {
        package: LTI,
        may_use: &[KERNEL, TEXT, WEB, OUTGOING, COURSES, LTI_PROTOCOL],
    },
    Room {
        package: OUTGOING,
        may_use: &[],
    },
    Room {
        package: OIDC,
        may_use: &[KERNEL, WEB, OUTGOING],
    },
    Room {
        package: BULLETIN,
        may_use: &[],
    },
    Room {
        package: POST,
        may_use: &[],
    },
    Room {
        package: RETURNS,
        may_use: &[],
    },
    Room {
        package: FEEDS,
        may_use: &[],
    },
    Room {
        package: STANDING,
        may_use: &[],
    },
    Room {
        package: MAILER,
        may_use: &[
            KERNEL, TEXT, WEB, OUTGOING, BULLETIN, FEEDS, POST, RETURNS, STANDING,
        ],
    },
    Room {
        package: MIGRATIONS,
        may_use: &[],
    },
    Room {
        package: SERVER,
        may_use: &[
            KERNEL, TEXT, WEB, OUTGOING, PEOPLE, DOCUMENTS, COURSES, SCORM, LTI, OIDC, MAILER,
            MIGRATIONS,
        ],
    },
    Room {
        package: TESTS,
        may_use: &[
            KERNEL,
            TEXT,
            WEB,
            PEOPLE,
            DOCUMENTS,
            COURSES,
            SCORM,
            LTI,
            LTI_PROTOCOL,
            OIDC,
            MAILER,
            STANDING,
            MIGRATIONS,
            SERVER,
        ],
    },
    Room {
        package: "xtask",
        may_use: &[],
    },
];

/// A library that only some rooms may name in their manifest. A pattern that ends
/// with `*` stands for every name that begins so.
pub struct Guarded {
    pub library: &'static str,
    pub only_in: &'static [&'static str],
    pub why: &'static str,
}

pub const GUARDED: &[Guarded] = &[
    Guarded {
        library: "axum*",
        only_in: &[WEB, PEOPLE, COURSES, LTI, OIDC, MAILER, SERVER, TESTS],
        why: "pages are the business of the web crate and of the plugins",
    },
    Guarded {
        library: "tower-http",
        only_in: &[WEB, SERVER, TESTS],
        why: "the layers around every request are set in one place",
    },
    Guarded {
        library: "sea-orm*",
        only_in: &[
            KERNEL, PEOPLE, COURSES, LTI, OIDC, MAILER, MIGRATIONS, SERVER, TESTS,
        ],
        why: "only the kernel and the plugins' stores speak to the database",
    },
    Guarded {
        library: "sqlx*",
        only_in: &[KERNEL, SERVER, TESTS],
        why: "connections are opened and tuned by the kernel",
    },
    Guarded {
        library: "lettre",
        only_in: &[MAILER],
        why: "what leaves by mail leaves through the mailer",
    },
    Guarded {
        library: "mail-auth",
        only_in: &[POST],
        why: "signatures and what comes back are read in one place",
    },
    Guarded {
        library: "async-imap",
        only_in: &[MAILER],
        why: "mailboxes are read in one place",
    },
    Guarded {
        library: "hickory-resolver",
        only_in: &[STANDING],
        why: "names are asked for in one place",
    },
    Guarded {
        library: "mrml",
        only_in: &[BULLETIN],
        why: "bulletins are laid out in one place",
    },
    Guarded {
        library: "reqwest",
        only_in: &[OUTGOING, TESTS],
        why: "requests that leave are bounded and checked in one place",
    },
    Guarded {
        library: "openidconnect",
        only_in: &[OIDC],
        why: "signing in elsewhere is the business of one plugin",
    },
    Guarded {
        library: "jsonwebtoken",
        only_in: &[LTI_PROTOCOL],
        why: "what a token must be is decided in one place",
    },
    Guarded {
        library: "typst*",
        only_in: &[DOCUMENTS],
        why: "the typesetter stays behind the documents crate",
    },
    Guarded {
        library: "csv*",
        only_in: &[TEXT],
        why: "tables are read, and written without a formula, in one place",
    },
    Guarded {
        library: "calamine",
        only_in: &[TEXT],
        why: "tables are read in one place",
    },
    Guarded {
        library: "unicode-normalization",
        only_in: &[TEXT, PEOPLE, SCORM, DOCUMENTS],
        why: "text of people is folded in one place",
    },
    Guarded {
        library: "clap",
        only_in: &[SERVER],
        why: "the command line belongs to the server",
    },
];

/// A crate that must not reach these libraries, even through another one.
pub struct Pure {
    pub package: &'static str,
    pub never: &'static [&'static str],
}

pub const PURE: &[Pure] = &[
    Pure {
        package: SCORM,
        never: &[
            "axum*", "hyper", "sea-orm*", "sqlx*", "tokio", "lettre", "typst*",
        ],
    },
    Pure {
        package: LTI_PROTOCOL,
        never: &[
            "axum*", "hyper", "reqwest", "sea-orm*", "sqlx*", "tokio", "lettre", "typst*",
        ],
    },
    Pure {
        package: RETURNS,
        never: &["axum*", "hyper", "sea-orm*", "sqlx*", "tokio", "lettre"],
    },
    Pure {
        package: FEEDS,
        never: &[
            "axum*", "hyper", "reqwest", "sea-orm*", "sqlx*", "tokio", "lettre",
        ],
    },
    Pure {
        package: STANDING,
        never: &["axum*", "sea-orm*", "sqlx*", "lettre"],
    },
    Pure {
        package: TEXT,
        never: &[
            "axum*", "hyper", "sea-orm*", "sqlx*", "tokio", "lettre", "typst*",
        ],
    },
    Pure {
        package: OUTGOING,
        never: &["axum*", "sea-orm*", "sqlx*", "lettre", "typst*"],
    },
    Pure {
        package: DOCUMENTS,
        never: &["axum*", "hyper", "sea-orm*", "sqlx*", "lettre"],
    },
    Pure {
        package: KERNEL,
        never: &["axum*", "lettre", "typst*"],
    },
    Pure {
        package: WEB,
        never: &["lettre", "typst*"],
    },
    Pure {
        package: PEOPLE,
        never: &["lettre", "typst*"],
    },
    Pure {
        package: MIGRATIONS,
        never: &["axum*", "lettre", "typst*"],
    },
];

/// Whether `name` is what `pattern` stands for.
pub fn stands_for(pattern: &str, name: &str) -> bool {
    pattern
        .strip_suffix('*')
        .map_or(pattern == name, |begin| name.starts_with(begin))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_every_name_that_begins_so() {
        assert!(stands_for("sea-orm*", "sea-orm-migration"));
        assert!(stands_for("sea-orm*", "sea-orm"));
        assert!(!stands_for("sea-orm*", "sea-query"));
        assert!(!stands_for("lettre", "lettre_email"));
    }

    #[test]
    fn no_plugin_may_use_another_plugin() {
        let plugins = [PEOPLE, COURSES, OIDC, MAILER];
        for room in ROOMS.iter().filter(|room| plugins.contains(&room.package)) {
            for other in plugins {
                assert!(
                    !room.may_use.contains(&other),
                    "{} uses {other}",
                    room.package
                );
            }
        }
    }

    #[test]
    fn every_room_named_in_a_rule_exists() {
        let exists = |name: &&str| ROOMS.iter().any(|room| room.package == *name);
        assert!(ROOMS.iter().flat_map(|room| room.may_use).all(&exists));
        assert!(
            GUARDED
                .iter()
                .flat_map(|guarded| guarded.only_in)
                .all(&exists)
        );
        assert!(PURE.iter().all(|pure| exists(&pure.package)));
    }
}
