//! One neural net that finds one kind of thing: `image` in, `boxes` and `scores` out
//! (docs/formats/boxes.md).

use std::path::Path;

use ort::environment::Environment;
use ort::session::Session;
use ort::session::builder::GraphOptimizationLevel;
use ort::value::TensorRef;

use crate::Told;
use crate::geometry::{Box2, Found, Kind, surest};

/// The most boxes that a net may answer with.
const MOST_BOXES: usize = 200_000;

/// The largest side of the picture that a net takes.
const LARGEST_SIDE: i64 = 4096;

/// A picture of bytes: red, green, blue, row by row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Picture<'a> {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) bytes: &'a [u8],
}

/// A loaded net and the room for its input.
pub(crate) struct Net {
    session: Session,
    kind: Kind,
    width: usize,
    height: usize,
    input: Vec<f32>,
    columns: Vec<(usize, usize, f32)>,
}

impl Net {
    /// Loads it, and looks that it takes and gives what it must.
    pub(crate) fn load(
        library: &Environment,
        file: &Path,
        kind: Kind,
        threads: usize,
    ) -> Told<Self> {
        let told = |error: String| format!("the model {} cannot be used: {error}", file.display());
        let build = || -> Result<Session, String> {
            let text = |error: &dyn std::fmt::Display| error.to_string();
            Session::builder(library)
                .map_err(|error| text(&error))?
                .with_optimization_level(GraphOptimizationLevel::Level3)
                .map_err(|error| text(&error))?
                .with_intra_threads(threads)
                .map_err(|error| text(&error))?
                // Threads that wait by turning would take the processor from decoder and encoder.
                .with_config_entry("session.intra_op.allow_spinning", "0")
                .map_err(|error| text(&error))?
                .commit_from_file(file)
                .map_err(|error| text(&error))
        };
        let session = build().map_err(told)?;
        let shape = session.inputs().first().and_then(|input| input.dtype().tensor_shape());
        let shape = shape.map(|shape| shape.to_vec()).unwrap_or_default();
        let [1, 3, height, width] = shape[..] else {
            return Err(told(format!("its input is {shape:?} and not [1, 3, height, width]")));
        };
        if !(1..=LARGEST_SIDE).contains(&height) || !(1..=LARGEST_SIDE).contains(&width) {
            return Err(told(format!("its picture is {width} x {height}")));
        }
        let names: Vec<&str> = session.outputs().iter().map(ort::value::Outlet::name).collect();
        if !names.contains(&"boxes") || !names.contains(&"scores") {
            return Err(told(format!("it gives {names:?} and not boxes and scores")));
        }
        let (height, width) = (height.unsigned_abs() as usize, width.unsigned_abs() as usize);
        let input = vec![0.0; 3 * height * width];
        Ok(Self { session, kind, width, height, input, columns: Vec::new() })
    }

    /// What it finds in a part of a picture, in parts of the whole picture, from `least` on.
    pub(crate) fn find(
        &mut self,
        picture: Picture<'_>,
        part: Box2,
        least: f32,
    ) -> Told<Vec<Found>> {
        self.fill(picture, part);
        let shape = [1, 3, self.height, self.width];
        let told = |error: ort::Error| format!("the detector failed: {error}");
        let image = TensorRef::from_array_view((shape, &self.input[..])).map_err(told)?;
        let name = self.session.inputs()[0].name().to_owned();
        let answer = self.session.run(ort::inputs![name => image]).map_err(told)?;
        let (_, boxes) = answer["boxes"].try_extract_tensor::<f32>().map_err(told)?;
        let (_, scores) = answer["scores"].try_extract_tensor::<f32>().map_err(told)?;
        if scores.len() > MOST_BOXES || boxes.len() != scores.len() * 4 {
            return Err(format!("a model gave {} boxes, {} scores", boxes.len() / 4, scores.len()));
        }
        let mut found = Vec::new();
        for (place, score) in boxes.chunks_exact(4).zip(scores) {
            if *score >= least && place.iter().all(|value| value.is_finite()) {
                let (wide, high) = (part.width(), part.height());
                let place = Box2 {
                    left: part.left + place[0] * wide,
                    top: part.top + place[1] * high,
                    right: part.left + place[2] * wide,
                    bottom: part.top + place[3] * high,
                };
                found.push(Found { kind: self.kind, score: *score, place: place.within() });
            }
        }
        Ok(surest(found, 0.5))
    }

    /// The part, at the net's size: between the four nearest pixels.
    fn fill(&mut self, picture: Picture<'_>, part: Box2) {
        let (wide, high) = (picture.width as f32, picture.height as f32);
        let step = part.width() * wide / self.width as f32;
        self.columns.clear();
        for x in 0..self.width {
            self.columns.push(between(part.left * wide + (x as f32 + 0.5) * step, picture.width));
        }
        let step = part.height() * high / self.height as f32;
        let plane = self.width * self.height;
        for y in 0..self.height {
            let at = part.top * high + (y as f32 + 0.5) * step;
            let (above, below, low) = between(at, picture.height);
            let above = &picture.bytes[above * picture.width * 3..][..picture.width * 3];
            let below = &picture.bytes[below * picture.width * 3..][..picture.width * 3];
            for (x, (first, second, right)) in self.columns.iter().copied().enumerate() {
                for colour in 0..3 {
                    let mix = |row: &[u8]| {
                        let left = f32::from(row[first * 3 + colour]);
                        left + (f32::from(row[second * 3 + colour]) - left) * right
                    };
                    let (upper, lower) = (mix(above), mix(below));
                    self.input[colour * plane + y * self.width + x] = upper + (lower - upper) * low;
                }
            }
        }
    }
}

/// The two pixels between whose middles a place lies, and how near it is to the second.
fn between(at: f32, count: usize) -> (usize, usize, f32) {
    let at = (at - 0.5).clamp(0.0, (count - 1) as f32);
    let first = at as usize;
    (first, (first + 1).min(count - 1), at - first as f32)
}
