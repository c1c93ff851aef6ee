//! What an agency says of itself on the form: its name, its counter, the places that it films.

use serde::Deserialize;

/// Bytes of the longest file.
pub const LONGEST_SETTINGS: usize = 256 << 10;
/// Places on one form.
const MOST_PLACES: usize = 200;
/// Characters of the longest line.
const LONGEST_LINE: usize = 200;

/// The file (docs/guide/front.md).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The agency.
    pub agency: Text,
    /// Where its counter is, and when it is open.
    pub counter: Text,
    /// The counter's telephone number.
    pub telephone: String,
    /// The places that are filmed.
    pub place: Vec<Place>,
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Korean.
    pub ko: String,
    /// English.
    pub en: String,
}

/// A place that a camera films.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Korean.
    pub ko: String,
    /// English.
    pub en: String,
    /// The camera's name or id at the recorder.
    pub camera: String,
}

/// What is wrong with the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// It cannot be read as settings.
    #[error("line {line}: {what}")]
    Format {
        /// Which line.
        line: usize,
        /// What the reader says.
        what: String,
    },
    /// There is no place, or too many, or one camera twice.
    #[error("write 1 to {MOST_PLACES} [[place]], each camera once")]
    Places,
    /// A line is empty or too long.
    #[error("each text is one line of 1 to {LONGEST_LINE} characters")]
    Line,
}

impl Settings {
    /// Reads the text of the file.
    ///
    /// # Errors
    /// See [`SettingsError`].
    pub fn read(text: &str) -> Result<Self, SettingsError> {
        let settings: Self = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            let line = text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
            SettingsError::Format { line, what: error.message().to_owned() }
        })?;
        let Self { agency, counter, telephone, place } = &settings;
        let mut lines = vec![&agency.ko, &agency.en, &counter.ko, &counter.en, telephone];
        lines.extend(place.iter().flat_map(|place| [&place.ko, &place.en, &place.camera]));
        let is_line = |line: &&String| {
            (1..=LONGEST_LINE).contains(&line.trim().chars().count())
                && !line.chars().any(char::is_control)
        };
        if !lines.iter().all(is_line) {
            return Err(SettingsError::Line);
        }
        let cameras: std::collections::BTreeSet<_> = place.iter().map(|it| &it.camera).collect();
        if place.is_empty() || place.len() > MOST_PLACES || cameras.len() != place.len() {
            return Err(SettingsError::Places);
        }
        Ok(settings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = include_str!("../../../samples/front/front.toml");

    #[test]
    fn the_sample_is_read_and_each_mistake_is_told() {
        let read = Settings::read(SAMPLE).unwrap();
        assert_eq!(read.place[0].camera, "정문");
        let unknown = SAMPLE.replacen("telephone =", "telefone =", 1);
        assert!(matches!(Settings::read(&unknown), Err(SettingsError::Format { .. })));
        let empty = SAMPLE.replacen("\"02-000-0000\"", "\" \"", 1);
        assert_eq!(Settings::read(&empty), Err(SettingsError::Line));
        let twice = SAMPLE.replace("\"주차장\"", "\"정문\"");
        assert_eq!(Settings::read(&twice), Err(SettingsError::Places));
    }
}
