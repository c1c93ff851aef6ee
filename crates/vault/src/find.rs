//! Finding the reels at a start: what recording waits for, and what it does not wait for.
//!
//! Recording waits until it is known what is on which volume by name, and where the footage of each
//! feed ends; so it reads those reels alone that the ledger does not know (the ones that a crash
//! left) or that the catalog does not list. Everything else is done in a thread beside the
//! recording: verifying and closing what a crash left, entering and listing it, reading trailers,
//! unlinking what is due. Until that is done nothing is destroyed, and a player waits.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::{Feed, ReelId, WallTime};
use host::{File, FsError};
use reel::{FooterBuilder, FooterFeed, REEL_HEADER_BYTES, ReelHeader, Scanner, Verify};

use crate::check::{Fault, VaultReport, check_records, close_after_crash};
use crate::closed::ClosedReel;
use crate::index::{IndexError, footer_by_records, read_index, read_trailer};
use crate::notary::Notice;
use crate::open::Shared;
use crate::reels::ReelPlace;
use crate::rotate::unlink;
use crate::volume::Volume;

/// How much at the end of an open reel is not believed by its headers alone: more than is ever
/// written between two syncs.
const UNSYNCED_BYTES: u64 = 256 << 20;
/// Reels that wait to be entered and listed at most: each has its table with it.
const WAITING_REELS: usize = 32;
/// How long a player waits for the reels to be found.
const PLAYER_WAITS: Duration = Duration::from_secs(10);

/// How far the search is.
#[derive(Default)]
pub(crate) struct Search {
    is_over: Mutex<bool>,
    over: Condvar,
    stops: AtomicBool,
    is_complete: AtomicBool,
    ends: Mutex<HashMap<Feed, WallTime>>,
}

impl Search {
    /// Whether every reel was found, and what is due of them is gone.
    pub(crate) fn is_complete(&self) -> bool {
        self.is_complete.load(Ordering::Acquire)
    }

    /// It ends after the reel at which it is.
    pub(crate) fn stop(&self) {
        self.stops.store(true, Ordering::Release);
    }

    fn stops(&self) -> bool {
        self.stops.load(Ordering::Acquire)
    }

    /// Waits until it has come to its end, or was stopped.
    pub(crate) fn wait(&self) {
        let over = lock(&self.is_over);
        drop(self.over.wait_while(over, |over| !*over));
    }

    /// Waits as long as somebody who wants to see something waits for it.
    pub(crate) fn wait_a_little(&self) {
        let over = lock(&self.is_over);
        drop(self.over.wait_timeout_while(over, PLAYER_WAITS, |over| !*over));
    }

    fn end(&self, is_complete: bool) {
        self.is_complete.store(is_complete, Ordering::Release);
        *lock(&self.is_over) = true;
        self.over.notify_all();
    }

    /// Where the footage of each feed ends, of what was not listed when this run began.
    pub(crate) fn ends(&self) -> Vec<(Feed, WallTime)> {
        lock(&self.ends).iter().map(|(feed, end)| (*feed, *end)).collect()
    }

    /// Notes where a row of a reel ends. What was dated ahead of now, by a clock that was wrong, says
    /// nothing of where recording broke off.
    fn note_end(&self, row: &FooterFeed, now: WallTime) {
        if row.bucket.is_none() || row.first_start > now {
            return;
        }
        let end = row.last_end.min(now);
        let mut ends = lock(&self.ends);
        let known = ends.entry(row.feed).or_insert(end);
        *known = end.max(*known);
    }
}

/// What is to be done beside recording.
pub(crate) struct Rest {
    /// Entered and listed: only their headers and trailers are to be read.
    known: Vec<(usize, ReelId, PathBuf)>,
    /// To be closed, entered or listed.
    unknown: Vec<ReelPlace>,
    /// Listed, and not seen yet.
    missing: HashSet<ReelId>,
    /// Start and expiry of every bucket that was kept when this run began.
    kept: BTreeSet<(WallTime, WallTime)>,
}

/// What recording waits for.
///
/// # Errors
/// If a volume cannot be listed.
pub(crate) fn find_first(shared: &Shared, listed: &HashSet<ReelId>) -> Result<Rest, FsError> {
    let mut rest = Rest {
        known: Vec::new(),
        unknown: Vec::new(),
        missing: listed.clone(),
        kept: shared.keyring().times(),
    };
    for (index, volume) in shared.volumes.iter().enumerate() {
        if volume.is_fenced() {
            continue;
        }
        let folder = volume.reels_folder();
        let names = match volume.fs.list(&folder) {
            Ok(names) => names,
            Err(error) => {
                volume.fence(&error);
                if shared.volumes.iter().all(Volume::is_fenced) {
                    return Err(error);
                }
                continue;
            }
        };
        for name in names {
            let path = folder.join(&name);
            let Some(reel) = name.strip_suffix(".reel").and_then(|id| id.parse().ok()) else {
                tracing::error!(path = %path.display(), "not a reel, left alone");
                continue;
            };
            if listed.contains(&reel) && shared.ledger.knows_reel(reel) {
                rest.known.push((index, reel, path));
            } else if let Some(place) = look_at(volume, index, path)? {
                if !rest.is_due(shared, &place) {
                    show(shared, volume, &place);
                }
                rest.unknown.push(place);
            }
        }
    }
    Ok(rest)
}

impl Rest {
    /// Whether its keys are destroyed: a rotation takes what is due before the next one.
    fn is_due(&self, shared: &Shared, place: &ReelPlace) -> bool {
        let next = shared.trusted.now() + place.header.retention.bucket_length();
        shared.trusted.doubt().is_none() && place.is_dead(&self.kept, next)
    }

    /// What recording does not wait for.
    ///
    /// `pause` returns when the notary has taken what it was told so far.
    pub(crate) fn find(mut self, shared: &Shared, pause: &dyn Fn()) {
        let is_whole = self.find_known(shared) && self.settle_unknown(shared, pause);
        // What lies on a volume that failed is not gone: it stays listed.
        if is_whole && !shared.volumes.iter().any(Volume::is_fenced) {
            self.missing.iter().for_each(|reel| shared.notify(Notice::Gone(*reel)));
        }
        shared.search.end(is_whole);
    }

    /// Registers what is entered and listed; gives whether it came to the end.
    fn find_known(&mut self, shared: &Shared) -> bool {
        for (index, reel, path) in std::mem::take(&mut self.known) {
            if shared.search.stops() {
                return false;
            }
            let volume = &shared.volumes[index];
            match find_one(volume, index, path.clone()) {
                Err(error) => {
                    tracing::error!(%error, "a reel cannot be read");
                    self.missing.remove(&reel);
                }
                Ok(None) => {
                    tracing::error!(path = %path.display(), "damaged at its beginning, left alone");
                }
                Ok(Some((place, _))) if self.is_due(shared, &place) => take_away(volume, &place),
                Ok(Some((place, span))) => {
                    self.missing.remove(&reel);
                    match span {
                        Some(span) => shared.reels.add_closed(place, span),
                        None => shared.reels.add(place, false),
                    }
                }
            }
        }
        true
    }

    /// Closes, enters and lists the others; gives whether it came to the end.
    fn settle_unknown(&mut self, shared: &Shared, pause: &dyn Fn()) -> bool {
        for (count, place) in std::mem::take(&mut self.unknown).iter().enumerate() {
            if shared.search.stops() {
                return false;
            }
            let volume = &shared.volumes[place.volume];
            if self.is_due(shared, place) {
                // What a volume that was away, or a crash, kept past its time does not come back.
                take_away(volume, place);
                continue;
            }
            self.missing.remove(&place.header.reel);
            if let Err(error) = settle_reel(shared, volume, place) {
                // One bad reel must not keep the others from being found.
                tracing::error!(path = %place.path.display(), %error, "a reel was left as it is");
            }
            if count % WAITING_REELS == WAITING_REELS - 1 {
                pause();
            }
        }
        true
    }
}

/// Returns when the notary has taken what it was told so far.
fn wait_for_notary(shared: &Shared) {
    let (done, wait) = channel();
    shared.notify(Notice::Flush(done));
    let _ = wait.recv();
}

/// Whether a volume holds any reel.
pub(crate) fn has_reels(volume: &Volume) -> Result<bool, FsError> {
    let folder = volume.reels_folder();
    for name in volume.fs.list(&folder)? {
        let file = volume.fs.open_read(&folder.join(name))?;
        if read_header(&*file, file.len()?)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The header of a reel; `None` if that is no reel's. A file without even a header is taken away.
fn look_at(volume: &Volume, index: usize, path: PathBuf) -> Result<Option<ReelPlace>, FsError> {
    let file = volume.fs.open_read(&path)?;
    let length = file.len()?;
    let header = read_header(&*file, length)?;
    if let Some(header) = header {
        return Ok(Some(ReelPlace::new(header, index, path)));
    }
    if length <= REEL_HEADER_BYTES as u64 {
        // A header is synced before the first record: without one there is no footage in it.
        drop(file);
        volume.fs.unlink(&path)?;
    } else {
        tracing::error!(path = %path.display(), "not a reel, left alone");
    }
    Ok(None)
}

pub(crate) fn read_header(file: &dyn File, length: u64) -> Result<Option<ReelHeader>, FsError> {
    let mut bytes = [0; REEL_HEADER_BYTES];
    if length < bytes.len() as u64 {
        return Ok(None);
    }
    file.read_at(0, &mut bytes)?;
    Ok(ReelHeader::parse(&bytes).ok())
}

type Span = (WallTime, WallTime);

/// Header and trailer of a reel that is entered; without a time if the trailer is damaged.
fn find_one(
    volume: &Volume,
    index: usize,
    path: PathBuf,
) -> Result<Option<(ReelPlace, Option<Span>)>, FsError> {
    let file = volume.fs.open_read(&path)?;
    let Some(header) = read_header(&*file, file.len()?)? else { return Ok(None) };
    let span = match read_trailer(&*file, header.reel) {
        Ok(trailer) => Some(trailer.span),
        Err(IndexError::Disk(error)) => return Err(error),
        Err(error) => {
            tracing::error!(path = %path.display(), %error, "read by its records instead");
            None
        }
    };
    Ok(Some((ReelPlace::new(header, index, path), span)))
}

/// Unlinks what is due; a volume that refuses is fenced, as in a rotation.
fn take_away(volume: &Volume, place: &ReelPlace) {
    if !volume.is_fenced()
        && let Err(error) = unlink(volume, &volume.reels_folder(), &place.path)
    {
        volume.fence(&error);
    }
}

/// Makes a reel visible as it stands, and notes where it ends for each feed.
fn show(shared: &Shared, volume: &Volume, place: &ReelPlace) {
    let now = shared.clock.wall();
    let shown = volume.fs.open_read(&place.path).map_err(IndexError::from).and_then(|file| {
        match read_index(&*file, place.header.reel) {
            Ok(index) => {
                index.rows.iter().for_each(|row| shared.search.note_end(&row.feed, now));
                shared.reels.add_closed(place.clone(), index.span());
            }
            Err(error @ IndexError::Disk(_)) => return Err(error),
            Err(_) => {
                let found = glance(&*file, place)?;
                found.feeds().iter().for_each(|row| shared.search.note_end(row, now));
                shared.reels.add(place.clone(), true);
                shared.reels.extend(place.header.reel, found.feeds(), found.entries());
            }
        }
        Ok(())
    });
    if let Err(error) = shown {
        tracing::error!(path = %place.path.display(), %error, "a reel is not shown yet");
    }
}

/// What a reel that a crash left holds, by its headers; near its end, where bytes may not have
/// reached the disk, by its bodies too. Enough to play it and to know where it ends: it is closed
/// only when all of it was read.
fn glance(file: &dyn File, place: &ReelPlace) -> Result<FooterBuilder, FsError> {
    let length = file.len()?;
    let damaged = |text: String| FsError {
        doing: "scan",
        path: place.path.clone(),
        source: std::io::Error::new(std::io::ErrorKind::InvalidData, text),
    };
    let read = |at, bytes: &mut [u8]| file.read_at(at, bytes);
    let mut scanner =
        Scanner::open(length, Verify::Headers, read).map_err(|error| damaged(error.to_string()))?;
    let mut found = FooterBuilder::new(&place.header);
    loop {
        if scanner.offset_bytes() + UNSYNCED_BYTES >= length {
            scanner.set_verify(Verify::All);
        }
        match scanner.next_record()? {
            Some(record) => {
                found.skip_to(record.offset_bytes);
                found
                    .add_record(&record.head, &record.record)
                    .map_err(|error| damaged(error.to_string()))?;
            }
            None if scanner.step_over()? => {}
            None => return Ok(found),
        }
    }
}

/// Closes a reel if a crash left it open, and has it entered and listed.
fn settle_reel(shared: &Shared, volume: &Volume, place: &ReelPlace) -> Result<(), IndexError> {
    let is_entered = shared.ledger.knows_reel(place.header.reel);
    let file = volume.fs.open_read(&place.path)?;
    let closed = match ClosedReel::read(&*file, volume.id, place.header) {
        Ok(closed) if is_entered || is_whole(&*file, place)? => closed,
        // It could not be read: to cut it now could cut what is whole.
        Err(error @ IndexError::Disk(_)) => return Err(error),
        Ok(_) | Err(_) => close_after_crash(volume, place)?,
    };
    drop(file);
    if !is_entered {
        // A process that ended between the footer and its sync left it whole and not durable.
        volume.fs.open(&place.path)?.sync()?;
    }
    shared.reels.add(place.clone(), false);
    shared.reels.close(&closed.index);
    shared.notify(Notice::Closed(closed));
    Ok(())
}

/// Whether all that a reel's footer says is there. Where its sync failed, or did not come to its end,
/// a disk may have kept the trailer and neither the footer before it nor the records: entered like
/// that, it would count as damaged for ever.
fn is_whole(file: &dyn File, place: &ReelPlace) -> Result<bool, FsError> {
    match check_records(file, place, &mut VaultReport::default()) {
        Ok(_) => Ok(true),
        Err(Fault::Disk(error)) => Err(error),
        Err(_) => Ok(false),
    }
}

/// Has a reel listed once more, if it is closed. One whose index is damaged is listed by its
/// records, as it can be played; the check tells of it.
///
/// # Errors
/// If the disk refuses, or it can be read neither way.
fn list_again(shared: &Shared, place: &ReelPlace) -> Result<(), String> {
    let volume = &shared.volumes[place.volume];
    let file = volume.fs.open_read(&place.path).map_err(|error| error.to_string())?;
    let closed = match ClosedReel::read(&*file, volume.id, place.header) {
        Ok(closed) => closed,
        Err(IndexError::Disk(error)) => return Err(error.to_string()),
        Err(error) => {
            tracing::error!(path = %place.path.display(), %error, "listed by its records instead");
            let footer = footer_by_records(&*file, place)?;
            let length_bytes = file.len().map_err(|error| error.to_string())?;
            let (_, index) = footer.encode_with_index();
            ClosedReel::written(volume.id, place.header, &footer, index, length_bytes)
        }
    };
    shared.notify(Notice::Closed(closed));
    Ok(())
}

/// Has every closed reel listed once more, and those taken off the list that are not there.
///
/// # Errors
/// See [`list_again`].
pub(crate) fn list_all_again(shared: &Shared, listed: &HashSet<ReelId>) -> Result<(), String> {
    let mut missing = listed.clone();
    let places = shared.reels.all();
    let open = shared.reels.open();
    for (count, place) in places.iter().enumerate() {
        missing.remove(&place.header.reel);
        if !open.contains(&place.header.reel) {
            list_again(shared, place)?;
        }
        if count % WAITING_REELS == WAITING_REELS - 1 {
            wait_for_notary(shared);
        }
    }
    missing.into_iter().for_each(|reel| shared.notify(Notice::Gone(reel)));
    Ok(())
}

/// Runs the search beside everything else.
pub(crate) fn start(shared: &Arc<Shared>, rest: Rest) {
    let shared = Arc::clone(shared);
    std::thread::Builder::new()
        .name("search".into())
        .spawn(move || {
            let _ends = EndOnPanic(&shared);
            rest.find(&shared, &|| wait_for_notary(&shared));
        })
        .expect("the operating system gives a thread");
}

/// Whoever waits for the search must not wait for ever; what it did not find stays unfound, and
/// nothing is destroyed in this run.
struct EndOnPanic<'a>(&'a Shared);

impl Drop for EndOnPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.search.end(false);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
