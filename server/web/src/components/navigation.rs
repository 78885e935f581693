//! How one finds one's way: breadcrumbs, tabs, chips, pages, steps. All are
//! links, so an address says what is shown and can be shared.

use serde::Serialize;

/// A link of a row of links.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Link {
    /// Where it goes.
    pub href: String,
    /// What it says.
    pub label: String,
    /// Whether it is where one is.
    pub current: bool,
    /// A count beside it, formatted.
    pub badge: Option<String>,
}

impl Link {
    /// A link.
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            href: href.into(),
            label: label.into(),
            ..Self::default()
        }
    }

    /// Marks it as where one is, or not.
    #[must_use]
    pub fn current(mut self, current: bool) -> Self {
        self.current = current;
        self
    }
}

builders!(Link {
    /// Writes a count beside it.
    badge: opt,
});

/// A place above the page, first the highest.
#[derive(Debug, Clone, Serialize)]
pub struct Crumb {
    /// Where it goes; `None` for the page itself.
    pub href: Option<String>,
    /// What it says.
    pub label: String,
}

/// Pages of the same thing, as links.
#[derive(Debug, Clone, Serialize)]
pub struct Tabs {
    /// What the row is, for screen readers.
    pub label: String,
    /// The pages.
    pub items: Vec<Link>,
}

/// Filters of a list, as links that change the address.
#[derive(Debug, Clone, Serialize)]
pub struct Chips {
    /// What is filtered, written before the chips.
    pub label: String,
    /// The filters; several may be current.
    pub items: Vec<Link>,
}

/// Where one is in a long list.
#[derive(Debug, Clone, Serialize)]
pub struct Pager {
    /// What the list is, for screen readers, when a page has several lists.
    pub label: Option<String>,
    /// First row shown, counted from 1.
    pub from: u64,
    /// Last row shown.
    pub to: u64,
    /// All rows.
    pub total: u64,
    /// Address of the page before.
    pub previous: Option<String>,
    /// Address of the page after.
    pub next: Option<String>,
    /// Pages by number, with gaps.
    pub items: Vec<PagerItem>,
}

/// A page by its number, or a gap between two.
#[derive(Debug, Clone, Serialize)]
pub struct PagerItem {
    /// Number of the page; `None` for a gap.
    pub page: Option<u64>,
    /// Its address.
    pub href: Option<String>,
    /// Whether it is shown.
    pub current: bool,
}

impl Pager {
    /// Page `page` (counted from 1) of `total` rows, `per_page` a page; the
    /// address of a page comes from its number. A page beyond the last is the
    /// last.
    pub fn new(page: u64, per_page: u64, total: u64, address: impl Fn(u64) -> String) -> Self {
        let per_page = per_page.max(1);
        let pages = total.div_ceil(per_page).max(1);
        let page = page.clamp(1, pages);
        let mut items = Vec::new();
        let mut last = 0;
        for number in 1..=pages {
            let near = number.abs_diff(page) <= 1 || number == 1 || number == pages;
            // A gap of one page takes as much room as the page itself.
            let lonely = number.abs_diff(page) == 2 && (number == 2 || number + 1 == pages);
            if !(near || lonely) {
                continue;
            }
            if number > last + 1 {
                items.push(PagerItem {
                    page: None,
                    href: None,
                    current: false,
                });
            }
            items.push(PagerItem {
                page: Some(number),
                href: Some(address(number)),
                current: number == page,
            });
            last = number;
        }
        Self {
            label: None,
            from: if total == 0 {
                0
            } else {
                (page - 1) * per_page + 1
            },
            to: (page * per_page).min(total),
            total,
            previous: (page > 1).then(|| address(page - 1)),
            next: (page < pages).then(|| address(page + 1)),
            items,
        }
    }
}

builders!(Pager {
    /// Names the list, when a page has several.
    label: opt,
});

/// Steps of a task, in their order.
#[derive(Debug, Clone, Serialize)]
pub struct Stepper {
    /// What the steps lead to, for screen readers.
    pub label: String,
    /// Number of the current step, counted from 1.
    pub current: usize,
    /// How many steps there are.
    pub total: usize,
    /// The steps.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Debug, Clone, Serialize)]
pub struct Step {
    /// What is done there.
    pub label: String,
    /// Where it is, when one may go back to it.
    pub href: Option<String>,
    /// `done`, `current` or `todo`.
    pub state: &'static str,
}

impl Stepper {
    /// Steps of which the one at `current` (counted from 1) is being done;
    /// those before it are links when they have an address.
    pub fn new(label: impl Into<String>, current: usize, steps: &[(&str, Option<&str>)]) -> Self {
        let steps: Vec<_> = steps
            .iter()
            .enumerate()
            .map(|(index, (label, href))| Step {
                label: (*label).to_owned(),
                href: href.filter(|_| index + 1 < current).map(str::to_owned),
                state: match (index + 1).cmp(&current) {
                    std::cmp::Ordering::Less => "done",
                    std::cmp::Ordering::Equal => "current",
                    std::cmp::Ordering::Greater => "todo",
                },
            })
            .collect();
        Self {
            label: label.into(),
            current,
            total: steps.len(),
            steps,
        }
    }
}
