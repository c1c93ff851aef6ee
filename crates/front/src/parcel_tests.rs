//! Sealed files against vectors that another implementation made, and against whoever changes them.

use host::Secret;

use super::*;

fn vectors() -> serde_json::Value {
    serde_json::from_str(include_str!("../../../testdata/front/vectors.json")).unwrap()
}

fn bytes(text: &serde_json::Value) -> Vec<u8> {
    let text = text.as_str().unwrap();
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

fn key(first: u8) -> PrivateKey {
    let bytes: Vec<u8> = (first..first + 32).collect();
    PrivateKey::new(Secret::from_bytes(bytes.try_into().unwrap()))
}

#[test]
fn what_another_implementation_sealed_is_opened() {
    let vectors = vectors();
    assert_eq!(bytes(&vectors["private_key"]), (1..33).collect::<Vec<u8>>());
    assert_eq!(key(1).public().to_string(), vectors["public_key"]);
    let (receipt, parcel) = Parcel::open(&bytes(&vectors["sealed"]), &key(1)).unwrap();
    assert_eq!(receipt.as_str(), parcel.receipt);
    assert_eq!(serde_json::to_value(&parcel).unwrap(), vectors["request"]);
}

#[test]
fn what_is_sealed_is_opened_by_its_key_alone_and_whole() {
    let parcel: Parcel = serde_json::from_value(vectors()["request"].clone()).unwrap();
    let receipt: Receipt = parcel.receipt.parse().unwrap();
    let file = parcel.seal(&receipt, &key(1).public());
    assert_eq!(Parcel::open(&file, &key(1)), Ok((receipt.clone(), parcel.clone())));
    assert_ne!(
        file,
        parcel.seal(&receipt, &key(1).public()),
        "each is sealed with chance of its own"
    );
    assert_eq!(Parcel::open(&file, &key(2)), Err(OpenParcelError::OtherKey));
    for at in 0..file.len() {
        let mut changed = file.clone();
        changed[at] ^= 1;
        assert!(Parcel::open(&changed, &key(1)).is_err(), "byte {at}");
    }
    for length in [0, 21, HEAD_BYTES, HEAD_BYTES + 48, file.len() - 1] {
        assert!(Parcel::open(&file[..length], &key(1)).is_err(), "{length}");
    }
    assert_eq!(Parcel::open(&vec![0; LONGEST_SEALED + 1], &key(1)), Err(OpenParcelError::Format));
    // Anybody can seal: another number inside than outside is no request.
    let other = Parcel { receipt: "0000-0000".into(), ..parcel };
    let file = other.seal(&receipt, &key(1).public());
    assert_eq!(Parcel::open(&file, &key(1)), Err(OpenParcelError::Changed));
}

#[test]
fn the_length_says_little() {
    let parcel: Parcel = serde_json::from_value(vectors()["request"].clone()).unwrap();
    let receipt: Receipt = parcel.receipt.parse().unwrap();
    let length = |reason: &str| {
        let parcel = Parcel { reason: reason.into(), ..parcel.clone() };
        parcel.seal(&receipt, &key(1).public()).len()
    };
    assert_eq!(length("a"), length(&"가".repeat(500)));
}
