//! What `jikim login` and `jikim logout` are told.

use std::path::PathBuf;

use clap::Args;

#[derive(Args)]
pub(crate) struct LoginArguments {
    /// The recorder's data folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// The sign-in name; asked if left out. With --link the one that you choose.
    #[arg(long, required_if_eq("password_stdin", "true"))]
    pub(crate) name: Option<String>,
    /// Use a one-time link, which is asked for: chooses name and password.
    #[arg(long)]
    pub(crate) link: bool,
    /// Read the password from standard input, one line; with --link the link on a line before it.
    #[arg(long)]
    pub(crate) password_stdin: bool,
}

#[derive(Args)]
pub(crate) struct LogoutArguments {
    /// The recorder's data folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
}
