//! Clips made by ffmpeg, and what is to be seen in them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub(crate) const WIDE: usize = 320;
pub(crate) const HIGH: usize = 240;

/// Grey, with a detailed picture that stays at the bottom and one that crosses at the top, leaves after
/// half a second and comes back.
pub(crate) const COMES_AND_GOES: &str = "color=gray:s=320x240:r=15:d=4[grey];\
    testsrc2=s=64x64:r=15:d=0.1[still];testsrc2=s=64x96:r=15:d=4[walks];\
    [grey][still]overlay=240:176[one];\
    [one][walks]overlay=x='40+50*t':y=20:enable='between(t,1,1.6)+between(t,3,3.6)'[out]";

pub(crate) fn mask(input: &Path, out: &Path, more: &[&str]) -> Command {
    let program = Path::new(env!("CARGO_BIN_EXE_jikim-mask"));
    assert!(program.with_file_name("jikim-cage").is_file(), "cargo build -p cage comes first");
    let mut command = Command::new(program);
    command.args(["cover", "--json", "--in"]).arg(input).arg("--out").arg(out).args(more);
    command
}

pub(crate) fn ffmpeg(arguments: &[&str]) -> Output {
    let output = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-y"])
        .args(arguments)
        .output()
        .expect("ffmpeg starts");
    assert!(output.status.success(), "{output:?}");
    output
}

pub(crate) fn clip(folder: &Path, name: &str, filter: &str, more: &[&str]) -> PathBuf {
    let path = folder.join(name);
    let mut all = vec!["-filter_complex", filter, "-map", "[out]"];
    all.extend(more);
    all.push(path.to_str().expect("UTF-8"));
    ffmpeg(&all);
    path
}

pub(crate) fn luma(path: &Path) -> Vec<Vec<u8>> {
    let path = path.to_str().expect("UTF-8");
    let form = ["-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "gray", "-"];
    let raw = ffmpeg(&[&["-i", path, "-s", "320x240"][..], &form[..]].concat()).stdout;
    raw.chunks(WIDE * HIGH).map(<[u8]>::to_vec).collect()
}

/// How much neighbouring pixels differ, on average: detail.
pub(crate) fn detail(picture: &[u8], left: usize, top: usize, wide: usize, high: usize) -> f64 {
    let rows = (top..top + high).map(|y| &picture[y * WIDE + left..][..wide]);
    let steps =
        rows.flat_map(|row| row.windows(2).map(|pair| u64::from(pair[0].abs_diff(pair[1]))));
    steps.sum::<u64>() as f64 / (high * (wide - 1)) as f64
}
