//! What can go wrong with a camera, told so that a person knows what to do.

use std::time::Duration;

use super::SourceConfig;

/// What was said, cut to one line and rid of the password, the path and the query.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Fault(String);

impl Fault {
    const MAX_CHARS: usize = 160;

    pub(super) fn new(text: &str, source: &SourceConfig) -> Self {
        let mut line: String = text.lines().next().unwrap_or_default().to_owned();
        for secret in source.secrets() {
            line = line.replace(secret, "…");
        }
        let clean = line.chars().filter(|letter| !letter.is_control());
        Self(clean.take(Self::MAX_CHARS).collect())
    }
}

/// Why a camera could not be connected to. `place` is its host and port.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConnectError {
    /// Nothing takes the call, or the line breaks.
    #[error(
        "the camera at {place} cannot be reached; check its power, its cable, its address and the port"
    )]
    Unreachable {
        /// Host and port.
        place: String,
        /// What the system said.
        source: Fault,
    },
    /// The camera wants another name or password (401, 403).
    #[error(
        "the camera at {place} refuses the name and password; enter those of an account on the camera that may watch"
    )]
    Refused {
        /// Host and port.
        place: String,
    },
    /// It shows another certificate than at first sight.
    #[error(
        "the camera at {place} shows another certificate than before; if its device was replaced, enter it as replaced, else look at who stands between"
    )]
    CertificateChanged {
        /// Host and port.
        place: String,
    },
    /// What answers does not speak RTSP.
    #[error(
        "what answers at {place} is not an RTSP camera; check the port (usually 554, not the one of its web page)"
    )]
    NotACamera {
        /// Host and port.
        place: String,
        /// What was wrong.
        source: Fault,
    },
    /// The camera answers, but not to this path (404), or not now.
    #[error(
        "the camera at {place} answers {status}; check the path of the address, and how many others it lets watch at once"
    )]
    Rejected {
        /// Host and port.
        place: String,
        /// The RTSP status.
        status: u16,
    },
    /// The video is of a kind that is not recorded.
    #[error(
        "the camera at {place} sends {encoding}, which is not recorded; set its video to H.264 or H.265"
    )]
    Unsupported {
        /// Host and port.
        place: String,
        /// The encoding's name, in lower case.
        encoding: String,
    },
    /// No video track at all.
    #[error("the camera at {place} offers no video here; check the path of the address")]
    NoVideo {
        /// Host and port.
        place: String,
    },
    /// RTSP that cannot be understood.
    #[error(
        "the answer of the camera at {place} cannot be understood; update its firmware or restart it"
    )]
    Garbage {
        /// Host and port.
        place: String,
        /// What was wrong.
        source: Fault,
    },
    /// No answer in time.
    #[error(
        "the camera at {place} did not answer within {} s; check the address and any firewall between", .limit.as_secs_f32()
    )]
    TimedOut {
        /// Host and port.
        place: String,
        /// How long was waited.
        limit: Duration,
    },
}

/// Why a connection ended that had begun. `place` is the camera's host and port.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiveError {
    /// No picture came for too long.
    #[error(
        "the camera at {place} sent nothing for {} s; check its power and its network", .limit.as_secs_f32()
    )]
    Silent {
        /// Host and port.
        place: String,
        /// How long was waited.
        limit: Duration,
    },
    /// The line broke.
    #[error("the connection to the camera at {place} broke; check its power and its network")]
    Broken {
        /// Host and port.
        place: String,
        /// What was wrong.
        source: Fault,
    },
    /// What comes cannot be understood.
    #[error(
        "what the camera at {place} sends cannot be understood; restart it or update its firmware"
    )]
    Garbage {
        /// Host and port.
        place: String,
        /// What was wrong.
        source: Fault,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_keeps_no_secret_and_one_line() {
        let source = SourceConfig::parse("rtsp://me:hunter2@cam/user=me&pw=x?token=abc").unwrap();
        let told = "bad rtsp://cam/user=me&pw=x?token=abc with hunter2\u{7}\nand more";
        let fault = Fault::new(told, &source).to_string();
        assert_eq!(fault, "bad rtsp://cam/…?… with …");
        assert_eq!(Fault::new(&"x".repeat(999), &source).to_string().len(), Fault::MAX_CHARS);
    }
}
