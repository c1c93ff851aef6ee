//! What is sealed opens with `age` and any ZIP reader, and with nothing else. `testdata/bundle/sealed.json`
//! is a container that this crate sealed once (`UPDATE=1` writes it anew); the page's test opens it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use std::io::Read as _;

use age::secrecy::SecretString;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bundle::{Clip, Contents, Cover, Gap, PackError, Passphrase, SealError, Words, seal};
use sha2::{Digest as _, Sha256};

const CLIP: &[u8] = include_bytes!("../../../testdata/bundle/clip.mp4");
const VECTOR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/bundle/sealed.json");

fn words(ko: &str, en: &str) -> Words {
    Words { ko: ko.to_owned(), en: en.to_owned() }
}

fn contents() -> Contents {
    let gap = Gap {
        from: "2026-11-20T05:00:01Z".into(),
        until: "2026-11-20T05:00:02Z".into(),
        cause: words("카메라와 연결이 끊김", "the camera was not connected"),
    };
    let clip = Clip {
        file: "clip-1.mp4".into(),
        camera: "주차장 입구".into(),
        from: "2026-11-20T05:00:00Z".into(),
        until: "2026-11-20T05:00:03Z".into(),
        masked: true,
        gaps: vec![gap],
    };
    let cover = Cover {
        number: "2026/17".into(),
        agency: words("견본기관", "Sample agency"),
        contact: "02-000-0000".into(),
        sealed_at: "2026-11-21T00:00:00Z".into(),
        recipient: "홍길동 <b>".into(),
        purpose: "주차장 사고 확인".into(),
        use_until: Some("2026-12-31".into()),
        conditions: vec![words("다른 사람에게 주지 않습니다.", "It is given to nobody else.")],
        clips: vec![clip],
    };
    Contents { cover, cover_pdf: Some(b"%PDF-1.7\n".to_vec()), clips: vec![CLIP.to_vec()] }
}

fn passphrase() -> Passphrase {
    "4T9X-M2HC-0RVA-86YK-7QWB".parse().unwrap()
}

/// The text between two marks; each stands once.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    assert_eq!(text.matches(before).count(), 1, "{before}");
    text.split_once(before).unwrap().1.split_once(after).unwrap().0
}

/// What is sealed in a file, as `age` has it.
fn sealed_in(file: &[u8]) -> Vec<u8> {
    let text = str::from_utf8(file).unwrap();
    let lines = between(text, "<script type=\"application/age\" id=\"sealed\">\n", "</script>");
    STANDARD.decode(lines.replace('\n', "")).unwrap()
}

fn opened(sealed: &[u8], passphrase: &str) -> Option<Vec<u8>> {
    let identity = age::scrypt::Identity::new(SecretString::from(passphrase));
    let decryptor = age::Decryptor::new(sealed).ok()?;
    let mut reader = decryptor.decrypt(std::iter::once(&identity as &dyn age::Identity)).ok()?;
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

fn files_of(container: Vec<u8>) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(container)).unwrap();
    let count = zip.len();
    let read = |at| {
        let mut file = zip.by_index(at).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        (file.name().unwrap().into_owned(), bytes)
    };
    (0..count).map(read).collect()
}

#[test]
fn what_is_sealed_comes_out_whole_and_only_with_the_passphrase() {
    let sealed = seal(&contents(), &passphrase()).unwrap();
    let entered = sealed.sha256();
    let file = sealed.finish("c2sp.org/tlog-proof@v1\n").unwrap();
    let age = sealed_in(&file);
    let files = files_of(opened(&age, passphrase().expose()).unwrap());
    let names: Vec<_> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["cover.json", "cover.pdf", "clip-1.mp4", "SHA256SUMS"]);
    assert_eq!(files[2].1, CLIP);
    assert_eq!(serde_json::from_slice::<Cover>(&files[0].1).unwrap(), contents().cover);
    let hex: String = Sha256::digest(CLIP).iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(str::from_utf8(&files[3].1).unwrap().contains(&format!("{hex}  clip-1.mp4\n")));
    // What is entered ends where the receipt begins.
    let at = file
        .windows(40)
        .position(|it| it.starts_with(b"<script type=\"text/plain\" id=\"receipt\">"));
    assert_eq!(<[u8; 32]>::from(Sha256::digest(&file[..at.unwrap()])), entered);
    let end = b"\"receipt\">\nc2sp.org/tlog-proof@v1\n</script>\n</body>\n</html>\n";
    assert!(file.ends_with(end));
    // Another passphrase, or a byte that was changed anywhere, opens nothing; the control is above.
    assert_eq!(opened(&age, "4T9X-M2HC-0RVA-86YK-7QWC"), None);
    for at in (0..age.len()).step_by(age.len() / 11) {
        let mut changed = age.clone();
        changed[at] ^= 1;
        assert_eq!(opened(&changed, passphrase().expose()), None, "byte {at}");
    }
    for part in ["홍길동", "주차장", "ftypisom"] {
        assert!(!file.windows(part.len()).any(|it| it == part.as_bytes()), "{part} lies open");
    }
}

#[test]
fn what_does_not_fit_is_not_sealed() {
    let mut other = contents();
    other.cover.clips[0].file = "../clip.mp4".into();
    assert!(matches!(
        seal(&other, &passphrase()),
        Err(SealError::Pack(PackError::Clips { told: 1, given: 1 }))
    ));
    let mut more = contents();
    more.clips.push(Vec::new());
    assert!(seal(&more, &passphrase()).is_err());
    let mut long = contents();
    long.clips[0] = vec![0; bundle::LONGEST_CONTENTS];
    assert!(matches!(seal(&long, &passphrase()), Err(SealError::Pack(PackError::TooLong { .. }))));
    for receipt in ["", "no line feed", "a\n</script><script>\n", "a\r\n"] {
        let sealed = seal(&contents(), &passphrase()).unwrap();
        assert!(sealed.finish(receipt).is_err(), "{receipt:?}");
    }
}

#[test]
fn the_vector_opens() {
    if std::env::var_os("UPDATE").is_some() {
        let file = seal(&contents(), &passphrase()).unwrap().finish("-\n").unwrap();
        let sealed = STANDARD.encode(sealed_in(&file));
        let vector = serde_json::json!({ "passphrase": passphrase().expose(), "sealed": sealed });
        std::fs::write(VECTOR, format!("{vector:#}\n")).unwrap();
    }
    let vector: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(VECTOR).unwrap()).unwrap();
    let sealed = STANDARD.decode(vector["sealed"].as_str().unwrap()).unwrap();
    let files = files_of(opened(&sealed, vector["passphrase"].as_str().unwrap()).unwrap());
    assert_eq!(files[2], ("clip-1.mp4".to_owned(), CLIP.to_vec()));
    assert_eq!(serde_json::from_slice::<Cover>(&files[0].1).unwrap(), contents().cover);
}
