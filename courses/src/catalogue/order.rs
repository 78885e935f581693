//! The order of weeks and activities; pure.

use uuid::Uuid;

/// Weeks in order, each with its activities in order.
pub type Order = Vec<(Uuid, Vec<Uuid>)>;

/// Which way a thing goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Towards the beginning.
    Up,
    /// Towards the end.
    Down,
}

impl Direction {
    /// As the two buttons send it.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "up" => Some(Self::Up),
            "down" => Some(Self::Down),
            _ => None,
        }
    }
}

/// Moves an activity by one place; past the end of its week it goes to the next one, before
/// the beginning to the end of the one before. `None` when it cannot move or is not there.
pub fn move_activity(order: &Order, activity: Uuid, direction: Direction) -> Option<Order> {
    let week = order
        .iter()
        .position(|(_, activities)| activities.contains(&activity))?;
    let at = order[week].1.iter().position(|a| *a == activity)?;
    let mut moved = order.clone();
    match direction {
        Direction::Up if at > 0 => moved[week].1.swap(at, at - 1),
        Direction::Down if at + 1 < order[week].1.len() => moved[week].1.swap(at, at + 1),
        Direction::Up => {
            let before = week.checked_sub(1)?;
            moved[week].1.remove(at);
            moved[before].1.push(activity);
        }
        Direction::Down => {
            let after = (week + 1 < order.len()).then_some(week + 1)?;
            moved[week].1.remove(at);
            moved[after].1.insert(0, activity);
        }
    }
    Some(moved)
}

/// Moves a week by one place.
pub fn move_week(order: &Order, week: Uuid, direction: Direction) -> Option<Order> {
    let at = order.iter().position(|(id, _)| *id == week)?;
    let to = match direction {
        Direction::Up => at.checked_sub(1)?,
        Direction::Down => (at + 1 < order.len()).then_some(at + 1)?,
    };
    let mut moved = order.clone();
    moved.swap(at, to);
    Some(moved)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn order(shape: &[&[u128]]) -> Order {
        shape
            .iter()
            .enumerate()
            .map(|(w, a)| (id(1000 + w as u128), a.iter().map(|n| id(*n)).collect()))
            .collect()
    }

    #[test]
    fn an_activity_moves_within_its_week_then_to_the_next() {
        let start = order(&[&[1, 2], &[], &[3]]);
        let within = move_activity(&start, id(1), Direction::Down).expect("moves");
        assert_eq!(within, order(&[&[2, 1], &[], &[3]]));
        let across = move_activity(&within, id(1), Direction::Down).expect("moves");
        assert_eq!(across, order(&[&[2], &[1], &[3]]));
        let further = move_activity(&across, id(1), Direction::Down).expect("moves");
        assert_eq!(further, order(&[&[2], &[], &[1, 3]]));
        assert_eq!(move_activity(&further, id(1), Direction::Up), Some(across));
    }

    #[test]
    fn the_ends_stay_where_they_are() {
        let start = order(&[&[1, 2], &[3]]);
        assert_eq!(move_activity(&start, id(1), Direction::Up), None);
        assert_eq!(move_activity(&start, id(3), Direction::Down), None);
        assert_eq!(move_activity(&start, id(9), Direction::Down), None);
        assert_eq!(move_week(&start, id(1000), Direction::Up), None);
        assert_eq!(move_week(&start, id(1001), Direction::Down), None);
        assert!(move_week(&start, id(1001), Direction::Up).is_some());
    }

    proptest! {
        #[test]
        fn moving_loses_nothing_and_comes_back(
            sizes in prop::collection::vec(0_usize..5, 1..5),
            pick in 0_usize..20,
            down in any::<bool>(),
        ) {
            let mut next = 0;
            let start: Order = sizes.iter().enumerate().map(|(w, n)| {
                let activities = (0..*n).map(|_| { next += 1; id(next) }).collect();
                (id(1000 + w as u128), activities)
            }).collect();
            let all: Vec<Uuid> = start.iter().flat_map(|(_, a)| a.clone()).collect();
            prop_assume!(!all.is_empty());
            let chosen = all[pick % all.len()];
            let (there, back) = if down { (Direction::Down, Direction::Up) } else { (Direction::Up, Direction::Down) };
            if let Some(moved) = move_activity(&start, chosen, there) {
                let mut after: Vec<Uuid> = moved.iter().flat_map(|(_, a)| a.clone()).collect();
                let mut before = all.clone();
                after.sort();
                before.sort();
                prop_assert_eq!(before, after);
                prop_assert_eq!(move_activity(&moved, chosen, back), Some(start));
            }
        }
    }
}
