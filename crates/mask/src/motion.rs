//! What moves, by the brightness of small squares against how they look when nothing moves.
//!
//! It knows nothing of people: where something moves that no track explains, it is covered.

/// How fast the background follows what stays still, by frame.
const LEARN: f32 = 1.0 / 32.0;

/// How fast it takes over what moves: something set down belongs to it after a minute or so.
const TAKE_OVER: f32 = 1.0 / 512.0;

/// How much brighter or darker (of 255) a square is at least, when it moves.
const LEAST: f32 = 9.0;

/// How many times its usual flicker.
const FLICKERS: f32 = 4.0;

/// How many squares of the nine around one move, when it is no noise.
const NEIGHBOURS: usize = 4;

/// Squares over a picture, row by row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Grid {
    /// The side of a square in pixels; even.
    pub(crate) side: usize,
    pub(crate) columns: usize,
    pub(crate) rows: usize,
}

impl Grid {
    /// About 120 squares across.
    pub(crate) fn over(width: usize, height: usize) -> Self {
        let side = if width > 1280 { 16 } else { 8 };
        Self { side, columns: width.div_ceil(side), rows: height.div_ceil(side) }
    }

    pub(crate) fn squares(self) -> usize {
        self.columns * self.rows
    }

    /// The squares from and to which (exclusive) a stretch reaches that begins and ends in parts of `count`.
    pub(crate) fn reach(from: f32, to: f32, length: usize, side: usize) -> std::ops::Range<usize> {
        let first = (from * length as f32 / side as f32).floor().max(0.0) as usize;
        let last = (to * length as f32 / side as f32).ceil().max(0.0) as usize;
        first..last.min(length.div_ceil(side))
    }
}

/// How the picture looks when nothing moves.
#[derive(Debug)]
pub(crate) struct Background {
    grid: Grid,
    width: usize,
    height: usize,
    usual: Vec<f32>,
    flicker: Vec<f32>,
    now: Vec<u32>,
    moving: Vec<bool>,
    begun: bool,
}

impl Background {
    pub(crate) fn new(grid: Grid, width: usize, height: usize) -> Self {
        let squares = grid.squares();
        Self {
            grid,
            width,
            height,
            usual: vec![0.0; squares],
            flicker: vec![3.0; squares],
            now: vec![0; squares],
            moving: vec![false; squares],
            begun: false,
        }
    }

    /// Looks at the brightness of the next picture; `calm` is filled with the squares that move.
    pub(crate) fn see(&mut self, luma: &[u8], moves: &mut [bool]) {
        self.average(luma);
        if !self.begun {
            self.begun = true;
            for (usual, now) in self.usual.iter_mut().zip(&self.now) {
                *usual = *now as f32 / 256.0;
            }
        }
        for (index, now) in self.now.iter().enumerate() {
            let (usual, flicker) = (&mut self.usual[index], &mut self.flicker[index]);
            let change = *now as f32 / 256.0 - *usual;
            let away = change.abs();
            let moving = away > LEAST.max(FLICKERS * *flicker);
            self.moving[index] = moving;
            *usual += change * if moving { TAKE_OVER } else { LEARN };
            if !moving {
                *flicker += (away - *flicker) * LEARN;
            }
        }
        self.without_noise(moves);
    }

    /// The mean brightness of each square, times 256.
    fn average(&mut self, luma: &[u8]) {
        let Grid { side, columns, .. } = self.grid;
        self.now.fill(0);
        for (y, row) in luma.chunks_exact(self.width).enumerate() {
            let sums = &mut self.now[y / side * columns..][..columns];
            for (sum, part) in sums.iter_mut().zip(row.chunks(side)) {
                *sum += part.iter().map(|value| u32::from(*value)).sum::<u32>();
            }
        }
        for (index, sum) in self.now.iter_mut().enumerate() {
            let wide = side.min(self.width - index % columns * side);
            let high = side.min(self.height - index / columns * side);
            *sum = *sum * 256 / (wide * high) as u32;
        }
    }

    fn without_noise(&self, moves: &mut [bool]) {
        let Grid { columns, rows, .. } = self.grid;
        for (index, moves) in moves.iter_mut().enumerate() {
            let (x, y) = (index % columns, index / columns);
            let mut count = 0;
            for row in y.saturating_sub(1)..(y + 2).min(rows) {
                let near = x.saturating_sub(1)..(x + 2).min(columns);
                count += self.moving[row * columns..][near].iter().filter(|one| **one).count();
            }
            *moves = count >= NEIGHBOURS;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(pictures: &[Vec<u8>]) -> Vec<bool> {
        let grid = Grid::over(160, 80);
        let mut background = Background::new(grid, 160, 80);
        let mut moves = vec![false; grid.squares()];
        for picture in pictures {
            background.see(picture, &mut moves);
        }
        moves
    }

    #[test]
    fn what_is_new_moves_and_what_stays_does_not() {
        let still = vec![100; 160 * 80];
        let mut other = still.clone();
        for y in 24..56 {
            other[y * 160 + 40..y * 160 + 80].fill(160);
        }
        assert!(seen(&[still.clone(), still.clone()]).iter().all(|moves| !moves));
        let moves = seen(&[still.clone(), other]);
        assert!(moves[4 * 20 + 7], "inside");
        assert!(!moves[4 * 20 + 15], "elsewhere");
    }

    #[test]
    fn a_picture_that_is_no_multiple_of_a_square_is_seen_to_its_edge() {
        let grid = Grid::over(100, 50);
        assert_eq!((grid.columns, grid.rows), (13, 7));
        let mut background = Background::new(grid, 100, 50);
        let mut moves = vec![true; grid.squares()];
        background.see(&vec![80; 5000], &mut moves);
        background.see(&vec![80; 5000], &mut moves);
        assert!(moves.iter().all(|moves| !moves));
    }
}
