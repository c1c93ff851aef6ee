//! Which squares of a frame are covered, and the covering: nothing of what lay there is left but one colour
//! for a square that is larger than a face is wide, in sixteen steps.

use crate::arguments::Style;
use crate::geometry::Box2;
use crate::motion::Grid;

/// How many squares that move together are too many to be chance.
const LEAST_SQUARES: usize = 3;

/// How many squares of the mosaic there are from top to bottom.
const MOSAIC_ROWS: usize = 20;

/// The squares of one frame.
#[derive(Debug)]
pub(crate) struct Cover {
    grid: Grid,
    width: usize,
    height: usize,
    covered: Vec<bool>,
    explained: Vec<bool>,
    seen: Vec<bool>,
}

impl Cover {
    pub(crate) fn new(grid: Grid, width: usize, height: usize) -> Self {
        let none = vec![false; grid.squares()];
        Self { grid, width, height, covered: none.clone(), explained: none.clone(), seen: none }
    }

    pub(crate) fn clear(&mut self) {
        self.covered.fill(false);
        self.explained.fill(false);
    }

    /// Covers a box.
    pub(crate) fn add(&mut self, place: Box2) {
        self.set(place, true);
    }

    /// Covers what lies beside a box, but for the squares that lie whole in one of these.
    pub(crate) fn add_beside(&mut self, grown: Box2, spared: &[Box2]) {
        if spared.iter().all(|one| one.shared(grown) == 0.0) {
            return self.set(grown, true);
        }
        let side = self.grid.side;
        let (wide, high) = (self.width as f32, self.height as f32);
        for row in Grid::reach(grown.top, grown.bottom, self.height, side) {
            for column in Grid::reach(grown.left, grown.right, self.width, side) {
                let square = Box2 {
                    left: (column * side) as f32 / wide,
                    top: (row * side) as f32 / high,
                    right: ((column + 1) * side) as f32 / wide,
                    bottom: ((row + 1) * side) as f32 / high,
                };
                let index = row * self.grid.columns + column;
                self.explained[index] = true;
                self.covered[index] |= !spared.iter().any(|one| one.holds(square));
            }
        }
    }

    /// Leaves a box as it is, where nothing else covers it: what moves there is explained.
    pub(crate) fn explain(&mut self, place: Box2) {
        self.set(place, false);
    }

    fn set(&mut self, place: Box2, cover: bool) {
        let side = self.grid.side;
        for row in Grid::reach(place.top, place.bottom, self.height, side) {
            for column in Grid::reach(place.left, place.right, self.width, side) {
                let index = row * self.grid.columns + column;
                self.explained[index] = true;
                self.covered[index] |= cover;
            }
        }
    }

    /// Covers what moves and is explained by nothing, and a square around it. Gives the boxes.
    pub(crate) fn add_unexplained(&mut self, moves: &[bool]) -> Vec<Box2> {
        let Grid { columns, rows, .. } = self.grid;
        let mut boxes = Vec::new();
        self.seen.fill(false);
        let mut heap = Vec::new();
        for start in 0..moves.len() {
            if !moves[start] || self.explained[start] || self.seen[start] {
                continue;
            }
            let mut part = Vec::new();
            self.seen[start] = true;
            heap.push(start);
            while let Some(index) = heap.pop() {
                part.push(index);
                around(index, columns, rows, |near| {
                    if moves[near] && !self.explained[near] && !self.seen[near] {
                        self.seen[near] = true;
                        heap.push(near);
                    }
                });
            }
            if part.len() >= LEAST_SQUARES {
                boxes.push(self.bounds(&part));
                for index in part {
                    around(index, columns, rows, |near| self.covered[near] = true);
                }
            }
        }
        boxes
    }

    fn bounds(&self, part: &[usize]) -> Box2 {
        let Grid { side, columns, .. } = self.grid;
        let edge = |value: Option<usize>| value.unwrap_or(0);
        let xs = || part.iter().map(|index| index % columns);
        let ys = || part.iter().map(|index| index / columns);
        let (wide, high) = (self.width as f32, self.height as f32);
        let whole = Box2 {
            left: (edge(xs().min()) * side) as f32 / wide,
            top: (edge(ys().min()) * side) as f32 / high,
            right: ((edge(xs().max()) + 1) * side) as f32 / wide,
            bottom: ((edge(ys().max()) + 1) * side) as f32 / high,
        };
        whole.within()
    }

    /// How many squares are covered.
    pub(crate) fn count(&self) -> usize {
        self.covered.iter().filter(|covered| **covered).count()
    }

    /// Covers them in a picture of three planes, brightness and two of colour at half the size.
    pub(crate) fn paint(&self, picture: &mut [u8], style: Style) {
        let luma = self.width * self.height;
        let (bright, colours) = picture.split_at_mut(luma);
        let half = luma / 4;
        let (blue, red) = colours.split_at_mut(half);
        self.paint_plane(bright, 1, style, 110);
        self.paint_plane(blue, 2, style, 128);
        self.paint_plane(red, 2, style, 128);
    }

    fn paint_plane(&self, plane: &mut [u8], scale: usize, style: Style, grey: u8) {
        let (width, height) = (self.width / scale, self.height / scale);
        let side = self.grid.side / scale;
        // A whole number of squares, so that a square has one colour.
        let times = self.height.div_ceil(MOSAIC_ROWS * self.grid.side).max(2);
        let (across, down) = (self.grid.columns.div_ceil(times), self.grid.rows.div_ceil(times));
        for row in 0..down {
            for column in 0..across {
                let squares = |at: usize, most: usize| at * times..((at + 1) * times).min(most);
                let any = squares(row, self.grid.rows).any(|y| {
                    let line = &self.covered[y * self.grid.columns..][..self.grid.columns];
                    line[squares(column, self.grid.columns)].iter().any(|covered| *covered)
                });
                if !any {
                    continue;
                }
                let colour = match style {
                    Style::Solid => grey,
                    Style::Mosaic => {
                        let xs = column * times * side..((column + 1) * times * side).min(width);
                        let ys = row * times * side..((row + 1) * times * side).min(height);
                        mean(plane, width, xs, ys)
                    }
                };
                for y in squares(row, self.grid.rows) {
                    for x in squares(column, self.grid.columns) {
                        if self.covered[y * self.grid.columns + x] {
                            let xs = x * side..((x + 1) * side).min(width);
                            for line in y * side..((y + 1) * side).min(height) {
                                plane[line * width..][xs.clone()].fill(colour);
                            }
                        }
                    }
                }
            }
        }
    }
}

fn around(index: usize, columns: usize, rows: usize, mut each: impl FnMut(usize)) {
    let (x, y) = (index % columns, index / columns);
    for row in y.saturating_sub(1)..(y + 2).min(rows) {
        for column in x.saturating_sub(1)..(x + 2).min(columns) {
            each(row * columns + column);
        }
    }
}

/// The mean of a part of a plane, in sixteen steps: a mean that shifts by little over many frames would
/// otherwise tell more than one picture does.
fn mean(plane: &[u8], width: usize, xs: std::ops::Range<usize>, ys: std::ops::Range<usize>) -> u8 {
    let count = xs.len() * ys.len();
    let lines = ys.map(|y| &plane[y * width..][xs.clone()]);
    let sum: usize = lines.flatten().map(|value| usize::from(*value)).sum();
    let mean = sum / count.max(1);
    u8::try_from(mean & 0xF0 | 8).unwrap_or(128)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDE: usize = 320;
    const HIGH: usize = 160;

    fn noise(seed: u32) -> Vec<u8> {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8 / 16 + 100
        };
        (0..WIDE * HIGH * 3 / 2).map(|_| next()).collect()
    }

    fn cover(place: Box2) -> Cover {
        let mut cover = Cover::new(Grid::over(WIDE, HIGH), WIDE, HIGH);
        cover.add(place);
        cover
    }

    const PLACE: Box2 = Box2 { left: 0.3, top: 0.3, right: 0.6, bottom: 0.8 };

    /// Two pictures with other details become the same where they are covered, and stay different elsewhere.
    #[test]
    fn what_lay_under_the_cover_does_not_matter() {
        for style in [Style::Mosaic, Style::Solid] {
            let (mut one, mut other) = (noise(1), noise(2));
            cover(PLACE).paint(&mut one, style);
            cover(PLACE).paint(&mut other, style);
            let inside = |picture: &[u8]| picture[80 * WIDE + 100..80 * WIDE + 180].to_vec();
            assert_eq!(inside(&one), inside(&other), "{style:?}");
            assert_ne!(one[..WIDE], other[..WIDE], "the control: the rest differs");
            assert_eq!(one[..WIDE], noise(1)[..WIDE], "what is not covered stays");
        }
    }

    #[test]
    fn what_moves_and_nobody_explains_is_covered() {
        let grid = Grid::over(WIDE, HIGH);
        let mut moves = vec![false; grid.squares()];
        for row in 5..9 {
            moves[row * grid.columns + 20..row * grid.columns + 23].fill(true);
        }
        let mut free = Cover::new(grid, WIDE, HIGH);
        assert_eq!(free.add_unexplained(&moves).len(), 1);
        assert!(free.count() >= 12);
        let mut kept = Cover::new(grid, WIDE, HIGH);
        kept.explain(Box2 { left: 0.4, top: 0.1, right: 0.7, bottom: 0.9 });
        assert!(kept.add_unexplained(&moves).is_empty());
        assert_eq!(kept.count(), 0);
    }

    #[test]
    fn a_margin_hides_nobody_who_is_kept_and_a_box_does() {
        let grid = Grid::over(WIDE, HIGH);
        let other = Box2 { left: 0.55, right: 0.75, ..PLACE };
        let grown = other.grown(0.5, 0.0);
        let count_in = |spared: &[Box2]| {
            let mut cover = Cover::new(grid, WIDE, HIGH);
            cover.add(other);
            cover.add_beside(grown, spared);
            let at = |x: usize| cover.covered[10 * grid.columns + x / grid.side];
            (at(160), at(180), at(255))
        };
        assert_eq!(count_in(&[]), (true, true, true), "the control: nobody is kept");
        assert_eq!(
            count_in(&[PLACE]),
            (false, true, true),
            "margin, the other's box, margin elsewhere"
        );
    }

    #[test]
    fn who_is_kept_is_covered_where_another_is() {
        let mut both = Cover::new(Grid::over(WIDE, HIGH), WIDE, HIGH);
        both.explain(PLACE);
        let alone = both.count();
        both.add(Box2 { left: 0.5, ..PLACE });
        assert!(alone == 0 && both.count() > 0);
    }
}
