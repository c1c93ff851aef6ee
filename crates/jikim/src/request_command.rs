//! `jikim request add | list | show | take`: persons' requests about footage of themselves, by the person who signed in
//! with `jikim login`.

mod arguments;
mod form_file;
mod take;
mod text;

use std::path::Path;
use std::process::ExitCode;

use host::{Clock as _, Disk, Fs as _, SystemClock};

use self::arguments::{AddArguments, ListArguments, ShowArguments};
pub(crate) use self::arguments::{RequestArguments, RequestCommand};
use self::form_file::{FormFile, MAX_FILE_BYTES};
use crate::login::SignedIn;
use crate::{Told, give, sentence};

const PATH: &str = "/api/v1/requests";

/// Runs the subcommand.
pub(crate) async fn request(arguments: RequestArguments) -> Told<ExitCode> {
    match arguments.command {
        RequestCommand::Add(add) => self::add(add).await?,
        RequestCommand::List(list) => self::list(list).await?,
        RequestCommand::Show(show) => self::show(show).await?,
        RequestCommand::Take(take) => {
            return Ok(ExitCode::from(u8::from(!take::take(take).await?)));
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn add(arguments: AddArguments) -> Told<()> {
    let file =
        FormFile::read(text_of(&arguments.from)?).map_err(|told| at(&arguments.from, &told))?;
    let person = SignedIn::open(&arguments.data).await?;
    let cameras: api::Cameras = person.get("/api/v1/cameras").await?;
    let known: Vec<_> = cameras.cameras.iter().map(|it| (&it.id, it.name.as_str())).collect();
    let request = file.request(&known, SystemClock.wall());
    let request = request.map_err(|told| at(&arguments.from, &told))?;
    let case: api::RequestCase = person.post(PATH, &request).await?;
    if !arguments.json {
        give(&format!(
            "접수했습니다. 접수번호를 청구한 사람에게 알려 주십시오: {0} · Received: tell {0} to whoever asks.",
            case.line.id
        ));
    }
    tell_case(&case, arguments.json)
}

fn text_of(path: &Path) -> Told<String> {
    let bytes = Disk.read(path, MAX_FILE_BYTES).map_err(sentence)?;
    String::from_utf8(bytes)
        .map_err(|_| at(path, "UTF-8로 저장하십시오. · It is not UTF-8: save it as such."))
}

fn at(path: &Path, told: &str) -> String {
    format!("{}: {told}", path.display())
}

async fn list(arguments: ListArguments) -> Told<()> {
    let person = SignedIn::open(&arguments.data).await?;
    let requests: api::Requests = person.get(PATH).await?;
    if arguments.json {
        give(&serde_json::to_string(&requests).map_err(sentence)?);
    } else {
        give(&text::board(&requests.requests));
    }
    Ok(())
}

async fn show(arguments: ShowArguments) -> Told<()> {
    let path = format!("{PATH}/{}", receipt(&arguments.id)?);
    let person = SignedIn::open(&arguments.data).await?;
    tell_case(&person.get(&path).await?, arguments.json)
}

fn tell_case(case: &api::RequestCase, json: bool) -> Told<()> {
    give(&if json { serde_json::to_string(case).map_err(sentence)? } else { text::case(case) });
    Ok(())
}

/// What goes into a path is a number of receipt and nothing else.
pub(crate) fn receipt(text: &str) -> Told<&str> {
    let digits = |part: &str, most: usize| {
        (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let fits = text.split_once('-').is_some_and(|(year, one)| digits(year, 4) && digits(one, 9));
    fits.then_some(text).ok_or_else(|| {
        "접수번호는 2026-17처럼 적습니다. · A number of receipt is written like 2026-17.".into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_number_of_receipt_goes_into_a_path() {
        assert_eq!(receipt("2026-17").unwrap(), "2026-17");
        for bad in ["", "17", "2026-", "2026-17/decision", "2026-1?a", "../2026-1", "2026-１"] {
            assert!(receipt(bad).is_err(), "{bad}");
        }
    }
}
