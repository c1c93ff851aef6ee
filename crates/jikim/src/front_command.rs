//! `jikim front`: the agency's key for the public form, what the form's status page says, and the form
//! itself, which is the program `jikim-front`.

mod arguments;
mod codes;
mod key;
mod status;

use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitCode};

pub(crate) use self::arguments::{FrontArguments, TakeArguments};
use self::arguments::{FrontCommand, ListenArguments};
pub(crate) use self::codes::{keep_code, tidy};
pub(crate) use self::key::private_key;
use crate::Told;
use crate::helper_program::HelperProgram;

/// The program that is the public form.
const FRONT: HelperProgram = HelperProgram { name: "jikim-front", variable: "JIKIM_FRONT" };

/// Runs the subcommand; without one it becomes the form.
pub(crate) async fn front(arguments: FrontArguments) -> Told<ExitCode> {
    match arguments.command {
        Some(FrontCommand::Key(key)) => key::key(&key)?,
        Some(FrontCommand::Status(status)) => status::status(status).await?,
        None => return Err(become_the_form(&arguments.listen)),
    }
    Ok(ExitCode::SUCCESS)
}

/// Comes back only if there is no such program: signals then reach the form itself.
fn become_the_form(arguments: &ListenArguments) -> String {
    let program = FRONT.path();
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
        "{}: {error}. ./x build puts {} beside jikim, or name it with JIKIM_FRONT",
        program.display(),
        FRONT.name
    )
}
