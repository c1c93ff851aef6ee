//! `jikim front`: the agency's key for the public form, what the form's status page says, and the form
//! itself, which is the program `jikim-front`.

mod arguments;
mod key;
mod status;

use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

pub(crate) use self::arguments::{FrontArguments, TakeArguments};
use self::arguments::{FrontCommand, ListenArguments};
pub(crate) use self::key::{TAKEN, private_key};
use crate::Told;

/// The program that is the public form.
const FRONT: &str = "jikim-front";
/// Names the program where it is not beside this one.
const FRONT_VARIABLE: &str = "JIKIM_FRONT";

/// Runs the subcommand; without one it becomes the form.
pub(crate) async fn front(arguments: FrontArguments) -> Told<ExitCode> {
    match arguments.command {
        Some(FrontCommand::Key(key)) => key::key(&key)?,
        Some(FrontCommand::Status(status)) => status::status(status).await?,
        None => return Err(become_the_form(&arguments.listen)),
    }
    Ok(ExitCode::SUCCESS)
}

/// The one that is named, else the one beside this program, else the one on the path.
fn program() -> PathBuf {
    if let Some(named) = std::env::var_os(FRONT_VARIABLE).filter(|name| !name.is_empty()) {
        return named.into();
    }
    let beside = std::env::current_exe().ok().map(|program| program.with_file_name(FRONT));
    beside.filter(|path| path.is_file()).unwrap_or_else(|| PathBuf::from(FRONT))
}

/// Comes back only if there is no such program: signals then reach the form itself.
fn become_the_form(arguments: &ListenArguments) -> String {
    let program = program();
    let mut command = Command::new(&program);
    let needed = [
        ("--key", &arguments.key),
        ("--dir", &arguments.dir),
        ("--settings", &arguments.settings),
        ("--tls-cert", &arguments.tls_cert),
        ("--tls-key", &arguments.tls_key),
    ];
    for (name, path) in needed {
        if let Some(path) = path {
            command.arg(name).arg(path);
        }
    }
    if let Some(listen) = arguments.listen {
        command.arg("--listen").arg(listen.to_string());
    }
    if arguments.behind_proxy {
        command.arg("--behind-proxy");
    }
    let error = command.exec();
    format!(
        "{}: {error}. ./x build puts {FRONT} beside jikim, or name it with {FRONT_VARIABLE}",
        program.display()
    )
}
