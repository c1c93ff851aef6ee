//! What a floor can be.

use super::*;

fn camera(index: u8) -> String {
    CameraId::from_bytes([index; 16]).to_string()
}

fn place(index: u8) -> PlacedRecord {
    PlacedRecord {
        camera: camera(index),
        x_permyriad: 0,
        y_permyriad: 10_000,
        direction_deg: Some(359),
        angle_deg: Some(360),
        reach_permyriad: None,
    }
}

fn floor(index: u8, name: &str, cameras: Vec<PlacedRecord>) -> FloorRecord {
    FloorRecord {
        floor: FloorId::from_bytes([index; 16]).to_string(),
        site: "본관 부지".into(),
        building: "본관".into(),
        name: name.into(),
        level: 1,
        cameras,
        removed_at: None,
    }
}

fn beside(record: FloorRecord) -> Vec<FloorFact> {
    let number = ledger::EntryNumber { year: 2026, index: 1 };
    vec![FloorFact { record, number, at: domain::WallTime::EPOCH, picture: None }]
}

fn refused(record: &FloorRecord, floors: &[FloorFact]) -> Option<ErrorCode> {
    check(record, floors).err().map(|error| error.code())
}

#[test]
fn a_floor_is_as_said_or_not_at_all() {
    assert_eq!(refused(&floor(1, "1층", vec![place(1), place(2)]), &[]), None);
    let bent: [fn(&mut FloorRecord); 9] = [
        |it| it.name = String::new(),
        |it| it.name = "가".repeat(65),
        |it| it.site = "두\n줄".into(),
        |it| it.building = String::new(),
        |it| it.level = 201,
        |it| it.cameras[0].x_permyriad = 10_001,
        |it| it.cameras[0].direction_deg = Some(360),
        |it| it.cameras[0].angle_deg = Some(0),
        |it| it.cameras.push(place(1)),
    ];
    for (index, bend) in bent.into_iter().enumerate() {
        let mut record = floor(1, "1층", vec![place(1)]);
        bend(&mut record);
        assert_eq!(refused(&record, &[]), Some(ErrorCode::PlanUnfit), "{index}");
    }
}

#[test]
fn no_two_floors_of_a_building_have_a_name_and_no_camera_two_places() {
    let others = beside(floor(2, "2층", vec![place(2)]));
    assert_eq!(refused(&floor(1, "1층", vec![place(1)]), &others), None);
    assert_eq!(refused(&floor(1, "2층", Vec::new()), &others), Some(ErrorCode::PlanUnfit));
    let twice = floor(1, "1층", vec![place(2)]);
    assert_eq!(refused(&twice, &others), Some(ErrorCode::CameraElsewhere));
    // A floor is not in its own way.
    assert_eq!(refused(&floor(2, "2층", vec![place(2)]), &others), None);
}
