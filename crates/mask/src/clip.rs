//! What a clip is, asked of a caged ffprobe; and its pictures, from a caged ffmpeg.

use std::ffi::OsString;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{ChildStdout, Stdio};

use serde::Deserialize;

use crate::Told;
use crate::caged::{Cage, Caged};
use crate::places;
use crate::times::Times;

/// The kinds of file that are read. Lists of other files (playlists, concatenations) are not among them.
const FORMATS: &str = "mov,mp4,matroska,webm,avi,mpegts,mpeg,h264,hevc,mjpeg,asf,flv";

/// The largest side and the most pixels of a picture.
const LARGEST_SIDE: usize = 8192;
const MOST_PIXELS: usize = 4096 * 4096;

/// How much address space ffmpeg has. Much of it is its libraries.
const MEMORY_MIB: u64 = 2048;

/// How much ffprobe may say of a clip, and of the packets in it: 24 hours of 60 frames a second are less.
const ANSWER_BYTES: u64 = 1 << 20;
const PACKETS_BYTES: u64 = 96 << 20;

/// A clip on disk.
#[derive(Debug, Clone)]
pub(crate) struct Clip {
    path: PathBuf,
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// Frames per second, as ffmpeg writes it: a fraction.
    pub(crate) rate: String,
    /// How long it says it is, in seconds; only limits are taken from it.
    seconds: Option<f64>,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    streams: Vec<Stream>,
    format: Option<Format>,
}

#[derive(Deserialize)]
struct Stream {
    width: Option<usize>,
    height: Option<usize>,
    avg_frame_rate: Option<String>,
    r_frame_rate: Option<String>,
    #[serde(default)]
    side_data_list: Vec<SideData>,
}

#[derive(Deserialize)]
struct SideData {
    rotation: Option<f64>,
}

#[derive(Deserialize)]
struct Format {
    duration: Option<String>,
}

impl Clip {
    /// Asks what it is. A file that holds no video is an error that says so.
    pub(crate) fn open(path: &Path) -> Told<Self> {
        let path = path
            .canonicalize()
            .map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
        let no_video =
            |why: &str| format!("{} is no video that can be read: {why}", path.display());
        let answer = probe(&path).map_err(|error| no_video(&error))?;
        let stream = answer.streams.first().ok_or_else(|| no_video("there is no picture in it"))?;
        let (Some(mut width), Some(mut height)) = (stream.width, stream.height) else {
            return Err(no_video("its pictures have no size"));
        };
        if !(16..=LARGEST_SIDE).contains(&width)
            || !(16..=LARGEST_SIDE).contains(&height)
            || width * height > MOST_PIXELS
        {
            return Err(no_video(&format!("its pictures are {width} x {height}")));
        }
        let turned = stream.side_data_list.iter().find_map(|data| data.rotation);
        if turned.is_some_and(|degrees| (degrees.abs() - 90.0).abs() < 1.0 || degrees.abs() > 269.0)
        {
            std::mem::swap(&mut width, &mut height);
        }
        let rates = [&stream.avg_frame_rate, &stream.r_frame_rate];
        let rate = rates.into_iter().flatten().find(|rate| usable(rate));
        let seconds = answer.format.and_then(|format| format.duration?.parse::<f64>().ok());
        // The encoder wants even sides.
        let (width, height) = (width & !1, height & !1);
        let rate = rate.cloned().unwrap_or("25/1".to_owned());
        Ok(Self { rate, width, height, seconds, path })
    }

    /// Processor time that a pass may take: a hundred times the clip's own length, and ten minutes.
    pub(crate) fn cpu_s(&self) -> u64 {
        600 + (self.seconds.unwrap_or(86_400.0).clamp(0.0, 1e6) * 100.0) as u64
    }

    /// How many frames it has by what it says of itself; 0 where it says nothing. Only told, never relied on.
    pub(crate) fn about_frames(&self) -> u64 {
        let rate = self.rate.split_once('/').and_then(|(above, below)| {
            Some(above.parse::<f64>().ok()? / below.parse::<f64>().ok()?)
        });
        (self.seconds.unwrap_or(0.0).clamp(0.0, 1e6) * rate.unwrap_or(0.0)) as u64
    }

    /// When each of its frames is shown, as far as it says so.
    pub(crate) fn times(&self) -> Told<Option<Times>> {
        let asked = "packet=pts:stream=time_base -of default=noprint_wrappers=1";
        Ok(Times::read(&ask(&self.path, asked, PACKETS_BYTES, self.cpu_s())?))
    }

    /// The size at which it is looked at.
    pub(crate) fn small(&self) -> (usize, usize) {
        let width = self.width.min(960);
        (width & !1, ((self.height * width / self.width).max(2)) & !1)
    }

    /// Starts to decode: every frame once, in order, as raw pictures of one size.
    pub(crate) fn decode(&self, size: (usize, usize), format: &str, out: Stdio) -> Told<Caged> {
        let scale = format!("scale={}:{}:flags=bilinear", size.0, size.1);
        let mut arguments = words("-nostdin -v error -threads 2 -format_whitelist");
        arguments.extend(words(FORMATS));
        arguments.extend(words("-protocol_whitelist file -i"));
        arguments.push(url(&self.path));
        arguments.extend(words("-map 0:v:0 -fps_mode passthrough -vf"));
        arguments.push(scale.into());
        arguments.extend(words("-f rawvideo -pix_fmt"));
        arguments.extend(words(format));
        // Its output is a pipe and is named by its number, not opened.
        arguments.extend(words("pipe:1"));
        let cage = self.cage();
        cage.start("decoder", &places::installed("ffmpeg")?, &arguments, Stdio::null(), out)
    }

    fn cage(&self) -> Cage {
        let read = vec![self.path.clone()];
        Cage { read, write: None, memory_mib: MEMORY_MIB, cpu_s: self.cpu_s() }
    }
}

#[cfg(test)]
impl Clip {
    /// A clip that is nowhere, of this size.
    pub(crate) fn of_size(width: usize, height: usize) -> Self {
        Self { path: PathBuf::new(), width, height, rate: "25/1".into(), seconds: None }
    }
}

fn usable(rate: &str) -> bool {
    let value = rate
        .split_once('/')
        .and_then(|(above, below)| Some(above.parse::<f64>().ok()? / below.parse::<f64>().ok()?));
    value.is_some_and(|value| (0.1..=240.0).contains(&value))
}

/// The file as ffmpeg names it, so that no name is taken for an option or another protocol.
fn url(path: &Path) -> OsString {
    let mut url = OsString::from("file:");
    url.push(path);
    url
}

/// Arguments that hold no space.
pub(crate) fn words(text: &str) -> Vec<OsString> {
    text.split_whitespace().map(OsString::from).collect()
}

fn probe(path: &Path) -> Told<Answer> {
    let asked = "stream=width,height,avg_frame_rate,r_frame_rate:stream_side_data=rotation:format=duration -of json";
    let text = ask(path, asked, ANSWER_BYTES, 60)?;
    serde_json::from_str(&text).map_err(|error| format!("its description is broken: {error}"))
}

/// What a caged ffprobe answers of the first stream of pictures.
fn ask(path: &Path, entries: &str, most_bytes: u64, cpu_s: u64) -> Told<String> {
    let mut arguments = words("-v error -format_whitelist");
    arguments.extend(words(FORMATS));
    arguments.extend(words("-protocol_whitelist file -select_streams v:0 -show_entries"));
    arguments.extend(words(entries));
    arguments.extend(words("-i"));
    arguments.push(url(path));
    let cage = Cage { read: vec![path.to_owned()], write: None, memory_mib: MEMORY_MIB, cpu_s };
    let program = places::installed("ffprobe")?;
    let mut caged = cage.start("probe", &program, &arguments, Stdio::null(), Stdio::piped())?;
    let mut text = String::new();
    let output = caged.output()?;
    output.take(most_bytes).read_to_string(&mut text).map_err(|error| error.to_string())?;
    caged.finish()?;
    Ok(text)
}

/// Fills the buffer with the next picture. `false` at the end; half a picture is an error.
pub(crate) fn next_picture(stream: &mut ChildStdout, picture: &mut [u8]) -> Told<bool> {
    let mut filled = 0;
    while filled < picture.len() {
        match stream.read(&mut picture[filled..]) {
            Ok(0) if filled == 0 => return Ok(false),
            Ok(0) => return Err("the decoder stopped inside a picture".to_owned()),
            Ok(count) => filled += count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(format!("the decoder's pictures cannot be read: {error}")),
        }
    }
    Ok(true)
}
