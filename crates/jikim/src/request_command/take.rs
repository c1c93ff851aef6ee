//! `jikim request take`: opens the sealed files of the public form and has each received, as one that came
//! at the counter. A file that is taken twice is one request: its number is in the ledger.

use std::path::Path;

use api::{RequestAgentKind, RequestAsked, RequestChannel, Time};
use domain::WallTime;
use front::{LONGEST_SEALED, Parcel, PrivateKey, Receipt, SEALED};
use host::{Clock as _, Disk, Fs as _, SystemClock};
use serde_json::json;

use super::PATH;
use super::form_file::{Known, found};
use crate::front_command::{TakeArguments, keep_code, private_key, tidy};
use crate::login::SignedIn;
use crate::request_view::form_from;
use crate::{Told, give, sentence};

/// What became of the files.
#[derive(Default)]
struct Outcome {
    /// Number at the form, number of the office.
    taken: Vec<(Receipt, String)>,
    /// Those that were here already.
    known: Vec<Receipt>,
    /// Which file was left, and why.
    left: Vec<(String, String)>,
}

/// Takes what can be taken; whether nothing was left.
pub(super) async fn take(arguments: TakeArguments) -> Told<bool> {
    let key = private_key(&arguments.data)?;
    let person = SignedIn::open(&arguments.data).await?;
    tidy(&arguments.data, &key)?;
    let cameras: api::Cameras = person.get("/api/v1/cameras").await?;
    let cameras: Vec<_> = cameras.cameras.iter().map(|it| (&it.id, it.name.as_str())).collect();
    let board: api::Requests = person.get(PATH).await?;
    let fronts = board.requests.iter().filter_map(|line| line.front.as_ref());
    let known: Vec<&str> = fronts.map(|front| front.receipt.as_str()).collect();
    let mut outcome = Outcome::default();
    for name in Disk.list(&arguments.from).map_err(sentence)? {
        if !name.ends_with(SEALED) {
            continue;
        }
        let path = arguments.from.join(&name);
        let told = match opened(&path, &key) {
            Ok((receipt, parcel)) => {
                let received = match known.contains(&receipt.as_str()) {
                    true => Ok(None),
                    false => receive(&person, &parcel, &cameras).await.map(Some),
                };
                received.and_then(|id| {
                    keep_code(&arguments.data, &receipt, &parcel)?;
                    if arguments.remove {
                        Disk.unlink(&path).map_err(sentence)?;
                    }
                    match id {
                        Some(id) => outcome.taken.push((receipt, id)),
                        None => outcome.known.push(receipt),
                    }
                    Ok(())
                })
            }
            Err(told) => Err(told),
        };
        if let Err(told) = told {
            outcome.left.push((name, told));
        }
    }
    give(&if arguments.json { outcome.json() } else { outcome.text() });
    Ok(outcome.left.is_empty())
}

fn opened(path: &Path, key: &PrivateKey) -> Told<(Receipt, Parcel)> {
    let file = Disk.read(path, LONGEST_SEALED).map_err(sentence)?;
    Parcel::open(&file, key).map_err(|error| {
        format!("이 녹화기에 온 청구로 열 수 없습니다. · It is not opened: {error}.")
    })
}

async fn receive(person: &SignedIn, parcel: &Parcel, cameras: &[Known<'_>]) -> Told<String> {
    let request = request_of(parcel, cameras, SystemClock.wall())?;
    let case: api::RequestCase = person.post(PATH, &request).await?;
    Ok(case.line.id)
}

/// A request as the recorder takes it. What is in a parcel is believed no more than what is on paper.
fn request_of(parcel: &Parcel, cameras: &[Known<'_>], now: WallTime) -> Told<api::NewRequest> {
    let unfit = |what: &str| format!("적힌 것이 맞지 않습니다. · It does not fit: {what}.");
    let person = |it: &front::Person| api::RequestPerson {
        name: it.name.clone(),
        phone: it.phone.clone(),
        born: it.born.clone(),
        address: it.address.clone(),
    };
    let agent = parcel.agent.as_ref().map(|it| {
        let kind = RequestAgentKind::from_word(&it.kind).ok_or_else(|| unfit("agent"))?;
        let agent =
            api::RequestAgent { kind, person: person(&it.person), relation: it.relation.clone() };
        Told::Ok(agent)
    });
    let asks = parcel.asks.iter().map(|word| RequestAsked::from_word(word));
    let found = |word: &String| found(word, cameras).map_err(|(ko, en)| format!("{ko}. · {en}."));
    let request = api::NewRequest {
        requester: person(&parcel.requester),
        agent: agent.transpose()?,
        asks: asks.collect::<Option<_>>().ok_or_else(|| unfit("asks"))?,
        cameras: parcel.cameras.iter().map(found).collect::<Told<_>>()?,
        from: Time(parcel.from.clone()),
        until: Time(parcel.until.clone()),
        reason: parcel.reason.clone(),
        channel: RequestChannel::Web,
        front: Some(api::RequestFront {
            receipt: parcel.receipt.clone(),
            sealed_at: Time(parcel.sealed_at.clone()),
        }),
    };
    let form = form_from(&request).ok_or_else(|| unfit("fields"))?;
    rights::Request::new(form, now).map_err(|error| unfit(&error.to_string()))?;
    Ok(request)
}

impl Outcome {
    fn text(&self) -> String {
        let mut lines = vec![format!(
            "접수 {0}건, 이미 접수 {1}건, 남김 {2}건 · {0} received, {1} known already, {2} left",
            self.taken.len(),
            self.known.len(),
            self.left.len()
        )];
        lines.extend(self.taken.iter().map(|(receipt, id)| format!("{receipt} → {id}")));
        lines.extend(self.left.iter().map(|(file, why)| format!("{file}: {why}")));
        lines.join("\n")
    }

    fn json(&self) -> String {
        let taken = self.taken.iter().map(|(it, id)| json!({ "receipt": it.as_str(), "id": id }));
        let left = self.left.iter().map(|(file, why)| json!({ "file": file, "why": why }));
        json!({
            "taken": taken.collect::<Vec<_>>(),
            "known": self.known.iter().map(Receipt::as_str).collect::<Vec<_>>(),
            "left": left.collect::<Vec<_>>(),
        })
        .to_string()
    }
}
