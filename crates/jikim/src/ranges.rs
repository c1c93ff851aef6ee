//! What cameras film and what they are: the masked picture of the range, and the device as an asset.

use access::{Grant, act};
use api::ErrorCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use domain::CameraId;
use ledger::{AssetRecord, Event, Kind, Record};
use policy::AssetFact;
use server::HouseError;

use crate::edge::failed;
use crate::house::House;
use crate::plan_picture::is_fit;
use crate::register::{camera, time};

/// The masked picture of what a camera films.
pub(crate) fn picture(house: &House, camera: CameraId) -> Result<api::RangePicture, HouseError> {
    let picture = tokio::task::block_in_place(|| house.ledger.range_picture(camera));
    let picture = picture.map_err(crate::ledger_view::read_failed)?;
    let none = HouseError::Unfit(ErrorCode::NotFound);
    let (Some(picture_base64), Some((number, at))) =
        (picture, house.ledger.range_picture_at(camera))
    else {
        return Err(none);
    };
    let (entered_at, ledger_entry) = (time(at), number.to_string());
    Ok(api::RangePicture { picture_base64, entered_at, ledger_entry })
}

/// Keeps the picture of what the camera of the grant films.
pub(crate) async fn keep(
    house: &House,
    grant: &Grant<act::ChangeRange>,
    new: api::NewRangePicture,
) -> Result<api::Camera, HouseError> {
    let id = *grant.cameras().first().ok_or(HouseError::Unfit(ErrorCode::NotFound))?;
    let known = house.ledger.camera(id).filter(|it| it.retired_at.is_none());
    known.ok_or(HouseError::Unfit(ErrorCode::NotFound))?;
    if let Some(text) = &new.picture_base64 {
        let bytes = BASE64.decode(text).ok();
        let is_fit = bytes.is_some_and(|bytes| is_fit(&bytes));
        is_fit.then_some(()).ok_or(HouseError::Unfit(ErrorCode::PictureUnfit))?;
    }
    grant.check().map_err(|error| failed(ErrorCode::Forbidden)(error.into()))?;
    let record = Record::RangePicture {
        actor: grant.actor().to_string(),
        camera: id.to_string(),
        picture: new.picture_base64,
    };
    let event = Event { kind: Kind::Camera, record: Some(record) };
    let entered = house.ledger.append(vec![event]).await;
    entered.map_err(|error| failed(ErrorCode::LedgerUnavailable)(error.into()))?;
    camera(house, id)
}

/// What a page or script says of a device.
pub(crate) fn asset_from(asset: api::Asset) -> Result<AssetRecord, HouseError> {
    let until = asset.certified_until.filter(|text| !text.trim().is_empty());
    if until.as_ref().is_some_and(|text| law::date(text).is_err()) {
        return Err(HouseError::Unfit(ErrorCode::DayUnfit));
    }
    Ok(AssetRecord {
        maker: asset.maker,
        model: asset.model,
        serial: asset.serial,
        firmware: asset.firmware,
        certified_by: asset.certified_by,
        certificate: asset.certificate,
        certified_firmware: asset.certified_firmware,
        certified_until: until,
    })
}

/// The same on its way out.
pub(crate) fn asset(record: &AssetRecord) -> api::Asset {
    let it = record.clone();
    api::Asset {
        maker: it.maker,
        model: it.model,
        serial: it.serial,
        firmware: it.firmware,
        certified_by: it.certified_by,
        certificate: it.certificate,
        certified_firmware: it.certified_firmware,
        certified_until: it.certified_until,
    }
}

/// The devices that hang there now and of which somebody said what they are.
pub(crate) fn asset_facts(house: &House) -> Vec<AssetFact> {
    let cameras = house.ledger.cameras().into_iter().filter(|it| it.retired_at.is_none());
    let fact = |camera: ledger::CameraRecord| {
        let asset = camera.devices.last()?.asset.clone()?;
        let until = asset.certified_until.as_deref().and_then(|text| law::date(text).ok());
        Some(AssetFact {
            camera: camera.name,
            firmware: asset.firmware,
            certified_firmware: asset.certified_firmware,
            certified_until: until,
        })
    };
    cameras.filter_map(fact).collect()
}
