//! A second source of time: time servers of the configuration, asked over SNTP (RFC 4330).
//!
//! The answer sets no clock. The vault holds it against the wall clock, and destroys by a clock that
//! was doubted only when both say the same (`docs/design/destruction.md`). There is no signature in SNTP:
//! an answer is held against the random number that was sent, so that only whoever sees the question
//! can forge one.

use std::sync::Arc;
use std::time::Duration;

use domain::WallTime;
use tokio::net::UdpSocket;
use tokio::time::Instant;
use vault::Vault;

/// What a server said counts for an hour.
const EVERY: Duration = Duration::from_secs(900);
/// While destruction is frozen they are asked more often.
const EVERY_WHEN_FROZEN: Duration = Duration::from_secs(60);
const PATIENCE: Duration = Duration::from_secs(5);
/// Seconds from 1900, where the protocol begins to count, to 1970.
const SECONDS_1900_TO_1970: u64 = 2_208_988_800;

/// Asks every server again and again.
pub(crate) async fn run(vault: Arc<Vault>, servers: Vec<String>) {
    loop {
        for server in &servers {
            match tokio::time::timeout(PATIENCE, ask(server)).await {
                Ok(Ok(said)) => vault.hear_time(server, said),
                Ok(Err(error)) => tracing::warn!(server, error, "a time server is no help"),
                Err(_) => tracing::warn!(server, "a time server does not answer"),
            }
        }
        let frozen = tokio::task::block_in_place(|| vault.status().destruction.frozen.is_some());
        tokio::time::sleep(if frozen { EVERY_WHEN_FROZEN } else { EVERY }).await;
    }
}

/// What time a server says it is: `HOST` or `HOST:PORT`.
async fn ask(server: &str) -> Result<WallTime, String> {
    let text = |error: std::io::Error| error.to_string();
    let has_port = server.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let address = if has_port { server.to_owned() } else { format!("{server}:123") };
    let address = tokio::net::lookup_host(address).await.map_err(text)?.next();
    let address = address.ok_or("the name has no address")?;
    let own = if address.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
    let socket = UdpSocket::bind(own).await.map_err(text)?;
    socket.connect(address).await.map_err(text)?;
    let mark: [u8; 8] = host::random_bytes();
    let mut question = [0u8; 48];
    // Version 4, mode client.
    question[0] = 0x23;
    question[40..48].copy_from_slice(&mark);
    let began = Instant::now();
    socket.send(&question).await.map_err(text)?;
    let mut answer = [0u8; 128];
    let length = socket.recv(&mut answer).await.map_err(text)?;
    let said = read(&answer[..length], mark).ok_or("the answer is no time")?;
    Ok(said + began.elapsed() / 2)
}

/// The moment at which an answer was sent; none if it is not an answer to this question, or the
/// server does not know the time itself.
fn read(answer: &[u8], mark: [u8; 8]) -> Option<WallTime> {
    let head = answer.get(..48)?;
    let (leap, mode, stratum) = (head[0] >> 6, head[0] & 7, head[1]);
    if leap == 3 || mode != 4 || !(1..=15).contains(&stratum) || head[24..32] != mark {
        return None;
    }
    let number = |at: usize| u32::from_be_bytes(head[at..at + 4].try_into().expect("four bytes"));
    let (seconds, fraction) = (u64::from(number(40)), u64::from(number(44)));
    if seconds == 0 && fraction == 0 {
        return None;
    }
    // The counter turns over in 2036: what would be before 1968 is after that.
    let seconds = if seconds < 1 << 31 { seconds + (1 << 32) } else { seconds };
    let micros = (seconds.checked_sub(SECONDS_1900_TO_1970)?) * 1_000_000;
    Some(WallTime::from_micros(i64::try_from(micros + ((fraction * 1_000_000) >> 32)).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server that answers one question with what `change` makes of a right answer.
    async fn answered(change: impl FnOnce(&mut [u8; 48]) + Send + 'static) -> Option<WallTime> {
        let server = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let address = server.local_addr().unwrap().to_string();
        let answers = tokio::spawn(async move {
            let mut question = [0u8; 48];
            let (length, from) = server.recv_from(&mut question).await.unwrap();
            assert_eq!((length, question[0]), (48, 0x23));
            let mut answer = [0u8; 48];
            (answer[0], answer[1]) = (0x24, 2);
            answer[24..32].copy_from_slice(&question[40..48]);
            // 2026-11-21T12:00:00.5Z
            let seconds = u32::try_from(1_795_262_400 + SECONDS_1900_TO_1970).unwrap();
            answer[40..44].copy_from_slice(&seconds.to_be_bytes());
            answer[44] = 0x80;
            change(&mut answer);
            server.send_to(&answer, from).await.unwrap();
        });
        let said = ask(&address).await;
        answers.await.unwrap();
        said.ok()
    }

    #[tokio::test]
    async fn k2_a_time_server_is_heard_and_what_answers_another_question_is_not() {
        let said = answered(|_| {}).await.unwrap();
        let right: WallTime = "2026-11-21T12:00:00.5Z".parse().unwrap();
        assert!(said.since(right) < Duration::from_secs(5) && said >= right, "{said}");
        assert_eq!(answered(|answer| answer[24] ^= 1).await, None);
        // It does not know the time itself, or is no server.
        assert_eq!(answered(|answer| answer[0] = 0xe4).await, None);
        assert_eq!(answered(|answer| answer[1] = 0).await, None);
        assert_eq!(answered(|answer| answer[0] = 0x23).await, None);
    }

    #[test]
    fn the_counter_turns_over_in_2036() {
        let mut answer = [0u8; 48];
        (answer[0], answer[1], answer[43]) = (0x24, 1, 1);
        let said = read(&answer, [0; 8]).unwrap();
        assert_eq!(said.to_string(), "2036-02-07T06:28:17.000000Z");
        assert_eq!(read(&answer[..47], [0; 8]), None);
    }
}
