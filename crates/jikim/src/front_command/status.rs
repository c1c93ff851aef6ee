//! What the form's status page says of each request that came from it: read from the board, which has no
//! names, and sealed so that the code opens it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use api::{RequestLine, RequestState};
use domain::WallTime;
use front::{Receipt, STATUS, Standing, State};
use host::{Clock as _, Disk, Fs as _, SystemClock};

use super::arguments::StatusArguments;
use super::codes::{codes, forget_codes};
use crate::login::SignedIn;
use crate::{Told, give, sentence};

/// So long after it came in a request that is over is told no more.
const TOLD_FOR: Duration = Duration::from_secs(180 * 86_400);

pub(super) async fn status(arguments: StatusArguments) -> Told<()> {
    let person = SignedIn::open(&arguments.data).await?;
    let board: api::Requests = person.get("/api/v1/requests").await?;
    let lines: BTreeMap<&str, &RequestLine> = board
        .requests
        .iter()
        .filter_map(|line| Some((line.front.as_ref()?.receipt.as_str(), line)))
        .collect();
    Disk.make_folder(&arguments.out).map_err(sentence)?;
    let (mut written, mut over) = (BTreeSet::new(), BTreeSet::new());
    for (receipt, code) in codes(&arguments.data)? {
        let Some(line) = lines.get(receipt.as_str()) else { continue };
        let Some(standing) = standing_of(line) else {
            over.insert(receipt.to_string());
            continue;
        };
        let name = format!("{receipt}{STATUS}");
        let file = standing.seal(&receipt, &code);
        Disk.replace(&arguments.out.join(&name), &file).map_err(sentence)?;
        written.insert(name);
    }
    for name in Disk.list(&arguments.out).map_err(sentence)? {
        let is_ours = name.strip_suffix(STATUS).is_some_and(|it| it.parse::<Receipt>().is_ok());
        if is_ours && !written.contains(&name) {
            Disk.unlink(&arguments.out.join(&name)).map_err(sentence)?;
        }
    }
    forget_codes(&arguments.data, &over)?;
    give(&format!("{}건을 썼습니다. · {0} written.", written.len()));
    Ok(())
}

/// What is said of a line of the board; none if it is long over.
fn standing_of(line: &RequestLine) -> Option<Standing> {
    let front = line.front.as_ref()?;
    let now = SystemClock.wall();
    let due = || line.due.as_ref().map(|due| due.day.clone());
    let (state, until) = match line.state {
        RequestState::AwaitsIdentity => {
            (State::IdentityNeeded, line.identity_until.as_ref().map(|at| at.0.clone()))
        }
        RequestState::AwaitsDecision | RequestState::Objected => (State::InWork, due()),
        RequestState::Postponed => (State::Postponed, due()),
        RequestState::Decided => (State::Answered, None),
        RequestState::Done => (State::Done, None),
        RequestState::Withdrawn => (State::Withdrawn, None),
        RequestState::Lapsed => (State::Lapsed, None),
    };
    let standing = Standing {
        state,
        as_of: now.to_string(),
        sealed_at: front.sealed_at.0.clone(),
        number: Some(line.id.clone()),
        until,
    };
    let received_at: WallTime = line.received_at.0.parse().ok()?;
    let is_old = standing.is_over() && now.since(received_at) > TOLD_FOR;
    (!is_old).then_some(standing)
}
