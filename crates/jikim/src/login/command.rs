//! `jikim login` and `jikim logout`.

use std::io::BufRead as _;
use std::process::ExitCode;

use hyper::Method;
use serde::Serialize;

use super::connection::{Answer, Connection};
use super::session_file::{Kept, SessionFile};
use super::terminal::{MAX_LINE_BYTES, Terminal};
use super::{LoginArguments, LogoutArguments, refused};
use crate::{Told, give, sentence};

const SESSION: &str = "/api/v1/session";

/// What a person signs in with.
enum Proof {
    SignIn(api::SignIn),
    Claim(api::Claim),
}

/// Signs a person in. Whoever was signed in before at this terminal's account is signed out.
pub(crate) async fn login(arguments: LoginArguments) -> Told<ExitCode> {
    let data = &arguments.data;
    let file = SessionFile::of(data)?;
    // Before anybody types a password: who would get it.
    let connection = Connection::to(data)?;
    let answer = match proof(&arguments).await? {
        Proof::SignIn(sign_in) => send(&connection, SESSION, &sign_in).await?,
        Proof::Claim(claim) => send(&connection, "/api/v1/session/claim", &claim).await?,
    };
    if !answer.is_done() {
        return Err(refused(&answer));
    }
    let session: api::Session = serde_json::from_slice(&answer.body).map_err(sentence)?;
    let cookie = answer.cookie.ok_or("the recorder gave no session; look into its log")?;
    if let Ok(Some(before)) = file.read()
        && let Err(told) = end(&connection, &before).await
    {
        tracing::warn!("the session of before was not ended: {told}");
    }
    file.write(&Kept { cookie, certificate: connection.certificate().to_vec() })?;
    let name = &session.account.display_name;
    give(&format!(
        "{name}님으로 로그인했습니다. 15분 동안 쓰지 않으면 잠기고, 12시간 뒤에 끝납니다. · Signed in as {name}: it locks after 15 minutes without a command, and ends after 12 hours."
    ));
    Ok(ExitCode::SUCCESS)
}

/// Ends the session at the recorder, and takes the file away whether or not the recorder answers.
pub(crate) async fn logout(arguments: LogoutArguments) -> Told<ExitCode> {
    let file = SessionFile::of(&arguments.data)?;
    let Some(kept) = file.read()? else {
        give("로그인한 사람이 없습니다. · Nobody is signed in.");
        return Ok(ExitCode::SUCCESS);
    };
    let ended = match Connection::to(&arguments.data) {
        Ok(connection) => end(&connection, &kept).await,
        // Its sessions ended with it.
        Err(_) => Ok(()),
    };
    file.remove()?;
    ended?;
    give("로그아웃했습니다. · Signed out.");
    Ok(ExitCode::SUCCESS)
}

/// Ends a session; one that is over already is no mistake.
async fn end(connection: &Connection, kept: &Kept) -> Told<()> {
    // A recorder that began anew knows no session of before, and is not shown it.
    if !connection.is_certified_by(&kept.certificate) {
        return Ok(());
    }
    let answer = connection.ask(Method::DELETE, SESSION, None, Some(&kept.cookie)).await?;
    let is_over = answer.is_done() || answer.code() == Some(api::ErrorCode::NotSignedIn);
    if is_over { Ok(()) } else { Err(refused(&answer)) }
}

async fn send(connection: &Connection, path: &str, body: &impl Serialize) -> Told<Answer> {
    let body = serde_json::to_string(body).map_err(sentence)?;
    connection.ask(Method::POST, path, Some(body), None).await
}

/// What the person says at the terminal, or a script on standard input.
async fn proof(arguments: &LoginArguments) -> Told<Proof> {
    if arguments.password_stdin {
        let name = arguments.name.clone().unwrap_or_default();
        return from_lines(std::io::stdin().lock(), name, arguments.link);
    }
    let terminal = Terminal::open()?;
    let link = match arguments.link {
        true => Some(link_in(terminal.ask_secret("로그인 링크 · sign-in link: ").await?.reveal())),
        false => None,
    };
    let name = match &arguments.name {
        Some(name) => name.clone(),
        None => terminal.ask("이름 · name: ").await?,
    };
    let password = terminal.ask_secret("비밀번호 · password: ").await?;
    if link.is_some() && terminal.ask_secret("한 번 더 · once more: ").await? != password {
        return Err(
            "두 비밀번호가 다릅니다. 다시 하십시오. · The two passwords differ; begin again."
                .into(),
        );
    }
    Ok(said(link, name, password))
}

/// The link first if there is one, then the password, a line each.
fn from_lines(input: impl std::io::BufRead, name: String, has_link: bool) -> Told<Proof> {
    let mut lines = input.take(2 * MAX_LINE_BYTES).lines();
    let mut next = |what: &str| {
        let line = lines.next().transpose().map_err(sentence)?;
        line.filter(|line| !line.is_empty()).ok_or_else(|| {
            format!(
                "표준 입력에 {what}의 줄이 없습니다. · A line is missing on standard input: {what}."
            )
        })
    };
    let link = if has_link { Some(link_in(&next("링크 (link)")?)) } else { None };
    Ok(said(link, name, api::Secret::new(next("비밀번호 (password)")?)))
}

fn said(link: Option<api::Secret>, name: String, password: api::Secret) -> Proof {
    match link {
        Some(link) => Proof::Claim(api::Claim { link, name, display_name: None, password }),
        None => Proof::SignIn(api::SignIn { name, password }),
    }
}

/// The secret of a link, or what was typed if it is no whole link.
fn link_in(text: &str) -> api::Secret {
    let text = text.trim();
    api::Secret::new(text.split_once("#link=").map_or(text, |(_, secret)| secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_gives_a_line_for_each_secret() {
        let said = |text: &str, has_link| from_lines(text.as_bytes(), "kim".into(), has_link);
        let Ok(Proof::SignIn(sign_in)) = said("a long password\r\nmore\n", false) else { panic!() };
        assert_eq!((&*sign_in.name, sign_in.password.reveal()), ("kim", "a long password"));
        let text = "https://127.0.0.1:8443/#link=SECRET\n spaces count \n";
        let Ok(Proof::Claim(claim)) = said(text, true) else { panic!() };
        assert_eq!((claim.link.reveal(), claim.password.reveal()), ("SECRET", " spaces count "));
        assert_eq!(link_in(" SECRET ").reveal(), "SECRET");
        assert!(said("", false).is_err_and(|told| told.contains("password")));
        assert!(said("SECRET\n", true).is_err_and(|told| told.contains("password")));
        assert!(said("\n", true).is_err_and(|told| told.contains("link")));
    }
}
