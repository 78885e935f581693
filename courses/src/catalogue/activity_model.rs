//! Activities as those who write a course give them; pure.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::content::{FileContent, LinkContent, PackageContent, PageContent, ToolContent, is_host};
use crate::progress::model::ActivityRule;

/// Minutes at most in the estimate of an activity.
pub const MAX_MINUTES: i32 = 6_000;
/// Characters at most in a title.
pub const MAX_TITLE: usize = 200;

/// What an activity is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActivityKind {
    /// A package of the library.
    Package,
    /// A page written here.
    Page,
    /// A file to read.
    File,
    /// An address elsewhere.
    Link,
    /// A tool of somebody else, which recognises the trainee and sends results back.
    Tool,
}

impl ActivityKind {
    /// Every kind, in the order in which they are offered.
    pub const ALL: [Self; 5] = [
        Self::Package,
        Self::Page,
        Self::File,
        Self::Link,
        Self::Tool,
    ];

    /// As stored and sent.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Package => "scorm",
            Self::Page => "page",
            Self::File => "file",
            Self::Link => "link",
            Self::Tool => "tool",
        }
    }

    /// From what is stored or sent.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Icon of the kind.
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Package => "package",
            Self::Page => "file-text",
            Self::File => "paperclip",
            Self::Link => "external-link",
            Self::Tool => "link",
        }
    }

    /// Rules that make sense: only a package or a tool reports what happens in it.
    pub const fn rules(self) -> &'static [&'static str] {
        match self {
            Self::Package => &["completed", "passed", "score", "viewed", "declared"],
            Self::Page => &["viewed", "declared"],
            Self::File | Self::Link => &["declared", "viewed"],
            Self::Tool => &["completed", "score", "viewed", "declared"],
        }
    }

    /// The rule proposed first. Opening a file or a link says little: the trainee says when it is done.
    pub const fn default_rule(self) -> ActivityRule {
        match self {
            Self::Package | Self::Tool => ActivityRule::Completed,
            Self::Page => ActivityRule::Viewed,
            Self::File | Self::Link => ActivityRule::Declared,
        }
    }

    /// Whether the rule makes sense for the kind.
    pub fn allows(self, rule: ActivityRule) -> bool {
        self.rules().contains(&rule_code(rule))
            && !matches!(rule, ActivityRule::Score { at_least } if !(1..=10_000).contains(&at_least))
    }
}

/// Name of a rule in forms and messages.
pub const fn rule_code(rule: ActivityRule) -> &'static str {
    match rule {
        ActivityRule::Viewed => "viewed",
        ActivityRule::Completed => "completed",
        ActivityRule::Passed => "passed",
        ActivityRule::Score { .. } => "score",
        ActivityRule::Declared => "declared",
    }
}

/// The rule of that name; `percent` is only read for a score.
pub fn rule_of(code: &str, percent: Option<i64>) -> Option<ActivityRule> {
    match code {
        "viewed" => Some(ActivityRule::Viewed),
        "completed" => Some(ActivityRule::Completed),
        "passed" => Some(ActivityRule::Passed),
        "declared" => Some(ActivityRule::Declared),
        "score" => percent
            .filter(|p| (1..=100).contains(p))
            .map(|p| ActivityRule::Score {
                at_least: p as i32 * 100,
            }),
        _ => None,
    }
}

/// What is in an activity, by kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A package and the hosts it may reach.
    Package(Uuid, PackageContent),
    /// A page.
    Page(PageContent),
    /// A file.
    File(FileContent),
    /// A link.
    Link(LinkContent),
    /// A tool.
    Tool(ToolContent),
}

impl Content {
    /// The kind it belongs to.
    pub const fn kind(&self) -> ActivityKind {
        match self {
            Self::Package(..) => ActivityKind::Package,
            Self::Page(_) => ActivityKind::Page,
            Self::File(_) => ActivityKind::File,
            Self::Link(_) => ActivityKind::Link,
            Self::Tool(_) => ActivityKind::Tool,
        }
    }

    /// As stored with the activity.
    pub fn json(&self) -> Value {
        match self {
            Self::Package(_, content) => json!(content),
            Self::Page(content) => json!(content),
            Self::File(content) => json!(content),
            Self::Link(content) => json!(content),
            Self::Tool(content) => json!(content),
        }
    }

    /// The package it plays.
    pub const fn package(&self) -> Option<Uuid> {
        match self {
            Self::Package(id, _) => Some(*id),
            _ => None,
        }
    }
}

/// An activity to add to a week, or what an existing one becomes.
#[derive(Clone, Debug, PartialEq)]
pub struct NewActivity {
    /// Week it stands in.
    pub week_id: Uuid,
    /// What it is made of.
    pub kind: ActivityKind,
    /// Title, at most 200 characters.
    pub title: String,
    /// Estimated duration, 1 to 6,000 minutes.
    pub minutes: i32,
    /// Whether it may be left out.
    pub optional: bool,
    /// When it is done.
    pub rule: ActivityRule,
    /// Objectives of the sheet that it assesses.
    pub objectives: Vec<Uuid>,
    /// Its content, as stored: see [`Content::json`].
    pub content: Value,
    /// The package it plays, for that kind.
    pub package_id: Option<Uuid>,
}

impl NewActivity {
    /// An activity with the rule proposed for its kind, compulsory, without objectives.
    pub fn new(week_id: Uuid, title: impl Into<String>, minutes: i32, content: &Content) -> Self {
        Self {
            week_id,
            kind: content.kind(),
            title: title.into(),
            minutes,
            optional: false,
            rule: content.kind().default_rule(),
            objectives: Vec::new(),
            content: content.json(),
            package_id: content.package(),
        }
    }

    /// What is wrong with it: names of fields of the form and ids of messages.
    pub fn problems(&self) -> Vec<(&'static str, &'static str)> {
        let mut problems = Vec::new();
        let mut check = |right: bool, field, message| {
            if !right {
                problems.push((field, message));
            }
        };
        let title = self.title.trim();
        check(!title.is_empty(), "title", "catalogue-error-activity-title");
        check(
            title.chars().count() <= MAX_TITLE,
            "title",
            "catalogue-error-title-long",
        );
        check(
            (1..=MAX_MINUTES).contains(&self.minutes),
            "minutes",
            "catalogue-error-minutes",
        );
        check(self.kind.allows(self.rule), "rule", "catalogue-error-rule");
        match self.kind {
            ActivityKind::Package => {
                check(
                    self.package_id.is_some(),
                    "package",
                    "catalogue-error-package",
                );
                let content: Option<PackageContent> = parse(&self.content);
                let hosts =
                    content.is_some_and(|c| c.external_hosts.iter().all(|host| is_host(host)));
                check(hosts, "hosts", "catalogue-error-hosts");
            }
            ActivityKind::Page => {
                let text = parse(&self.content).map_or(String::new(), |c: PageContent| c.markdown);
                check(
                    !text.trim().is_empty(),
                    "markdown",
                    "catalogue-error-markdown",
                );
            }
            ActivityKind::File => {
                check(
                    parse::<FileContent>(&self.content).is_some(),
                    "file",
                    "catalogue-error-file",
                );
            }
            ActivityKind::Link => {
                let url = parse(&self.content).map_or(String::new(), |c: LinkContent| c.url);
                check(is_web_address(&url), "url", "catalogue-error-url");
            }
            ActivityKind::Tool => {
                let content: Option<ToolContent> = parse(&self.content);
                check(content.is_some(), "tool", "catalogue-error-tool");
                if let Some(content) = content {
                    check(
                        content.url.is_empty() || is_tool_address(&content.url),
                        "url",
                        "catalogue-error-url",
                    );
                    check(
                        content.parameters().is_some(),
                        "custom",
                        "catalogue-error-custom",
                    );
                }
            }
        }
        problems
    }
}

fn parse<T: serde::de::DeserializeOwned>(content: &Value) -> Option<T> {
    serde_json::from_value(content.clone()).ok()
}

/// Whether it is an address of the web that a page may link to.
pub fn is_web_address(url: &str) -> bool {
    let lower = url.to_ascii_lowercase();
    let rest = lower
        .strip_prefix("https://")
        .or_else(|| lower.strip_prefix("http://"));
    url.len() <= 2_000
        && rest.is_some_and(|rest| {
            let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
            !host.is_empty() && host.contains('.') && !host.contains('@')
        })
        && !url
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || "<>\"`\\".contains(c))
}

/// Whether a launch may lead there; a tool on this machine or network may have a name without dot.
fn is_tool_address(text: &str) -> bool {
    text.len() <= 2_000
        && url::Url::parse(text).is_ok_and(|url| {
            matches!(url.scheme(), "https" | "http") && url.has_host() && url.username().is_empty()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(url: &str) -> NewActivity {
        let content = Content::Link(LinkContent {
            url: url.to_owned(),
            note: String::new(),
        });
        NewActivity::new(Uuid::from_u128(1), "Lire l’article", 20, &content)
    }

    #[test]
    fn each_kind_has_a_rule_that_it_allows() {
        for kind in ActivityKind::ALL {
            assert!(kind.allows(kind.default_rule()), "{kind:?}");
            assert_eq!(ActivityKind::parse(kind.code()), Some(kind));
        }
        assert!(!ActivityKind::Page.allows(ActivityRule::Passed));
        assert!(!ActivityKind::Link.allows(ActivityRule::Score { at_least: 5_000 }));
        assert!(!ActivityKind::Package.allows(ActivityRule::Score { at_least: 0 }));
        assert!(ActivityKind::Package.allows(ActivityRule::Score { at_least: 7_000 }));
    }

    #[test]
    fn a_duration_is_compulsory_and_bounded() {
        for (minutes, right) in [
            (0, false),
            (-5, false),
            (1, true),
            (6_000, true),
            (6_001, false),
        ] {
            let activity = NewActivity {
                minutes,
                ..link("https://exemple.fr")
            };
            assert_eq!(activity.problems().is_empty(), right, "{minutes}");
        }
    }

    #[test]
    fn only_addresses_of_the_web_are_linked() {
        for good in [
            "https://exemple.fr",
            "http://exemple.fr/a?b=c#d",
            "HTTPS://Exemple.fr/été",
        ] {
            assert!(link(good).problems().is_empty(), "{good}");
        }
        for bad in [
            "",
            "exemple.fr",
            "javascript:alert(1)",
            "https://",
            "https://a b.fr",
            "data:text/html,x",
            "https://moi@exemple.fr",
            "//exemple.fr",
            "https://local",
        ] {
            assert_eq!(
                link(bad).problems(),
                [("url", "catalogue-error-url")],
                "{bad}"
            );
        }
    }

    #[test]
    fn an_activity_without_its_matter_is_refused() {
        let page = Content::Page(PageContent::default());
        let page = NewActivity::new(Uuid::from_u128(1), "", 10, &page);
        let fields: Vec<_> = page
            .problems()
            .into_iter()
            .map(|(field, _)| field)
            .collect();
        assert_eq!(fields, ["title", "markdown"]);
        let file = NewActivity {
            kind: ActivityKind::File,
            rule: ActivityRule::Declared,
            content: json!({}),
            ..link("x")
        };
        assert_eq!(file.problems(), [("file", "catalogue-error-file")]);
        let package = NewActivity {
            kind: ActivityKind::Package,
            rule: ActivityRule::Completed,
            content: json!({}),
            ..link("x")
        };
        assert_eq!(package.problems(), [("package", "catalogue-error-package")]);
    }

    #[test]
    fn a_score_is_a_share_from_one_to_a_hundred() {
        assert_eq!(
            rule_of("score", Some(80)),
            Some(ActivityRule::Score { at_least: 8_000 })
        );
        for wrong in [None, Some(0), Some(101), Some(-1)] {
            assert_eq!(rule_of("score", wrong), None);
        }
        assert_eq!(rule_of("autre", None), None);
    }
}
