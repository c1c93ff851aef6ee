//! All holders together: who must keep the vault key, who is away, and that a key is called
//! destroyed only when each of them has destroyed it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{RecorderId, WallTime};
use host::{Clock, Fs, FsError, FsResult, Secret};

use super::list::{self, Line};
use super::slot::{DEFAULT_FILE, SlotHolder, name_of};
use super::{Holder, HolderError, HolderFailed, HoldersConfig, Provable};
use crate::OpenVaultError;

/// How a holder stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HolderStatus {
    /// Its kind and place.
    pub name: String,
    /// Whether it keeps the vault key; a new one does not yet.
    pub keeps: bool,
    /// Since when it does not do what it is asked, and why. Destruction waits for it.
    pub away: Option<(WallTime, String)>,
    /// Whether what it destroys can be proven to be gone.
    pub provable: Provable,
}

struct Member {
    name: String,
    /// None: it is in the list, and not configured.
    holder: Option<Arc<dyn Holder>>,
    provable: Provable,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    keeps: bool,
    away: Option<(WallTime, String)>,
    /// The epoch beside whose key it is known to keep nothing.
    alone: Option<u64>,
}

impl Member {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Every holder that keeps the vault key, or is to.
pub(crate) struct Holders {
    fs: Arc<dyn Fs>,
    clock: Arc<dyn Clock>,
    folder: PathBuf,
    members: Vec<Member>,
    /// Given up before, and now.
    given_up: Vec<(WallTime, String)>,
    /// What the list says on the disk.
    listed: Mutex<Option<Vec<Line>>>,
}

/// What one holder keeps, at a start.
pub(crate) struct Held {
    pub(crate) holder: String,
    pub(crate) keys: Vec<(u64, Secret)>,
}

impl Holders {
    /// Those of the list and those of the configuration. Nothing is written but a slot file that was
    /// never there, where no other holder was ever known.
    pub(crate) fn open(
        fs: &Arc<dyn Fs>,
        clock: &Arc<dyn Clock>,
        folder: &Path,
        recorder: RecorderId,
        config: &HoldersConfig,
    ) -> Result<Self, OpenVaultError> {
        let listed = list::read(&**fs, &list_path(folder))?;
        let wanted = make_all(fs, folder, recorder, config)?;
        let is_wanted = |name: &str| wanted.iter().any(|holder| holder.name() == name);
        let mut lines = listed.clone().unwrap_or_default();
        let usual = name_of(folder, &folder.join(DEFAULT_FILE));
        if listed.is_none() && (is_wanted(&usual) || fs.exists(&folder.join(DEFAULT_FILE))?) {
            lines.push(Line::Keeps(usual.clone()));
        }
        let given_up = give_up(&mut lines, &config.given_up, &is_wanted, clock.wall())?;
        let is_new = listed.is_none();
        let holders = Self {
            fs: Arc::clone(fs),
            clock: Arc::clone(clock),
            folder: folder.to_owned(),
            members: members(&lines, &wanted),
            given_up,
            listed: Mutex::new(listed),
        };
        let is_usual = |it: &&Member| it.name == usual && it.holder.is_some();
        if is_new && let Some(member) = holders.members.iter().find(is_usual) {
            holders.ask(member, |holder| holder.join())?;
        }
        Ok(holders)
    }

    /// Asks a holder; one that fails is away until it does what it is asked again.
    fn ask<T>(
        &self,
        member: &Member,
        question: impl FnOnce(&dyn Holder) -> Result<T, HolderError>,
    ) -> Result<T, HolderFailed> {
        let answer = match &member.holder {
            Some(holder) => question(&**holder),
            None => Err(HolderError::NotConfigured),
        };
        let mut state = member.state();
        let name = &member.name;
        match answer {
            Ok(answer) => {
                if state.away.take().is_some() {
                    tracing::info!(holder = name, "a holder of the vault key is there again");
                }
                Ok(answer)
            }
            Err(source) => {
                state.alone = None;
                let why = source.to_string();
                match &mut state.away {
                    Some((_, before)) => *before = why,
                    None => {
                        tracing::error!(
                            holder = name,
                            why,
                            "a holder of the vault key is away; nothing is destroyed without it"
                        );
                        state.away = Some((self.clock.wall(), why));
                    }
                }
                Err(HolderFailed { holder: name.clone(), source })
            }
        }
    }

    /// What those keep that must keep the vault key and answer, and who of them does not answer.
    pub(crate) fn held(&self) -> (Vec<Held>, Vec<HolderFailed>) {
        let (mut held, mut away) = (Vec::new(), Vec::new());
        for member in self.members.iter().filter(|member| member.state().keeps) {
            match self.ask(member, |holder| holder.held()) {
                Ok(keys) => held.push(Held { holder: member.name.clone(), keys }),
                Err(failed) => away.push(failed),
            }
        }
        (held, away)
    }

    /// Each keeps this key; one that is new, or lost it, gets it. All are asked, so that all that are
    /// away are known; the first failure comes back.
    pub(crate) fn all_keep(&self, epoch: u64, key: &Secret) -> Result<(), HolderFailed> {
        self.each(|member| self.sees_that_it_keeps(member, epoch, key))
    }

    fn sees_that_it_keeps(
        &self,
        member: &Member,
        epoch: u64,
        key: &Secret,
    ) -> Result<(), HolderFailed> {
        let keeps = member.state().keeps;
        if !keeps {
            // It may be one that was given up and came back, with keys of long ago: they go before
            // it can speak for any epoch.
            self.ask(member, |holder| holder.join())?;
            self.ask(member, |holder| holder.destroy(epoch + 1))?;
        }
        let held = self.ask(member, |holder| holder.held())?;
        let is_this = |(of, found): &(u64, Secret)| *of == epoch && found.expose() == key.expose();
        if !held.iter().any(is_this) {
            self.ask(member, |holder| holder.wrap(epoch, key))?;
        }
        if held.iter().any(|(of, _)| *of != epoch) {
            member.state().alone = None;
        }
        if !keeps {
            member.state().keeps = true;
            let kept = self.keep_list();
            if let Err(error) = kept {
                member.state().keeps = false;
                return Err(HolderFailed { holder: member.name.clone(), source: error.into() });
            }
        }
        Ok(())
    }

    /// Each destroys what it keeps beside the key of this epoch, be it a key or half of one. Those
    /// that are known to keep nothing are passed over, if `surely` does not forbid it.
    pub(crate) fn all_keep_nothing_else(
        &self,
        epoch: u64,
        surely: bool,
    ) -> Result<(), HolderFailed> {
        self.each(|member| {
            if surely || member.state().alone != Some(epoch) {
                self.ask(member, |holder| holder.destroy(epoch + 1))?;
                member.state().alone = Some(epoch);
            }
            Ok(())
        })
    }

    /// Each keeps the key of the epoch that is to come, beside the one before it; ends at the first
    /// that does not.
    pub(crate) fn all_wrap(&self, epoch: u64, key: &Secret) -> Result<(), HolderFailed> {
        self.members.iter().for_each(|member| member.state().alone = None);
        self.members
            .iter()
            .try_for_each(|member| self.ask(member, |holder| holder.wrap(epoch, key)))
    }

    /// Asks all, whatever some of them answer; gives the first failure.
    fn each(&self, act: impl Fn(&Member) -> Result<(), HolderFailed>) -> Result<(), HolderFailed> {
        let answers: Vec<_> = self.members.iter().map(act).collect();
        answers.into_iter().collect()
    }

    /// Looks who is there; one that is there again is told what it missed.
    pub(crate) fn look(&self, epoch: u64, key: &Secret) {
        for member in &self.members {
            let was_away = member.state().away.is_some();
            let looked = if was_away {
                self.sees_that_it_keeps(member, epoch, key)
            } else {
                self.ask(member, |holder| holder.look())
            };
            // What failed is in the state, and the log.
            drop(looked);
        }
    }

    /// At a start, when it is known which key counts: the list is written, those that are new or lost
    /// the key get it. Who is away is only noted.
    pub(crate) fn begin(&self, epoch: u64, key: &Secret) -> Result<(), FsError> {
        self.keep_list()?;
        let _ = self.all_keep(epoch, key);
        self.empty_given_up();
        Ok(())
    }

    /// Whether any keeps the key.
    pub(crate) fn any_keeps(&self) -> bool {
        self.members.iter().any(|it| it.state().keeps && it.state().away.is_none())
    }

    /// Whether none is known to be away.
    pub(crate) fn all_are_there(&self) -> bool {
        self.members.iter().all(|member| member.state().away.is_none())
    }

    /// A slot file that was given up and is there all the same is overwritten: it costs nothing.
    fn empty_given_up(&self) {
        for (_, name) in &self.given_up {
            let Some(path) = name.strip_prefix("slot:") else { continue };
            if self.members.iter().any(|member| member.name == *name) {
                continue;
            }
            let slot = SlotHolder::new(&self.fs, &self.folder, Path::new(path));
            if let Ok(held) = slot.held()
                && !held.is_empty()
            {
                let emptied = slot.destroy(0).and_then(|()| slot.destroy(1));
                tracing::warn!(
                    holder = name,
                    ?emptied,
                    "a slot file that was given up is overwritten"
                );
            }
        }
    }

    /// Writes the list, if it is another than the one on the disk. Without a list the usual slot file
    /// is the only holder: then none is written.
    fn keep_list(&self) -> FsResult<()> {
        let mut listed = self.listed.lock().unwrap_or_else(PoisonError::into_inner);
        let line = |member: &Member| {
            let name = member.name.clone();
            if member.state().keeps { Line::Keeps(name) } else { Line::Joins(name) }
        };
        let mut lines: Vec<Line> = self.members.iter().map(line).collect();
        lines.extend(self.given_up.iter().map(|(at, name)| Line::GivenUp(*at, name.clone())));
        let usual = [Line::Keeps(name_of(&self.folder, &self.folder.join(DEFAULT_FILE)))];
        if listed.as_ref() == Some(&lines) || (listed.is_none() && lines == usual) {
            return Ok(());
        }
        list::write(&*self.fs, &list_path(&self.folder), &lines)?;
        *listed = Some(lines);
        Ok(())
    }

    pub(crate) fn statuses(&self) -> Vec<HolderStatus> {
        let status = |member: &Member| {
            let state = member.state();
            HolderStatus {
                name: member.name.clone(),
                keeps: state.keeps,
                away: state.away.clone(),
                provable: member.provable,
            }
        };
        self.members.iter().map(status).collect()
    }

    /// The names of those that were given up.
    pub(crate) fn given_up(&self) -> impl Iterator<Item = &str> {
        self.given_up.iter().map(|(_, name)| &**name)
    }

    /// Names of all, for a person.
    pub(crate) fn names(&self) -> String {
        self.members.iter().map(|member| &*member.name).collect::<Vec<_>>().join(", ")
    }
}

impl Member {
    fn new(name: &str, holder: Option<Arc<dyn Holder>>, keeps: bool) -> Self {
        let provable = holder
            .as_ref()
            .map_or(Provable::NotOnThisDevice("it is not configured"), |holder| holder.provable());
        let state = Mutex::new(State { keeps, ..State::default() });
        Self { name: name.to_owned(), holder, provable, state }
    }
}

/// The holders of the configuration; each is another one.
fn make_all(
    fs: &Arc<dyn Fs>,
    folder: &Path,
    recorder: RecorderId,
    config: &HoldersConfig,
) -> Result<Vec<Arc<dyn Holder>>, OpenVaultError> {
    if config.wanted.is_empty() {
        return Ok(vec![Arc::new(SlotHolder::new(fs, folder, Path::new(DEFAULT_FILE)))]);
    }
    let mut made: Vec<Arc<dyn Holder>> = Vec::new();
    for one in &config.wanted {
        let holder = one.make(fs, folder, recorder)?;
        let name = holder.name();
        if name.chars().any(char::is_control) {
            return Err(OpenVaultError::HolderName { holder: name.escape_debug().to_string() });
        }
        if made.iter().any(|other| other.name() == name) {
            return Err(OpenVaultError::HolderTwice);
        }
        made.push(holder);
    }
    Ok(made)
}

/// Those of the list, configured or not, then those that are new.
fn members(lines: &[Line], wanted: &[Arc<dyn Holder>]) -> Vec<Member> {
    let listed = lines.iter().filter_map(|line| match line {
        Line::Keeps(name) => Some((name, true)),
        Line::Joins(name) => Some((name, false)),
        Line::GivenUp(..) => None,
    });
    let find = |name: &str| wanted.iter().find(|holder| holder.name() == name).cloned();
    let mut members: Vec<Member> =
        listed.map(|(name, keeps)| Member::new(name, find(name), keeps)).collect();
    for holder in wanted {
        if !members.iter().any(|member| member.name == holder.name()) {
            members.push(Member::new(holder.name(), Some(Arc::clone(holder)), false));
        }
    }
    members
}

fn list_path(folder: &Path) -> PathBuf {
    folder.join("holders")
}

/// Strikes from the list those that are given up. All that ever were come back.
fn give_up(
    lines: &mut Vec<Line>,
    names: &[String],
    is_wanted: &impl Fn(&str) -> bool,
    now: WallTime,
) -> Result<Vec<(WallTime, String)>, OpenVaultError> {
    let mut given_up = Vec::new();
    for line in lines.iter() {
        if let Line::GivenUp(at, name) = line {
            given_up.push((*at, name.clone()));
        }
    }
    for name in names {
        if is_wanted(name) {
            return Err(OpenVaultError::HolderWanted { holder: name.clone() });
        }
        let of = |line: &Line| matches!(line, Line::Keeps(it) | Line::Joins(it) if it == name);
        if lines.iter().any(of) {
            lines.retain(|line| !of(line));
            tracing::error!(
                holder = name,
                "a holder of the vault key is given up: what it keeps is not destroyed in it"
            );
            given_up.push((now, name.clone()));
        } else if !given_up.iter().any(|(_, before)| before == name) {
            return Err(OpenVaultError::HolderUnknown { holder: name.clone() });
        }
    }
    Ok(given_up)
}
