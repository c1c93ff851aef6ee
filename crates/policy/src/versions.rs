//! Which version of a policy holds on a day.

use time::Date;

/// What a version is on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionState {
    /// Announced, and not yet in force.
    Announced,
    /// In force.
    InForce,
    /// Was in force.
    Archived,
}

impl VersionState {
    /// The word that stands for it outside.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Announced => "announced",
            Self::InForce => "in-force",
            Self::Archived => "archived",
        }
    }
}

/// All versions that were announced, in the order in which they were: the later announced wins a day
/// for which two were announced.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timetable(Vec<Date>);

impl Timetable {
    /// From the first day of each.
    #[must_use]
    pub const fn new(effective: Vec<Date>) -> Self {
        Self(effective)
    }

    /// The one in force on a day, counted from 0; none before the first.
    #[must_use]
    pub fn in_force(&self, today: Date) -> Option<usize> {
        let begun = self.0.iter().enumerate().filter(|(_, from)| **from <= today);
        begun.max_by_key(|(index, from)| (**from, *index)).map(|(index, _)| index)
    }

    /// What each is on a day. One that was never in force, since a later took its place, is archived.
    #[must_use]
    pub fn states(&self, today: Date) -> Vec<VersionState> {
        let in_force = self.in_force(today);
        let state = |(index, from): (usize, &Date)| match in_force {
            Some(present) if present == index => VersionState::InForce,
            _ if *from > today => VersionState::Announced,
            _ => VersionState::Archived,
        };
        self.0.iter().enumerate().map(state).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_version_is_in_force_on_each_day_and_none_before_the_first() {
        let dates = ["2022-04-04", "2022-08-04", "2022-08-04", "2030-01-01"];
        let table = Timetable::new(dates.map(|day| law::date(day).unwrap()).to_vec());
        let on = |day| table.in_force(law::date(day).unwrap());
        assert_eq!(on("2022-04-03"), None);
        assert_eq!((on("2022-04-04"), on("2022-08-03")), (Some(0), Some(0)));
        assert_eq!(on("2022-08-04"), Some(2));
        use VersionState::{Announced, Archived, InForce};
        let states = table.states(law::date("2026-11-22").unwrap());
        assert_eq!(states, [Archived, Archived, InForce, Announced]);
    }
}
