//! The first days of a new sending address: few messages, then more.
//!
//! A mailbox provider that has never seen an address take thousands of messages at once treats
//! them as spam. The numbers are in `data/warm_up.toml`, with where they come from. Days are days
//! of sending, counted from 0: a day without sending does not count.

use std::sync::LazyLock;

use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    days: Vec<u32>,
}

static TABLE: LazyLock<Table> =
    LazyLock::new(|| toml::from_str(include_str!("../data/warm_up.toml")).unwrap_or_default());

/// How many messages may leave on that day of sending, 0 being the first one; none when there is
/// no limit any more.
pub fn allowance(day: u32) -> Option<u32> {
    TABLE.days.get(usize::try_from(day).ok()?).copied()
}

/// How many messages leave on each day when `total` are to leave and `day` is the first of those
/// days: one number a day, the sum of which is `total`.
pub fn plan(total: u32, day: u32) -> Vec<u32> {
    let mut left = total;
    let mut plan = Vec::new();
    let mut day = day;
    while left > 0 {
        let most = allowance(day).map_or(left, |most| most.max(1));
        let today = most.min(left);
        plan.push(today);
        left -= today;
        day = day.saturating_add(1);
    }
    plan
}

/// How many days of sending a new address needs for `total` messages.
pub fn days_for(total: u32) -> u32 {
    u32::try_from(plan(total, 0).len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_begins_with_fifty_and_never_more_than_doubles() {
        let table: Table = toml::from_str(include_str!("../data/warm_up.toml")).expect("a table");
        assert_eq!(allowance(0), Some(50));
        for pair in table.days.windows(2) {
            assert!(pair[0] <= pair[1] && pair[1] <= pair[0] * 2, "{pair:?}");
        }
        let last = u32::try_from(table.days.len()).expect("few days");
        assert_eq!(allowance(last - 1), Some(6_400));
        assert_eq!(allowance(last), None);
        assert_eq!(allowance(u32::MAX), None);
    }

    #[test]
    fn a_plan_sends_everything_and_no_more_than_allowed() {
        for total in [0, 1, 50, 51, 100, 6_600, 25_500, 25_501, u32::MAX] {
            for day in [0, 3, 15, 16, u32::MAX] {
                let plan = plan(total, day);
                assert_eq!(
                    plan.iter().map(|n| u64::from(*n)).sum::<u64>(),
                    u64::from(total)
                );
                for (after, today) in (0..).zip(&plan) {
                    let most = allowance(day.saturating_add(after));
                    assert!(most.is_none_or(|most| *today <= most));
                }
            }
        }
    }

    #[test]
    fn days_are_counted() {
        assert_eq!(days_for(0), 0);
        assert_eq!(days_for(50), 1);
        assert_eq!(days_for(51), 2);
        assert_eq!(days_for(6_600), 13);
        assert_eq!(days_for(25_500), 16);
        assert_eq!(days_for(1_000_000), 17);
    }
}
