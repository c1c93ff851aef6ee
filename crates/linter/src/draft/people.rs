//! Posts of a draft: titles and telephones, never names.

use super::Writer;
use crate::{Item, Person, Published, Role};

/// The posts; gives the word of the one whom people ask.
pub(super) fn posts(published: &Published, writer: &mut Writer<'_>) -> String {
    let about = |it: &&Person| it.item == Item::People && it.role != Role::Contractor;
    let mut listed: Vec<&Person> = published.people.iter().filter(about).collect();
    if listed.is_empty() {
        listed = published.people.iter().filter(|it| it.role != Role::Contractor).collect();
    }
    let mut ids: Vec<(String, Role)> = Vec::new();
    for person in listed {
        let (word, duty) = match person.role {
            Role::Manager => ("manager", "manager"),
            Role::ProtectionOfficer => ("protection-officer", "protection-officer"),
            Role::Access => ("access", "access"),
            Role::Officer | Role::Contractor | Role::Other => ("officer", "officer"),
        };
        let same = ids.iter().filter(|(id, _)| id.starts_with(word)).count();
        let id = if same == 0 { word.to_owned() } else { format!("{word}-{}", same + 1) };
        writer.table("[[post]]", Some(&id));
        let line = person.line;
        writer.set("duty", &toml::Value::from(duty), super::Mark::Read(line));
        writer.text("title", person.title.as_deref().map(|it| (it, line)));
        writer.text("department", person.department.as_deref().map(|it| (it, line)));
        writer.text("contact", person.contact.as_deref().map(|it| (it, line)));
        ids.push((id, person.role));
    }
    if ids.is_empty() {
        writer.table("[[post]]", Some("manager"));
        writer.set("duty", &toml::Value::from("manager"), super::Mark::Assumed);
        for key in ["title", "department", "contact"] {
            writer.text(key, None);
        }
        return "manager".into();
    }
    let asked = [Role::Officer, Role::Access, Role::Manager, Role::ProtectionOfficer];
    let found = asked.iter().find_map(|role| ids.iter().find(|(_, it)| it == role));
    found.map_or_else(|| ids[0].0.clone(), |(id, _)| id.clone())
}
