//! Elements as they are kept: the shape of what stays of the XML.

use crate::problem::Position;
use serde::{Deserialize, Serialize};

/// The vocabularies of a manifest. Their addresses changed with every edition; only the
/// family matters here.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Namespace {
    /// No namespace.
    #[serde(rename = "")]
    None,
    /// IMS Content Packaging.
    ImsCp,
    /// IMS Simple Sequencing.
    ImsSs,
    /// ADL Content Packaging extensions.
    AdlCp,
    /// ADL Sequencing extensions.
    AdlSeq,
    /// ADL Navigation extensions.
    AdlNav,
    /// Learning Object Metadata, by IMS or IEEE.
    Lom,
    /// The `xml` prefix.
    Xml,
    /// Anything else, by its address.
    Other(Box<str>),
}

impl Namespace {
    /// The family that an address, or a prefix that nothing declares, stands for.
    pub(super) fn of(address: &str) -> Self {
        let lower = address.to_ascii_lowercase();
        let families = [
            ("imsss", Self::ImsSs),
            ("adlseq", Self::AdlSeq),
            ("adlnav", Self::AdlNav),
            ("adlcp", Self::AdlCp),
            ("imscp", Self::ImsCp),
            ("imsmd", Self::Lom),
            ("ieee.org/xsd/lom", Self::Lom),
            ("ltsc.ieee.org", Self::Lom),
            ("w3.org/xml/1998", Self::Xml),
        ];
        match families.into_iter().find(|(part, _)| lower.contains(part)) {
            Some((_, family)) => family,
            None if address.is_empty() => Self::None,
            None => Self::Other(address.into()),
        }
    }
}

/// An attribute; declarations of namespaces are not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// Vocabulary, [`Namespace::None`] without a prefix.
    #[serde(
        rename = "ns",
        default = "no_namespace",
        skip_serializing_if = "is_none"
    )]
    pub namespace: Namespace,
    /// Name without prefix.
    pub name: Box<str>,
    /// Value, unescaped and normalised.
    pub value: Box<str>,
}

/// An element with all that it holds. The order of elements is kept; pieces of text
/// between them are joined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Element {
    /// Vocabulary.
    #[serde(
        rename = "ns",
        default = "no_namespace",
        skip_serializing_if = "is_none"
    )]
    pub namespace: Namespace,
    /// Name without prefix.
    pub name: Box<str>,
    /// Attributes in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<Attribute>,
    /// Text, trimmed.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub text: Box<str>,
    /// Elements within.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Element>,
    /// Where the element starts.
    pub position: Position,
}

fn no_namespace() -> Namespace {
    Namespace::None
}

fn is_none(namespace: &Namespace) -> bool {
    *namespace == Namespace::None
}

impl Element {
    /// Whether the element has this name, in any vocabulary and capitalisation:
    /// editions and tools differ in both.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The first element within of this name.
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.is(name))
    }

    /// The elements within of this name.
    pub fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Element> {
        self.children.iter().filter(move |child| child.is(name))
    }

    /// The attribute of this name; without a prefix if there are several.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let named = || {
            self.attributes
                .iter()
                .filter(|known| known.name.eq_ignore_ascii_case(name))
        };
        named()
            .find(|known| known.namespace == Namespace::None)
            .or_else(|| named().next())
            .map(|known| &*known.value)
    }

    /// `xml:base`.
    pub(crate) fn base(&self) -> Option<&str> {
        let mut attributes = self.attributes.iter();
        attributes
            .find(|known| known.namespace == Namespace::Xml && &*known.name == "base")
            .map(|known| &*known.value)
    }

    /// The text of the first element within of this name, if there is any text.
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name)
            .map(|child| &*child.text)
            .filter(|text| !text.is_empty())
    }
}
