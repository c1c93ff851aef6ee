//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use serde::Deserialize;

/// Covers the people in a clip, with decoder, detector and encoder in cages.
#[derive(Debug, Parser)]
#[command(name = "jikim-mask", version, about)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Cover the people in a clip.
    Cover(CoverArguments),
    /// Cover clips for the recorder, which asks at a Unix socket.
    Listen(ListenArguments),
    /// Find people and faces in raw pictures; started by `cover`, in a cage.
    #[command(hide = true)]
    Detect(DetectArguments),
}

#[derive(Debug, Args)]
pub(crate) struct CoverArguments {
    /// The clip.
    #[arg(long = "in", value_name = "FILE")]
    pub(crate) input: PathBuf,
    /// Where the covered clip is written (MP4, H.264, no sound).
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Where the boxes are written; else beside the covered clip, as NAME.boxes.json.
    #[arg(long, value_name = "FILE")]
    pub(crate) boxes: Option<PathBuf>,
    /// A track, by its number in the boxes file, that stays to be seen; can be given several times.
    #[arg(long, value_name = "N")]
    pub(crate) keep_subject: Vec<u32>,
    /// Who stays to be seen and when, and areas drawn by hand (docs/formats/boxes.md).
    #[arg(long, value_name = "FILE")]
    pub(crate) edits: Option<PathBuf>,
    /// A visible mark in every picture: digits, dashes, blanks and the letters of JIKIM, R and D.
    #[arg(long, value_name = "TEXT")]
    pub(crate) mark: Option<String>,
    /// How people are covered.
    #[arg(long, value_enum, default_value_t = Style::Mosaic)]
    pub(crate) style: Style,
    /// Say it as JSON, for scripts.
    #[arg(long)]
    pub(crate) json: bool,
    /// For `listen`, which starts it so: tell how far it is, and end when what it reads from ends.
    #[arg(long, hide = true)]
    pub(crate) progress: bool,
    #[command(flatten)]
    pub(crate) finding: Finding,
}

#[derive(Debug, Args)]
pub(crate) struct ListenArguments {
    /// Where the socket is made; its owner and its group may ask.
    #[arg(long, value_name = "PATH")]
    pub(crate) socket: PathBuf,
    /// A folder in memory (tmpfs or ramfs), else $XDG_RUNTIME_DIR or /dev/shm.
    #[arg(long, value_name = "DIR")]
    pub(crate) scratch: Option<PathBuf>,
    /// How long one clip may take; else ten minutes, and one second for each 32 KiB.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=604_800))]
    pub(crate) most_seconds: Option<u64>,
    #[command(flatten)]
    pub(crate) finding: Finding,
}

/// How people and faces are found.
#[derive(Debug, Clone, Args)]
pub(crate) struct Finding {
    /// A detector of people of your own (docs/formats/boxes.md).
    #[arg(long, value_name = "ONNX")]
    pub(crate) person_model: Option<PathBuf>,
    /// A detector of faces of your own.
    #[arg(long, value_name = "ONNX")]
    pub(crate) face_model: Option<PathBuf>,
    /// How sure the detector of people must be, from 0 to 1: lower covers more.
    #[arg(long, value_name = "SCORE", default_value_t = 0.3)]
    pub(crate) person_score: f32,
    /// How sure the detector of faces must be.
    #[arg(long, value_name = "SCORE", default_value_t = 0.3)]
    pub(crate) face_score: f32,
    /// Look at every so many frames, else about three times a second; between them people are followed.
    #[arg(long, value_name = "FRAMES", value_parser = clap::value_parser!(u32).range(1..=30))]
    pub(crate) every: Option<u32>,
}

impl Finding {
    /// The same, as this program is told it.
    pub(crate) fn words(&self) -> Vec<OsString> {
        let mut words: Vec<OsString> = Vec::new();
        let mut add = |name: &str, value: OsString| words.extend([name.into(), value]);
        for (name, model) in
            [("--person-model", &self.person_model), ("--face-model", &self.face_model)]
        {
            if let Some(model) = model {
                add(name, model.into());
            }
        }
        add("--person-score", self.person_score.to_string().into());
        add("--face-score", self.face_score.to_string().into());
        if let Some(every) = self.every {
            add("--every", every.to_string().into());
        }
        words
    }
}

/// How a person is covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Style {
    /// Coarse squares of one colour each.
    Mosaic,
    /// Grey, nothing else.
    Solid,
}

#[derive(Debug, Args)]
pub(crate) struct DetectArguments {
    /// The library of ONNX Runtime.
    #[arg(long)]
    pub(crate) library: PathBuf,
    /// The detector of people.
    #[arg(long)]
    pub(crate) person: PathBuf,
    /// The detector of faces.
    #[arg(long)]
    pub(crate) face: PathBuf,
    /// How wide the pictures are.
    #[arg(long)]
    pub(crate) width: usize,
    /// How high they are.
    #[arg(long)]
    pub(crate) height: usize,
    /// The lowest score of a person that is told.
    #[arg(long)]
    pub(crate) person_score: f32,
    /// The lowest score of a face that is told.
    #[arg(long)]
    pub(crate) face_score: f32,
    /// Every how many pictures is looked at.
    #[arg(long)]
    pub(crate) every: u32,
    /// How many threads compute.
    #[arg(long)]
    pub(crate) threads: usize,
}
