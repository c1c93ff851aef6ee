//! The letters: NanumGothic, read from where Debian's `fonts-nanum` puts it or from a given folder.

use std::path::{Path, PathBuf};

use typst::foundations::Bytes;
use typst::text::Font;

/// Regular and bold, as they are called in every distribution.
const FILES: [&str; 2] = ["NanumGothic.ttf", "NanumGothicBold.ttf"];

/// Where systems keep them: Debian and Ubuntu, Fedora, Arch.
const PLACES: [&str; 4] = [
    "/usr/share/fonts/truetype/nanum",
    "/usr/share/fonts/naver-nanum",
    "/usr/share/fonts/TTF",
    "/usr/local/share/fonts",
];

/// No file of these fonts comes near.
const MAX_FONT_BYTES: u64 = 32 << 20;

/// Why no letters are there.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadFontsError {
    /// None of the places has them.
    #[error(
        "{} and {} are in none of {}: install fonts-nanum (Debian, Ubuntu), or name their folder with --fonts",
        FILES[0],
        FILES[1],
        list(.0)
    )]
    Missing(Vec<PathBuf>),
    /// A file cannot be read.
    #[error("the font {}: {source}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// The system says.
        source: std::io::Error,
    },
    /// A file is no font.
    #[error("{} is no font that can be used", .0.display())]
    NoFont(PathBuf),
}

fn list(places: &[PathBuf]) -> String {
    places.iter().map(|it| it.display().to_string()).collect::<Vec<_>>().join(", ")
}

/// Both fonts, of the folder or else of the system.
pub(crate) fn read(folder: Option<&Path>) -> Result<Vec<Font>, ReadFontsError> {
    let places: Vec<PathBuf> = match folder {
        Some(folder) => vec![folder.to_owned()],
        None => PLACES.iter().map(PathBuf::from).collect(),
    };
    let has_both = |place: &&PathBuf| FILES.iter().all(|file| place.join(file).is_file());
    let Some(place) = places.iter().find(has_both) else {
        return Err(ReadFontsError::Missing(places));
    };
    FILES.iter().map(|file| font(place.join(file))).collect()
}

fn font(path: PathBuf) -> Result<Font, ReadFontsError> {
    let failed = |source| ReadFontsError::Read { path: path.clone(), source };
    if std::fs::metadata(&path).map_err(failed)?.len() > MAX_FONT_BYTES {
        return Err(ReadFontsError::NoFont(path));
    }
    let bytes = std::fs::read(&path).map_err(failed)?;
    Font::new(Bytes::new(bytes), 0).ok_or(ReadFontsError::NoFont(path))
}
