//! The program: `run`, `demo`, `camera`, `status`, `check`, `doctor`. Wires all the crates, and does nothing
//! that one of them could do.

mod arguments;
mod attestations;
mod camera_command;
mod camera_facts;
mod certificate;
mod check_command;
mod config;
mod demo;
mod demo_witness;
mod desk_facts;
mod destruction_command;
mod disclosure_desk;
mod disclosure_view;
mod doctor;
mod edge;
mod enforcement;
mod export_command;
mod exports;
mod front_command;
mod front_desk;
mod health;
mod helper_program;
mod hold_view;
mod house;
mod institution;
mod law_command;
mod ledger_command;
mod ledger_view;
mod listing;
mod login;
mod looser_policy;
mod lying;
mod mask_command;
mod plan_picture;
mod plans;
mod policy_command;
mod policy_desk;
mod press_line;
mod promises;
mod publication;
mod published_days;
mod published_text;
mod ranges;
mod rates;
mod register;
mod register_command;
mod register_desk;
mod request_command;
mod request_deletion;
mod request_desk;
mod request_hold;
mod request_letter;
mod request_objection;
mod request_view;
mod retention;
mod run;
mod scrub;
mod single_minutes;
mod socket_client;
mod status;
mod status_command;
mod tasks;
mod text_file;
mod time_source;
mod tls;
mod visit_desk;
mod witness_health;
mod witness_line;
mod witnesses;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // What the copies under attack have to say would only frighten.
    log_to_stderr(if matches!(arguments.command, Command::Doctor(_)) { "off" } else { "info" });
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("the operating system gives threads");
    let result = runtime.block_on(async {
        match arguments.command {
            Command::Run(run) => run::run(run).await,
            Command::Demo(demo) => demo::demo(demo).await,
            Command::Camera(camera) => camera_command::camera(camera).await,
            Command::Status(status) => status_command::status(status).await,
            Command::Check(check) => check_command::check(check).await,
            Command::Doctor(asked) => doctor::doctor(asked).await,
            Command::Destruction(asked) => destruction_command::destruction(asked).await,
            Command::Law(asked) => law_command::law(&asked),
            Command::Policy(asked) => policy_command::policy(asked.command).await,
            Command::Promises(asked) => policy_command::promises(asked).await,
            Command::Publish(asked) => publication::publish(asked).await,
            Command::Login(asked) => login::login(asked).await,
            Command::Logout(asked) => login::logout(asked).await,
            Command::Mask(asked) => mask_command::mask(&asked),
            Command::Request(asked) => request_command::request(asked).await,
            Command::Register(asked) => register_command::register(asked).await,
            Command::Export(asked) => export_command::export(asked).await,
            Command::Front(asked) => front_command::front(asked).await,
            Command::Ledger(asked) => ledger_command::ledger(asked).await,
        }
    });
    runtime.shutdown_timeout(std::time::Duration::from_millis(500));
    match result {
        Ok(code) => code,
        Err(sentence) => {
            tell(&sentence);
            ExitCode::FAILURE
        }
    }
}

/// What went wrong, as one sentence that says what to do.
pub(crate) type Told<T> = Result<T, String>;

/// Turns an error into its sentence.
pub(crate) fn sentence(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// Says something to the person at the terminal.
#[allow(clippy::print_stderr)]
pub(crate) fn tell(sentence: &str) {
    eprintln!("jikim: {sentence}");
}

/// Gives a result to the person or script that asked. One who has read enough and hung up (`| head`)
/// is no mistake.
pub(crate) fn give(result: &str) {
    use std::io::Write as _;
    let mut out = std::io::stdout();
    let _ = writeln!(out, "{result}").and_then(|()| out.flush());
}

/// Diagnostics go to standard error: `JIKIM_LOG` says how much. `retina` stays out, since it writes
/// whole addresses of cameras, and some carry the password in there.
fn log_to_stderr(usually: &str) {
    let wanted = std::env::var("JIKIM_LOG").unwrap_or_else(|_| usually.into());
    let sqlx = if wanted == "off" { "off" } else { "warn" };
    let filter = tracing_subscriber::EnvFilter::try_new(format!("{wanted},retina=off,sqlx={sqlx}"))
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,retina=off"));
    let colours = std::io::IsTerminal::is_terminal(&std::io::stderr());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(colours)
        .init();
}
