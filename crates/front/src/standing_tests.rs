//! Status files: opened by their code alone.

use super::*;

#[test]
fn a_status_is_read_with_its_code_and_nothing_else() {
    let vectors: serde_json::Value =
        serde_json::from_str(include_str!("../../../testdata/front/vectors.json")).unwrap();
    let text = vectors["status_file"].as_str().unwrap();
    let file: Vec<u8> = (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect();
    let receipt: Receipt = "W7K2-9QPM".parse().unwrap();
    let code: Code = vectors["code"].as_str().unwrap().parse().unwrap();
    let standing = Standing::open(&file, &receipt, &code).unwrap();
    assert_eq!(serde_json::to_value(&standing).unwrap(), vectors["status"]);
    let nonce: [u8; NONCE_LEN] = std::array::from_fn(|at| 201 + u8::try_from(at).unwrap());
    assert_eq!(standing.seal_with(&receipt, &code, nonce), file, "to the byte");
    assert!(file.len() <= LONGEST_STATUS);
    let other = Code::typed("4T9X-M2HC-0RVA-86YM").unwrap();
    assert_eq!(Standing::open(&file, &receipt, &other), None);
    assert_eq!(Standing::open(&file, &"W7K2-9QPN".parse().unwrap(), &code), None);
    for at in 0..file.len() {
        let mut changed = file.clone();
        changed[at] ^= 1;
        assert_eq!(Standing::open(&changed, &receipt, &code), None, "byte {at}");
    }
    assert_eq!(Standing::open(&file[..40], &receipt, &code), None);
}
