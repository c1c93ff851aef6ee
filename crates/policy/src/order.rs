//! What a camera is to do under the policy in force: record, until when, for how long it is kept and
//! where it lies; or nothing, and why.

use domain::WallTime;

use crate::{Description, Hours};

/// What a camera is to do now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// It belongs to a line.
    Line(Terms),
    /// It belongs to no line of the policy: nobody was told that it is there. Nothing is recorded.
    NoLine,
}

/// What its line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// Days that its footage is kept at most.
    pub retention_days: u16,
    /// Where it lies: the word of a place.
    pub place: String,
    /// Whether is recorded now, as the published hours say.
    pub is_open: bool,
    /// When that changes: not one picture is recorded beside the hours. None: never.
    pub until: Option<WallTime>,
}

/// What a camera at a spot is to do now.
#[must_use]
pub fn order(described: &Description, spot: Option<&str>, now: WallTime) -> Order {
    let line = spot.and_then(|spot| described.line_of(spot));
    let Some((line, unit)) = line.and_then(|line| Some((line, described.unit(&line.unit)?))) else {
        return Order::NoLine;
    };
    // Hours that cannot be read are found before a policy is announced; who cannot read them films
    // nothing.
    let (is_open, until) = Hours::read(&unit.hours).map_or((false, None), |hours| hours.at(now));
    Order::Line(Terms {
        retention_days: described.retention_days(line),
        place: unit.storage.clone(),
        is_open,
        until,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labor() -> Description {
        Description::read(include_str!("../../../samples/institutions/labor.toml")).unwrap()
    }

    #[test]
    fn a_camera_of_no_line_records_nothing() {
        let (described, now) = (labor(), "2026-11-23T12:00:00Z".parse().unwrap());
        assert_eq!(order(&described, None, now), Order::NoLine);
        assert_eq!(order(&described, Some("cellar"), now), Order::NoLine);
        for (spot, place) in [("gate", "guard-room"), ("fraud", "hq-office")] {
            let place = place.into();
            let terms = Terms { retention_days: 30, place, is_open: true, until: None };
            assert_eq!(order(&described, Some(spot), now), Order::Line(terms));
        }
    }

    #[test]
    fn outside_its_hours_it_records_nothing() {
        let mut described = labor();
        let centre = described.units.iter_mut().find(|unit| unit.id == "centre").unwrap();
        centre.hours = "mon-fri 09:00-18:00".into();
        let now = |text: &str| text.parse::<WallTime>().unwrap();
        let at =
            |described: &Description, text: &str| match order(described, Some("gate"), now(text)) {
                Order::Line(terms) => (terms.is_open, terms.until),
                Order::NoLine => panic!("it has a line"),
            };
        let begins = Some(now("2026-11-23T00:00:00Z"));
        assert_eq!(at(&described, "2026-11-22T12:00:00Z"), (false, begins));
        let ends = Some(now("2026-11-23T09:00:00Z"));
        assert_eq!(at(&described, "2026-11-23T00:00:00Z"), (true, ends));
        // Hours that nobody can read are none.
        described.units.iter_mut().for_each(|unit| unit.hours = "now and then".into());
        assert_eq!(at(&described, "2026-11-23T00:00:00Z"), (false, None));
    }
}
