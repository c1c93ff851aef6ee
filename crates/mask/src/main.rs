//! `jikim-mask`: covers the people in a clip, so that it can leave the house.
//!
//! Two passes over the clip. The first finds people and faces in small pictures and follows them; the
//! second covers them in the whole pictures. Decoder, detector and encoder each run in a cage
//! (`jikim-cage`); only pictures and boxes come out. docs/design/mask.md has the invariants.

mod answer;
mod arguments;
mod caged;
mod clip;
mod cover;
mod detect;
mod detector;
mod edits;
mod geometry;
mod guard;
mod listen;
mod mark;
mod motion;
mod net;
mod pipeline;
mod places;
mod progress;
mod report;
mod scratch;
mod times;
mod track;
mod work;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};

/// What went wrong, as one sentence that says what to do.
type Told<T> = Result<T, String>;

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Cover(cover) => pipeline::cover(&cover),
        Command::Listen(asked) => listen::listen(&asked).map_err(|error| error.to_string()),
        Command::Detect(asked) => detect::detect(&asked),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            // Whoever reads this may be gone; the exit code says the same.
            let _ = writeln!(std::io::stderr(), "jikim-mask: {sentence}");
            ExitCode::FAILURE
        }
    }
}
