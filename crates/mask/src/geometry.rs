//! Boxes in parts of the picture (0 to 1), and what two of them have in common.

/// A rectangle: left, top, right, bottom.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Box2 {
    pub(crate) left: f32,
    pub(crate) top: f32,
    pub(crate) right: f32,
    pub(crate) bottom: f32,
}

impl Box2 {
    pub(crate) fn width(self) -> f32 {
        (self.right - self.left).max(0.0)
    }

    pub(crate) fn height(self) -> f32 {
        (self.bottom - self.top).max(0.0)
    }

    pub(crate) fn area(self) -> f32 {
        self.width() * self.height()
    }

    pub(crate) fn centre(self) -> (f32, f32) {
        ((self.left + self.right) / 2.0, (self.top + self.bottom) / 2.0)
    }

    /// What both have.
    pub(crate) fn shared(self, other: Self) -> f32 {
        let wide = self.right.min(other.right) - self.left.max(other.left);
        let high = self.bottom.min(other.bottom) - self.top.max(other.top);
        wide.max(0.0) * high.max(0.0)
    }

    /// Whether all of another lies in it.
    pub(crate) fn holds(self, other: Self) -> bool {
        self.left <= other.left
            && self.top <= other.top
            && self.right >= other.right
            && self.bottom >= other.bottom
    }

    /// Shared area by the area of both together.
    pub(crate) fn overlap(self, other: Self) -> f32 {
        let shared = self.shared(other);
        shared / (self.area() + other.area() - shared).max(f32::EPSILON)
    }

    /// Wider by `wide` of its width and higher by `high` of its height on each side, within the picture.
    pub(crate) fn grown(self, wide: f32, high: f32) -> Self {
        let (dx, dy) = (self.width() * wide, self.height() * high);
        let grown = Self {
            left: self.left - dx,
            top: self.top - dy,
            right: self.right + dx,
            bottom: self.bottom + dy,
        };
        grown.within()
    }

    /// Cut to the picture.
    pub(crate) fn within(self) -> Self {
        Self {
            left: self.left.clamp(0.0, 1.0),
            top: self.top.clamp(0.0, 1.0),
            right: self.right.clamp(0.0, 1.0),
            bottom: self.bottom.clamp(0.0, 1.0),
        }
    }

    /// Between this and another, `part` of the way.
    pub(crate) fn toward(self, other: Self, part: f32) -> Self {
        let mix = |a: f32, b: f32| a + (b - a) * part;
        Self {
            left: mix(self.left, other.left),
            top: mix(self.top, other.top),
            right: mix(self.right, other.right),
            bottom: mix(self.bottom, other.bottom),
        }
    }

    /// Moved by so much.
    pub(crate) fn moved(self, dx: f32, dy: f32) -> Self {
        Self {
            left: self.left + dx,
            top: self.top + dy,
            right: self.right + dx,
            bottom: self.bottom + dy,
        }
    }
}

/// What a detector looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Person,
    Face,
}

/// One thing found in one picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Found {
    pub(crate) kind: Kind,
    pub(crate) score: f32,
    pub(crate) place: Box2,
}

/// Of things that overlap by more than `most`, or lie within one another, the surest.
pub(crate) fn surest(mut found: Vec<Found>, most: f32) -> Vec<Found> {
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut kept: Vec<Found> = Vec::new();
    for one in found {
        let doubled = |other: &Found| {
            let shared = one.place.shared(other.place);
            one.place.overlap(other.place) > most || shared > 0.85 * one.place.area()
        };
        if !kept.iter().any(doubled) {
            kept.push(one);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(left: f32, score: f32) -> Found {
        let place = Box2 { left, top: 0.0, right: left + 0.2, bottom: 0.5 };
        Found { kind: Kind::Person, score, place }
    }

    #[test]
    fn of_the_same_thing_the_surest_is_kept() {
        let kept = surest(vec![found(0.0, 0.5), found(0.01, 0.9), found(0.5, 0.4)], 0.5);
        assert_eq!(kept.iter().map(|one| one.score).collect::<Vec<_>>(), [0.9, 0.4]);
    }

    #[test]
    fn boxes_grow_within_the_picture() {
        let grown = Box2 { left: 0.0, top: 0.4, right: 0.2, bottom: 0.6 }.grown(0.5, 0.5);
        assert_eq!(grown.left, 0.0);
        assert!((grown.right - 0.3).abs() < 1e-6 && (grown.top - 0.3).abs() < 1e-6);
    }
}
