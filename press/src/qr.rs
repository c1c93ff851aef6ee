//! A QR code as a drawing.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

/// Clear space around it, in modules; the standard asks for four.
const QUIET: i32 = 4;

/// Why there is no code.
#[derive(Debug, thiserror::Error)]
#[error("the address is too long for a QR code")]
pub(crate) struct MakeQrError;

/// A QR code of a text as SVG; a quarter of it may be dirty or torn.
pub(crate) fn svg(text: &str) -> Result<String, MakeQrError> {
    let code = QrCode::encode_text(text, QrCodeEcc::Quartile).map_err(|_| MakeQrError)?;
    let side = code.size() + 2 * QUIET;
    let mut dark = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            let _ = write!(dark, "M{},{}h1v1h-1z", x + QUIET, y + QUIET);
        }
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" width=\"{side}\" height=\"{side}\">\
         <rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{dark}\" fill=\"#000\"/></svg>"
    ))
}
