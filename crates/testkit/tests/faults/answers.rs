//! Faults of answers, connections and cameras as a whole.

use std::io::Write;
use std::time::{Duration, Instant};

use testkit::SimFault;

use crate::raw::{Client, counter, frames};
use crate::{camera, serve};

#[test]
fn reboot_closes_refuses_and_comes_back_with_other_numbers() {
    let server = serve(camera());
    let mut client = Client::play(&server);
    let before = client.media_for(Duration::from_secs(3));
    server.set_fault(0, SimFault::Reboot { down_s: 2 }).unwrap();
    let began = Instant::now();
    assert!(!client.receive_for(Duration::from_secs(1)), "the connection is closed");
    let mut refused = Client::connect(&server);
    refused.say("DESCRIBE", "");
    assert!(refused.answer().is_none());
    assert!(began.elapsed() < Duration::from_secs(2));
    std::thread::sleep(Duration::from_secs(2).saturating_sub(began.elapsed()));
    let after = Client::play(&server).media_for(Duration::from_secs(3));
    assert_ne!(before[0].ssrc(), after[0].ssrc());
    let last = frames(&before).into_iter().filter_map(counter).max();
    assert!(frames(&after).into_iter().filter_map(counter).min() > last);
}

#[test]
fn garbage_rtsp_is_no_answer_and_stands_between_frames() {
    let server = serve(camera());
    let mut playing = Client::play(&server);
    playing.media_for(Duration::from_secs(3));
    server.set_fault(0, SimFault::GarbageRtsp).unwrap();
    playing.receive_for(Duration::from_secs(1));
    playing.packets_for(Duration::from_millis(500));
    assert!(!playing.received.is_empty(), "the framing is lost");
    let mut client = Client::connect(&server);
    client.say("DESCRIBE", "");
    client.receive_for(Duration::from_millis(300));
    assert_eq!(client.received.len(), 512);
    assert!(!client.received.starts_with(b"RTSP"));
}

#[test]
fn garbage_sdp_is_a_right_answer_with_a_wrong_body() {
    let server = serve(camera());
    server.set_fault(0, SimFault::GarbageSdp).unwrap();
    let answer = Client::connect(&server).ask("DESCRIBE", "");
    assert_eq!((answer.status(), answer.body.len()), (200, 512));
    assert!(String::from_utf8(answer.body).is_err());
}

#[test]
fn mjpeg_is_all_that_is_offered() {
    let server = serve(camera());
    server.set_fault(0, SimFault::Mjpeg).unwrap();
    let body = Client::connect(&server).ask("DESCRIBE", "").body;
    let body = String::from_utf8(body).unwrap();
    assert!(body.contains("m=video 0 RTP/AVP 26\r\n") && !body.contains("H264"), "{body}");
}

#[test]
fn silent_never_answers_and_keeps_the_connection() {
    let server = serve(camera());
    server.set_fault(0, SimFault::Silent).unwrap();
    let mut client = Client::connect(&server);
    client.say("DESCRIBE", "");
    assert!(client.receive_for(Duration::from_secs(1)));
    assert!(client.received.is_empty());
    server.clear_faults(0);
    assert_eq!(client.ask("DESCRIBE", "").status(), 200);
}

#[test]
fn slow_answers_come_byte_by_byte() {
    let server = serve(camera());
    server.set_fault(0, SimFault::Slow { byte_ms: 5 }).unwrap();
    let mut client = Client::connect(&server);
    let began = Instant::now();
    let answer = client.ask("OPTIONS", "");
    assert_eq!(answer.status(), 200);
    let fewest_ms = answer.head.len() as u64 * 5 - 5;
    assert!(began.elapsed() >= Duration::from_millis(fewest_ms));
}

#[test]
fn headers_and_descriptions_are_as_big_as_was_asked() {
    let server = serve(camera());
    server.set_fault(0, SimFault::BigHeaders(1 << 20)).unwrap();
    let answer = Client::connect(&server).ask("DESCRIBE", "");
    assert_eq!(answer.header("X-Padding")[0].len(), 1 << 20);
    server.clear_faults(0);
    server.set_fault(0, SimFault::BigSdp(1 << 20)).unwrap();
    let answer = Client::connect(&server).ask("DESCRIBE", "");
    assert!(answer.body.len() >= 1 << 20 && answer.head.len() < 1000);
    assert!(String::from_utf8(answer.body).unwrap().contains("a=x-padding:"));
}

#[test]
fn redirect_sends_the_client_elsewhere() {
    let server = serve(camera());
    for status in [301, 302] {
        let location = "rtsp://192.0.2.1/other".to_owned();
        server.set_fault(0, SimFault::Redirect { status, location: location.clone() }).unwrap();
        let answer = Client::connect(&server).ask("DESCRIBE", "");
        assert_eq!((answer.status(), answer.header("Location")), (status, vec![location]));
    }
    server.clear_faults(0);
    assert_eq!(Client::connect(&server).ask("DESCRIBE", "").status(), 200);
}

#[test]
fn half_open_neither_sends_nor_answers_nor_closes() {
    let server = serve(camera());
    let mut client = Client::play(&server);
    assert!(!client.media_for(Duration::from_secs(3)).is_empty());
    server.set_fault(0, SimFault::HalfOpen).unwrap();
    client.packets_for(Duration::from_millis(300));
    client.say("GET_PARAMETER", "");
    client.stream.shutdown(std::net::Shutdown::Write).unwrap();
    assert!(client.receive_for(Duration::from_secs(1)), "it does not close");
    assert!(client.received.is_empty());
    let mut other = Client::connect(&server);
    other.say("DESCRIBE", "");
    assert!(other.receive_for(Duration::from_secs(1)) && other.received.is_empty());
    server.clear_faults(0);
    assert_eq!(other.answer().unwrap().status(), 200);
}

#[test]
fn impatient_closes_sessions_that_stay_silent() {
    let server = serve(camera());
    server.set_fault(0, SimFault::Impatient { timeout_s: 1 }).unwrap();
    let mut client = Client::connect(&server);
    let setup = client.begin("RTP/AVP/TCP;unicast;interleaved=0-1");
    assert!(setup.header("Session")[0].ends_with(";timeout=1"));
    for _ in 0..4 {
        assert!(client.receive_for(Duration::from_millis(500)));
        assert_eq!(client.ask("GET_PARAMETER", "").status(), 200);
    }
    assert!(!client.receive_for(Duration::from_secs(2)), "it is closed");
}

#[test]
fn what_is_no_request_ends_the_connection() {
    let server = serve(camera());
    let mut client = Client::connect(&server);
    client.stream.write_all(&[b'x'; 20_000]).unwrap();
    assert!(!client.receive_for(Duration::from_secs(1)));
}
