//! Companions: lists of keys' commitments that are too long for an entry.

use domain::{BucketId, WallTime};
use tlog::{Frontier, leaf_hash};

use super::head::unreadable;
use crate::entry::CompanionName;
use crate::source::{MAX_COMPANION_BYTES, Source};
use crate::{Report, Word, from_hex, sha256, to_hex};

/// A line of such a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyLine {
    /// The bucket.
    pub bucket: BucketId,
    /// The minute, counted from 1970, if the key is that of a minute that outlives its bucket.
    pub minute: Option<i64>,
    /// SHA-256 of its key.
    pub sha256: [u8; 32],
}

/// What a line says of a bucket beside its key; older ones say nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// The first moment of its time.
    pub start: WallTime,
    /// The first moment after it.
    pub end: WallTime,
    /// By when it is destroyed.
    pub expires_at: WallTime,
    /// The commitment to whose it is.
    pub tag: [u8; 32],
}

/// Reads the list of keys that an entry names and holds it against its hash, its count and its root.
pub(super) fn read(
    source: &dyn Source,
    name: &CompanionName,
    report: &mut Report,
    each: &mut dyn FnMut(KeyLine, Option<About>),
) -> Option<Vec<KeyLine>> {
    let key = |line: &str| {
        let (key, about) = parse_line(line).ok_or("a line of it is not a key's name and a hash")?;
        each(key, about);
        Ok(key)
    };
    read_lines(source, name, report, key)
}

/// The same with a list of anything, of which nothing is asked but that it is the one.
pub(super) fn look(source: &dyn Source, name: &CompanionName, report: &mut Report) {
    let _: Option<Vec<()>> = read_lines(source, name, report, |_| Ok(()));
}

fn read_lines<T>(
    source: &dyn Source,
    name: &CompanionName,
    report: &mut Report,
    take: impl FnMut(&str) -> Result<T, &'static str>,
) -> Option<Vec<T>> {
    let place = format!("companion/{}", to_hex(&name.sha256));
    let bytes = match source.read(&place, MAX_COMPANION_BYTES) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => {
            report.find(Word::CompanionMissing, place, "");
            return None;
        }
        Err(error) => {
            unreadable(&place, &error, report);
            return None;
        }
    };
    match parse(&bytes, name, take) {
        Ok(lines) => Some(lines),
        Err(wrong) => {
            report.find(Word::CompanionDamaged, place, wrong);
            None
        }
    }
}

fn parse<T>(
    bytes: &[u8],
    name: &CompanionName,
    mut take: impl FnMut(&str) -> Result<T, &'static str>,
) -> Result<Vec<T>, &'static str> {
    if sha256(bytes) != name.sha256 {
        return Err("its bytes hash to something else");
    }
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not text")?;
    let mut frontier = Frontier::new();
    let mut lines = Vec::new();
    for line in text.split_terminator('\n') {
        frontier.push(leaf_hash(line.as_bytes()));
        lines.push(take(line)?);
    }
    if lines.len() as u64 != name.count {
        return Err("it has not as many lines as the entry says");
    }
    if frontier.root().0 != name.root {
        return Err("its lines have another root than the entry says");
    }
    Ok(lines)
}

/// `<bucket id> <hash>`, older, or with times and a tag; or `<bucket id>/<minute> <hash>`.
fn parse_line(line: &str) -> Option<(KeyLine, Option<About>)> {
    let mut words = line.split(' ');
    let (name, sha256) = (words.next()?, from_hex(words.next()?)?);
    let (bucket, minute) = match name.split_once('/') {
        // Written in one way alone, or one key could stand in a list twice.
        Some((bucket, minute)) => (bucket, Some(number(minute).filter(|number| *number >= 0)?)),
        None => (name, None),
    };
    let key = KeyLine { bucket: bucket.parse().ok()?, minute, sha256 };
    let about = match words.next() {
        Some(_) if minute.is_some() => return None,
        Some(start) => Some(About {
            start: WallTime::from_micros(number(start)?),
            end: WallTime::from_micros(number(words.next()?)?),
            expires_at: WallTime::from_micros(number(words.next()?)?),
            tag: from_hex(words.next()?)?,
        }),
        None => None,
    };
    words.next().is_none().then_some((key, about))
}

fn number(text: &str) -> Option<i64> {
    let number: i64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_of_a_bucket_or_of_one_of_its_minutes() {
        let (bucket, hash) = ("0b7e7f0c-91a4-4f3a-8a52-6d1c5e9b7d41", "ab".repeat(32));
        let read = |name: &str| parse_line(&format!("{name} {hash}")).map(|line| line.0.minute);
        assert_eq!(read(bucket), Some(None));
        assert_eq!(read(&format!("{bucket}/29400123")), Some(Some(29_400_123)));
        for wrong in
            ["/7", "7", &format!("{bucket}/"), &format!("{bucket}/07"), &format!("{bucket}/-1")]
        {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        let tail = |tail: &str| parse_line(&format!("{bucket} {hash}{tail}")).map(|line| line.1);
        let about = tail(&format!(" 1 2 3 {hash}")).unwrap().unwrap();
        assert_eq!((about.start.as_micros(), about.expires_at.as_micros()), (1, 3));
        for wrong in [" ", " 1 2 3", &format!(" 1 2 03 {hash}"), &format!(" 1 2 3 {hash} ")] {
            assert_eq!(tail(wrong), None, "{wrong}");
        }
        assert_eq!(parse_line(&format!("{bucket}/7 {hash} 1 2 3 {hash}")), None);
    }
}
