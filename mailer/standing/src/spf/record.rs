//! The text of an SPF record (RFC 7208, sections 4.6 and 5): what it says, term by term.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::text;

/// Bytes of a record that are read; a longer one is not an SPF record that means well.
const LONGEST: usize = 16_384;

/// The record cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unreadable;

/// A block of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    ip: IpAddr,
    bits: u32,
}

impl Block {
    /// The block of the first `v4` or `v6` bits of an address.
    pub(crate) fn of(ip: IpAddr, sizes: Sizes) -> Self {
        let bits = if ip.is_ipv4() { sizes.v4 } else { sizes.v6 };
        Self { ip, bits }
    }

    /// Whether an address is in it.
    pub(crate) fn contains(self, ip: IpAddr) -> bool {
        match (self.ip, ip) {
            (IpAddr::V4(block), IpAddr::V4(ip)) => {
                let differing = u32::from(block) ^ u32::from(ip);
                32u32
                    .checked_sub(self.bits)
                    .is_some_and(|free| differing.checked_shr(free).unwrap_or_default() == 0)
            }
            (IpAddr::V6(block), IpAddr::V6(ip)) => {
                let differing = u128::from(block) ^ u128::from(ip);
                128u32
                    .checked_sub(self.bits)
                    .is_some_and(|free| differing.checked_shr(free).unwrap_or_default() == 0)
            }
            _ => false,
        }
    }
}

/// Sizes of the blocks around the addresses of a host, in bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sizes {
    pub(crate) v4: u32,
    pub(crate) v6: u32,
}

/// The host that a mechanism names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Host {
    /// The domain of the record itself.
    Own,
    /// Another one.
    Named(String),
    /// It depends on the message (`%{…}`): not known here.
    Macro,
}

/// What a term compares the sending address with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mechanism {
    All,
    Include(Host),
    A(Host, Sizes),
    Mx(Host, Sizes),
    Ptr,
    Ip(Block),
    Exists(Host),
}

/// One term: what the answer is when its mechanism matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Term {
    /// `+`, `-`, `~` or `?`.
    pub(crate) qualifier: char,
    pub(crate) mechanism: Mechanism,
}

/// A record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) terms: Vec<Term>,
    pub(crate) redirect: Option<Host>,
}

/// Whether a TXT record is one of SPF (RFC 7208, section 4.5).
pub(crate) fn is_spf(record: &str) -> bool {
    text::begins(record, "v=spf1") && matches!(record.as_bytes().get(6), None | Some(b' '))
}

/// A record without the quotes and spaces that a person pasted around it; none when what is
/// inside does not look like SPF.
pub(crate) fn unquoted(record: &str) -> Option<String> {
    if record.len() > LONGEST || record.contains('\u{fffd}') {
        return None;
    }
    let inside = record.trim_matches(|c: char| c.is_whitespace() || "\"'«»“”".contains(c));
    text::begins(inside, "v=spf1").then(|| inside.to_owned())
}

/// Reads a record.
pub(crate) fn read(record: &str) -> Result<Record, Unreadable> {
    if !is_spf(record) || record.len() > LONGEST {
        return Err(Unreadable);
    }
    let mut read = Record::default();
    let mut explained = false;
    for word in record.split(' ').skip(1).filter(|word| !word.is_empty()) {
        if let Some((name, value)) = modifier(word) {
            if name.eq_ignore_ascii_case("redirect") {
                if read.redirect.is_some() {
                    return Err(Unreadable);
                }
                read.redirect = Some(host(value)?);
            } else if name.eq_ignore_ascii_case("exp") {
                if explained {
                    return Err(Unreadable);
                }
                explained = true;
            }
        } else {
            read.terms.push(term(word)?);
        }
    }
    Ok(read)
}

/// A modifier: `name=value`, where the name begins with a letter.
fn modifier(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once('=')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let first = name.chars().next()?;
    (first.is_ascii_alphabetic() && name.chars().all(plain)).then_some((name, value))
}

fn term(word: &str) -> Result<Term, Unreadable> {
    let qualified = word.chars().next().filter(|c| "+-~?".contains(*c));
    let qualifier = qualified.unwrap_or('+');
    let word = if qualified.is_some() {
        word.get(1..).unwrap_or_default()
    } else {
        word
    };
    let end = word.find([':', '/']).unwrap_or(word.len());
    let (name, rest) = word.split_at(end);
    let mechanism = match name.to_ascii_lowercase().as_str() {
        "all" if rest.is_empty() => Mechanism::All,
        "include" => Mechanism::Include(named(rest)?),
        "exists" => Mechanism::Exists(named(rest)?),
        "a" => sized(rest).map(|(host, sizes)| Mechanism::A(host, sizes))?,
        "mx" => sized(rest).map(|(host, sizes)| Mechanism::Mx(host, sizes))?,
        "ptr" if rest.is_empty() => Mechanism::Ptr,
        "ptr" => named(rest).map(|_| Mechanism::Ptr)?,
        "ip4" => Mechanism::Ip(block(rest, true)?),
        "ip6" => Mechanism::Ip(block(rest, false)?),
        _ => return Err(Unreadable),
    };
    Ok(Term {
        qualifier,
        mechanism,
    })
}

/// `:host`.
fn named(rest: &str) -> Result<Host, Unreadable> {
    host(rest.strip_prefix(':').ok_or(Unreadable)?)
}

/// A name of a host, as far as it can be checked without asking.
fn host(name: &str) -> Result<Host, Unreadable> {
    if name.contains('%') {
        return Ok(Host::Macro);
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let label = |label: &str| (1..=63).contains(&label.len()) && label.chars().all(plain);
    let name = text::plain(name);
    let last_is_number = name
        .rsplit('.')
        .next()
        .is_none_or(|last| last.chars().all(|c| c.is_ascii_digit()));
    if name.len() > 253 || !name.contains('.') || last_is_number || !name.split('.').all(label) {
        return Err(Unreadable);
    }
    Ok(Host::Named(name))
}

/// `[:host][/bits][//bits]`, of the mechanisms `a` and `mx`.
fn sized(rest: &str) -> Result<(Host, Sizes), Unreadable> {
    let (before, v6) = match rest.split_once("//") {
        Some((before, bits)) => (before, number(bits, 128)?),
        None => (rest, 128),
    };
    // A macro may hold a slash: its sizes do not matter, its name is not known anyway.
    if before.contains('%') {
        return Ok((Host::Macro, Sizes { v4: 32, v6 }));
    }
    let (before, v4) = match before.split_once('/') {
        Some((before, bits)) => (before, number(bits, 32)?),
        None => (before, 32),
    };
    let host = if before.is_empty() {
        Host::Own
    } else {
        named(before)?
    };
    Ok((host, Sizes { v4, v6 }))
}

/// `:address[/bits]`.
fn block(rest: &str, v4: bool) -> Result<Block, Unreadable> {
    let rest = rest.strip_prefix(':').ok_or(Unreadable)?;
    let (address, bits) = match rest.split_once('/') {
        Some((address, bits)) => (address, Some(bits)),
        None => (rest, None),
    };
    let longest = if v4 { 32 } else { 128 };
    let bits = bits.map_or(Ok(longest), |bits| number(bits, longest))?;
    let ip = if v4 {
        IpAddr::V4(address.parse::<Ipv4Addr>().map_err(|_| Unreadable)?)
    } else {
        IpAddr::V6(address.parse::<Ipv6Addr>().map_err(|_| Unreadable)?)
    };
    Ok(Block { ip, bits })
}

fn number(bits: &str, longest: u32) -> Result<u32, Unreadable> {
    if bits.len() > 3 || !bits.chars().all(|c| c.is_ascii_digit()) {
        return Err(Unreadable);
    }
    let bits = bits.parse().map_err(|_| Unreadable)?;
    if bits > longest {
        Err(Unreadable)
    } else {
        Ok(bits)
    }
}

/// The same record with a mechanism more, if any, before its end; an end that lets anyone in, or
/// says nothing, becomes `~all`.
pub(crate) fn with(record: &str, mechanism: Option<&str>) -> String {
    let is = |word: &str, what: &str| {
        let bare = word.trim_start_matches(['+', '-', '~', '?']);
        bare.eq_ignore_ascii_case(what)
    };
    let words: Vec<&str> = record.split_whitespace().collect();
    let redirects = words.iter().any(|word| text::begins(word, "redirect="));
    let all = words.iter().position(|word| is(word, "all"));
    let end = all
        .or_else(|| {
            words
                .iter()
                .position(|word| text::begins(word, "redirect="))
        })
        .unwrap_or(words.len());
    let (before, after) = words.split_at_checked(end).unwrap_or((&words, &[]));
    let mut out: Vec<&str> = before.to_vec();
    out.extend(mechanism);
    match after.split_first() {
        Some((last, after)) if all.is_some() => {
            let closed = last.starts_with('-') || last.starts_with('~');
            out.push(if closed { last } else { "~all" });
            out.extend(after);
        }
        _ => {
            out.extend(after);
            if !redirects {
                out.push("~all");
            }
        }
    }
    out.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_record_is_read_term_by_term() {
        let record = "v=spf1 ip4:192.0.2.0/24 -ip6:2001:db8::/32 a mx:exemple.fr/24//64 \
                      include:_spf.exemple.fr ~all exp=pourquoi.exemple.fr inconnu=%{d}";
        let record = read(record).expect("a record");
        assert_eq!(record.terms.len(), 6);
        assert_eq!(record.terms[1].qualifier, '-');
        let sizes = Sizes { v4: 24, v6: 64 };
        assert_eq!(
            record.terms[3].mechanism,
            Mechanism::Mx(Host::Named("exemple.fr".to_owned()), sizes)
        );
        assert_eq!(record.terms[5].qualifier, '~');
        let macros = read("V=SPF1 exists:%{ir}.x.fr a:%{d1r/}/24 redirect=%{d}").expect("a record");
        assert_eq!(macros.redirect, Some(Host::Macro));
        assert_eq!(read("v=spf1"), Ok(Record::default()));
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for record in [
            "v=spf10 -all",
            "v=spf1 ip4:192.0.2.1/33 -all",
            "v=spf1 ip4:exemple.fr -all",
            "v=spf1 ip4 -all",
            "v=spf1 ip6:192.0.2.1 -all",
            "v=spf1 include -all",
            "v=spf1 include: -all",
            "v=spf1 include:192.0.2.1 -all",
            "v=spf1 include:exemple -all",
            "v=spf1 include:exemple.fr/24 -all",
            "v=spf1 a: -all",
            "v=spf1 a/ -all",
            "v=spf1 a/+4 -all",
            "v=spf1 a:exemple..fr -all",
            "v=spf1 all:exemple.fr",
            "v=spf1 inclure:exemple.fr -all",
            "v=spf1 \"ip4:192.0.2.1\" -all",
            "v=spf1 redirect=a.fr redirect=b.fr",
            "v=spf1 --all",
            "v=spf1 é",
            "v=spf1 \u{fffd}\u{fffd}",
        ] {
            assert_eq!(read(record), Err(Unreadable), "{record}");
        }
        let long = format!("v=spf1 {} -all", "ip4:192.0.2.1 ".repeat(2_000));
        assert_eq!(read(&long), Err(Unreadable));
    }

    #[test]
    fn a_block_holds_its_addresses() {
        let sizes = |v4, v6| Sizes { v4, v6 };
        let ip = |ip: &str| ip.parse::<IpAddr>().expect("an address");
        assert!(Block::of(ip("192.0.2.77"), sizes(24, 64)).contains(ip("192.0.2.1")));
        assert!(!Block::of(ip("192.0.2.77"), sizes(24, 64)).contains(ip("192.0.3.1")));
        assert!(Block::of(ip("192.0.2.77"), sizes(0, 0)).contains(ip("10.0.0.1")));
        assert!(Block::of(ip("2001:db8::1"), sizes(24, 64)).contains(ip("2001:db8::2")));
        assert!(!Block::of(ip("2001:db8::1"), sizes(24, 128)).contains(ip("2001:db8::2")));
        assert!(!Block::of(ip("2001:db8::1"), sizes(0, 0)).contains(ip("192.0.2.1")));
    }

    #[test]
    fn a_mechanism_is_put_before_the_end() {
        for (record, mechanism, expected) in [
            ("v=spf1 mx -all", Some("a:r.fr"), "v=spf1 mx a:r.fr -all"),
            ("v=spf1 mx +all", Some("a:r.fr"), "v=spf1 mx a:r.fr ~all"),
            ("v=spf1 mx ALL", None, "v=spf1 mx ~all"),
            ("v=spf1 mx ?all", None, "v=spf1 mx ~all"),
            ("v=spf1  mx", Some("a:r.fr"), "v=spf1 mx a:r.fr ~all"),
            ("v=spf1", None, "v=spf1 ~all"),
            (
                "v=spf1 mx redirect=x.fr",
                Some("a:r.fr"),
                "v=spf1 mx a:r.fr redirect=x.fr",
            ),
            (
                "v=spf1 ~all exp=x.fr",
                Some("a:r.fr"),
                "v=spf1 a:r.fr ~all exp=x.fr",
            ),
            ("", Some("a:r.fr"), "a:r.fr ~all"),
        ] {
            assert_eq!(with(record, mechanism), expected);
        }
    }

    proptest! {
        #[test]
        fn reading_never_panics(record in "(v=spf1 )?\\PC{0,200}") {
            let _ = read(&record);
            let _ = unquoted(&record);
            let _ = with(&record, Some("a:exemple.fr"));
        }

        #[test]
        fn what_is_read_is_still_read_with_a_mechanism_more(
            words in proptest::collection::vec(
                prop_oneof![
                    Just("a"), Just("-mx/24"), Just("ip4:192.0.2.1"), Just("?all"),
                    Just("include:x.fr"), Just("exists:%{i}.x.fr"), Just("exp=x.fr"),
                ],
                0..6,
            ),
        ) {
            let record = format!("v=spf1 {}", words.join(" "));
            if let Ok(before) = read(&record) {
                let after = read(&with(&record, Some("a:r.fr"))).expect("still a record");
                prop_assert!(after.terms.len() > before.terms.len());
            }
        }
    }
}
