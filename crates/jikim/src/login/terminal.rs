//! Asking at the terminal: aloud, and without echo for what nobody else should read.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

use crate::{Told, sentence};

/// Bytes of the longest line: a name, a password, or a link.
pub(super) const MAX_LINE_BYTES: u64 = 4096;

/// The terminal at which the command was typed, whatever its input and output are.
pub(super) struct Terminal(File);

impl Terminal {
    pub(super) fn open() -> Told<Self> {
        let opened = File::options().read(true).write(true).open("/dev/tty");
        opened.map(Self).map_err(|_| {
            "물어볼 터미널이 없습니다. --name과 --password-stdin을 쓰십시오. · There is no terminal to ask at; use --name and --password-stdin.".into()
        })
    }

    /// Asks for a line.
    pub(super) async fn ask(&self, prompt: &str) -> Told<String> {
        self.say(prompt)?;
        self.line().await
    }

    /// Asks for a line that is not shown.
    pub(super) async fn ask_secret(&self, prompt: &str) -> Told<api::Secret> {
        let quiet = Quiet::on(&self.0)?;
        self.say(prompt)?;
        let line = self.line().await;
        drop(quiet);
        // The end of the line was not shown either.
        self.say("\n")?;
        line.map(api::Secret::new)
    }

    fn say(&self, text: &str) -> Told<()> {
        (&self.0).write_all(text.as_bytes()).map_err(sentence)
    }

    /// A thread of its own waits for the line, so that Ctrl-C ends the asking here, with the echo on again.
    async fn line(&self) -> Told<String> {
        let tty = self.0.try_clone().map_err(sentence)?;
        let line = tokio::task::spawn_blocking(move || {
            // A terminal gives one line at a time, so nothing that follows is lost.
            let mut line = String::new();
            let read = BufReader::new(tty.take(MAX_LINE_BYTES)).read_line(&mut line);
            read.map(|_| line.trim_end_matches(['\r', '\n']).to_owned())
        });
        tokio::select! {
            line = line => line.map_err(sentence)?.map_err(sentence),
            _ = tokio::signal::ctrl_c() => Err("그만두었습니다. · Given up.".into()),
        }
    }
}

/// No echo until it is dropped.
struct Quiet<'a> {
    tty: &'a File,
    before: Termios,
}

impl<'a> Quiet<'a> {
    fn on(tty: &'a File) -> Told<Self> {
        let before = tcgetattr(tty).map_err(sentence)?;
        let mut quiet = before.clone();
        quiet.local_modes.remove(LocalModes::ECHO | LocalModes::ECHONL);
        // What was typed ahead was shown, and is thrown away.
        tcsetattr(tty, OptionalActions::Flush, &quiet).map_err(sentence)?;
        Ok(Self { tty, before })
    }
}

impl Drop for Quiet<'_> {
    fn drop(&mut self) {
        // Nobody is left to be told.
        let _ = tcsetattr(self.tty, OptionalActions::Now, &self.before);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

    use super::*;

    /// A terminal, and who sits at it.
    fn terminal() -> (Terminal, File) {
        let person = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&person).unwrap();
        unlockpt(&person).unwrap();
        let name = ptsname(&person, Vec::new()).unwrap();
        let tty = File::options().read(true).write(true).open(name.to_str().unwrap()).unwrap();
        (Terminal(tty), File::from(person))
    }

    /// What stands on the screen once a question was answered.
    async fn typed(is_secret: bool) -> (String, String) {
        let (terminal, mut person) = terminal();
        let mut eyes = person.try_clone().unwrap();
        let typing = async {
            // The question stands there first: what was typed before it is thrown away.
            tokio::time::sleep(Duration::from_millis(300)).await;
            person.write_all("열려라 참깨\n".as_bytes()).unwrap();
        };
        let answer = async {
            match is_secret {
                true => terminal.ask_secret("비밀번호: ").await.unwrap().reveal().to_owned(),
                false => terminal.ask("이름: ").await.unwrap(),
            }
        };
        let (answer, ()) = tokio::join!(answer, typing);
        assert!(tcgetattr(&terminal.0).unwrap().local_modes.contains(LocalModes::ECHO));
        let mut seen = [0; 512];
        let length = eyes.read(&mut seen).unwrap();
        (answer, String::from_utf8_lossy(&seen[..length]).into_owned())
    }

    #[tokio::test]
    async fn a_password_is_not_shown_and_a_name_is() {
        let (answer, seen) = typed(true).await;
        assert_eq!(answer, "열려라 참깨");
        assert!(seen.starts_with("비밀번호: ") && !seen.contains("참깨"), "{seen:?}");
        let (answer, seen) = typed(false).await;
        assert_eq!(answer, "열려라 참깨");
        assert!(seen.contains("열려라 참깨"), "the control: {seen:?}");
    }
}
