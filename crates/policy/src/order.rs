//! What a camera is to do under the policy in force: record, until when, for how long it is kept and
//! where it lies; or nothing, and why.

use domain::WallTime;

use crate::{Description, Hours};

/// What a camera is to do now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// Record.
    Record(Terms),
    /// It belongs to no line of the policy: nobody was told that it is there.
    NoLine,
    /// Outside the hours that are published.
    OutsideHours {
        /// When they begin.
        until: Option<WallTime>,
    },
}

/// How is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// Days that its footage is kept at most.
    pub retention_days: u16,
    /// Where it lies: the word of a place.
    pub place: String,
    /// The published hours end then: not one picture after it. None: all day.
    pub until: Option<WallTime>,
}

/// What a camera at a spot is to do now.
#[must_use]
pub fn order(described: &Description, spot: Option<&str>, now: WallTime) -> Order {
    let line = described.spots.iter().find(|line| Some(line.id.as_str()) == spot);
    let Some((line, unit)) = line.and_then(|line| Some((line, described.unit(&line.unit)?))) else {
        return Order::NoLine;
    };
    // Hours that cannot be read are found before a policy is announced; who cannot read them films
    // nothing.
    let (is_open, until) = Hours::read(&unit.hours).map_or((false, None), |hours| hours.at(now));
    if !is_open {
        return Order::OutsideHours { until };
    }
    Order::Record(Terms {
        retention_days: described.retention_days(line),
        place: unit.storage.clone(),
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
        let terms = |place: &str| Terms { retention_days: 30, place: place.into(), until: None };
        let ordered = order(&described, Some("gate"), now);
        assert_eq!(ordered, Order::Record(terms("guard-room")));
        let ordered = order(&described, Some("fraud"), now);
        assert_eq!(ordered, Order::Record(terms("hq-office")));
    }

    #[test]
    fn outside_its_hours_it_records_nothing() {
        let mut described = labor();
        let centre = described.units.iter_mut().find(|unit| unit.id == "centre").unwrap();
        centre.hours = "mon-fri 09:00-18:00".into();
        let now = |text: &str| text.parse::<WallTime>().unwrap();
        let at = |text: &str| order(&described, Some("gate"), now(text));
        let begins = Some(now("2026-11-23T00:00:00Z"));
        assert_eq!(at("2026-11-22T12:00:00Z"), Order::OutsideHours { until: begins });
        let Order::Record(terms) = at("2026-11-23T00:00:00Z") else { panic!("it is open") };
        assert_eq!(terms.until, Some(now("2026-11-23T09:00:00Z")));
        // Hours that nobody can read are none.
        described.units.iter_mut().for_each(|unit| unit.hours = "now and then".into());
        let never = order(&described, Some("gate"), now("2026-11-23T00:00:00Z"));
        assert_eq!(never, Order::OutsideHours { until: None });
    }
}
