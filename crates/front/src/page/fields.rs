//! The fields of the form: each with its label, its hint and what is wrong with it.

use std::fmt::Write as _;

use domain::MAX_SPAN_CAMERAS;
use rights::LONGEST_LINE;

use super::{beside, escaped, paragraph};
use crate::form::{ANSWERS, ASKS, FOR_WHOM, Mistake, REASON_ROOM, Typed};
use crate::settings::Settings;

/// What is wrong, each with a link to its field.
pub(super) fn summary(mistakes: &[Mistake]) -> String {
    if mistakes.is_empty() {
        return String::new();
    }
    let mut text = format!(
        "<div class=\"told wrong\" role=\"alert\" id=\"mistakes\">\n<h2>고칠 곳: {0}{1}</h2>\n<ul>\n",
        mistakes.len(),
        beside("to be corrected; nothing was sent yet"),
    );
    for Mistake { field, ko, en } in mistakes {
        let _ = writeln!(text, "<li><a href=\"#{field}\">{}</a>{}</li>", escaped(ko), beside(en));
    }
    text + "</ul>\n</div>\n"
}

/// Writes fields with what was typed into them before.
struct Fields<'a> {
    typed: &'a Typed,
    mistakes: &'a [Mistake],
    html: String,
}

/// How one line is typed.
struct Line<'a> {
    name: &'a str,
    label: (&'a str, &'a str),
    hint: Option<(&'a str, &'a str)>,
    /// More attributes.
    with: &'a str,
}

/// The whole form.
pub(super) fn form(
    settings: &Settings,
    typed: &Typed,
    token: &str,
    mistakes: &[Mistake],
) -> String {
    let mut it = Fields { typed, mistakes, html: String::new() };
    it.html += "<form method=\"post\" action=\"request\" novalidate>\n";
    let _ =
        writeln!(it.html, "<input type=\"hidden\" name=\"token\" value=\"{}\">", escaped(token));
    it.html += &paragraph(
        "(선택)이라고 적힌 칸이 아니면 모두 적어 주십시오. 신분증 번호는 적지 마십시오.",
        "Fill in everything that is not marked optional. Never write the number of an identity document.",
    );
    it.choices("for", ("누구의 영상입니까", "Whose footage is it"), false, &FOR_WHOM);
    it.person();
    it.agent();
    it.choices("ask", ("무엇을 청구합니까", "What do you ask"), true, &ASKS);
    it.places(settings);
    it.times();
    it.reason();
    it.choices(
        "answer",
        ("답변을 어떻게 받으시겠습니까", "How do you want the answer"),
        false,
        &ANSWERS,
    );
    it.notice(settings);
    let _ = write!(it.html, "<button type=\"submit\">보내기{}</button>\n</form>\n", beside("Send"));
    it.html
}

impl Fields<'_> {
    fn mistake(&self, name: &str) -> Option<&Mistake> {
        self.mistakes.iter().find(|mistake| mistake.field == name)
    }

    /// What is wrong with a field, as it stands beside it.
    fn wrong(&self, name: &str) -> String {
        self.mistake(name).map_or_else(String::new, |Mistake { ko, en, .. }| {
            format!("<p class=\"mistake\" id=\"{name}-wrong\">{}{}</p>\n", escaped(ko), beside(en))
        })
    }

    /// Attributes that tie a field to its hint and its mistake.
    fn tied(&self, name: &str, has_hint: bool) -> String {
        let is_wrong = self.mistake(name).is_some();
        let ids = [(has_hint, "hint"), (is_wrong, "wrong")];
        let ids: Vec<String> =
            ids.iter().filter(|(is, _)| *is).map(|(_, what)| format!("{name}-{what}")).collect();
        let mut text = String::new();
        if !ids.is_empty() {
            let _ = write!(text, " aria-describedby=\"{}\"", ids.join(" "));
        }
        if is_wrong {
            text.push_str(" aria-invalid=\"true\"");
        }
        text
    }

    fn line(&mut self, line: &Line<'_>) {
        let Line { name, label: (ko, en), hint, with } = line;
        let hint_html = hint.map_or_else(String::new, |(ko, en)| {
            format!("<p class=\"hint\" id=\"{name}-hint\">{}{}</p>\n", escaped(ko), beside(en))
        });
        let (wrong, tied) = (self.wrong(name), self.tied(name, hint.is_some()));
        let value = escaped(self.typed.one(name));
        let _ = write!(
            self.html,
            "<div class=\"field\"><label for=\"{name}\">{}{}</label>\n{hint_html}{wrong}\
             <input id=\"{name}\" name=\"{name}\" value=\"{value}\" {with}{tied}></div>\n",
            escaped(ko),
            beside(en),
        );
    }

    /// A group of choices, one of them or several.
    fn choices(
        &mut self,
        name: &str,
        (ko, en): (&str, &str),
        are_many: bool,
        all: &[(&str, &str, &str)],
    ) {
        let kind = if are_many { "checkbox" } else { "radio" };
        let (wrong, tied) =
            (self.wrong(name), self.tied(name, false).replace(" aria-invalid=\"true\"", ""));
        let _ = write!(
            self.html,
            "<fieldset id=\"{name}\" tabindex=\"-1\"{tied}>\n<legend>{}{}</legend>\n{wrong}",
            escaped(ko),
            beside(en)
        );
        for (at, (value, ko, en)) in all.iter().enumerate() {
            let checked = if self.typed.has(name, value) { " checked" } else { "" };
            let _ = writeln!(
                self.html,
                "<div class=\"choice\"><input type=\"{kind}\" id=\"{name}-{at}\" name=\"{name}\" value=\"{value}\"{checked}>\
                 <label for=\"{name}-{at}\">{}{}</label></div>",
                escaped(ko),
                beside(en)
            );
        }
        self.html += "</fieldset>\n";
    }

    fn person(&mut self) {
        let legend = beside("Who was filmed");
        let _ = write!(self.html, "<fieldset>\n<legend>찍힌 사람{legend}</legend>\n");
        let limit = format!("maxlength=\"{LONGEST_LINE}\"");
        self.line(&Line {
            name: "name",
            label: ("성명", "Name"),
            hint: None,
            with: &format!("autocomplete=\"name\" {limit}"),
        });
        self.line(&Line {
            name: "phone",
            label: ("전화번호", "Telephone number"),
            hint: None,
            with: &format!("type=\"tel\" autocomplete=\"tel\" {limit}"),
        });
        self.line(&Line {
            name: "born",
            label: ("생년월일 (선택)", "Date of birth (optional)"),
            hint: Some(("1980-01-31처럼", "like 1980-01-31")),
            with: "autocomplete=\"bday\" inputmode=\"text\" maxlength=\"10\"",
        });
        self.line(&Line {
            name: "address",
            label: ("주소 (선택)", "Address (optional)"),
            hint: Some(("우편으로 답변을 받으려면 적습니다", "needed for an answer by post")),
            with: &format!("autocomplete=\"street-address\" {limit}"),
        });
        self.html += "</fieldset>\n";
    }

    fn agent(&mut self) {
        let legend = beside("Agent, if you are not that person");
        let _ = write!(
            self.html,
            "<fieldset>\n<legend>대신 청구하는 사람 (본인이 아닐 때만){legend}</legend>\n"
        );
        let with = format!("autocomplete=\"off\" maxlength=\"{LONGEST_LINE}\"");
        self.line(&Line {
            name: "agent_name",
            label: ("대리인 성명", "Agent's name"),
            hint: None,
            with: &with,
        });
        self.line(&Line {
            name: "agent_phone",
            label: ("대리인 전화번호", "Agent's telephone number"),
            hint: None,
            with: &format!("type=\"tel\" {with}"),
        });
        let hint = Some(("부모, 배우자, 자녀 등", "parent, spouse, child, …"));
        let label = ("찍힌 사람과의 관계", "What you are to that person");
        self.line(&Line { name: "relation", label, hint, with: &with });
        self.html += "</fieldset>\n";
    }

    fn places(&mut self, settings: &Settings) {
        let numbers: Vec<String> = (0..settings.place.len()).map(|at| at.to_string()).collect();
        let places = settings.place.iter().zip(&numbers);
        let places: Vec<(&str, &str, &str)> =
            places.map(|(place, at)| (at.as_str(), place.ko.as_str(), place.en.as_str())).collect();
        let ko = format!("어디에서 찍혔습니까 ({MAX_SPAN_CAMERAS}곳까지)");
        let en = format!("Where (up to {MAX_SPAN_CAMERAS} places)");
        self.choices("place", (&ko, &en), true, &places);
    }

    fn times(&mut self) {
        let legend = beside("When (time in Korea, at most four hours)");
        let _ = write!(
            self.html,
            "<fieldset>\n<legend>언제 찍혔습니까 (네 시간까지){legend}</legend>\n"
        );
        let with = "type=\"datetime-local\" autocomplete=\"off\"";
        self.line(&Line { name: "from", label: ("시작", "From"), hint: None, with });
        self.line(&Line { name: "until", label: ("끝", "Until"), hint: None, with });
        self.html += "</fieldset>\n";
    }

    fn reason(&mut self) {
        let (wrong, tied) = (self.wrong("reason"), self.tied("reason", true));
        let _ = write!(
            self.html,
            "<div class=\"field\"><label for=\"reason\">사유와 알아볼 수 있는 특징{}</label>\n\
             <p class=\"hint\" id=\"reason-hint\">무슨 일이 있었는지, 옷차림이나 차량 등 {REASON_ROOM}자까지{}</p>\n{wrong}\
             <textarea id=\"reason\" name=\"reason\" rows=\"6\" maxlength=\"{REASON_ROOM}\"{tied}>\n{}</textarea></div>\n",
            beside("Reason, and how you can be recognised"),
            beside("What happened, clothes, vehicle, …"),
            escaped(self.typed.one("reason")),
        );
    }

    /// What the law wants said to whoever hands over personal data.
    fn notice(&mut self, settings: &Settings) {
        let (wrong, tied) = (self.wrong("notice"), self.tied("notice", false));
        let checked = if self.typed.has("notice", "yes") { " checked" } else { "" };
        let _ = write!(
            self.html,
            "<section class=\"notice\" aria-labelledby=\"notice-title\">\n\
             <h2 id=\"notice-title\">개인정보 처리 안내{title}</h2>\n<dl>\n\
             <dt>목적{purpose}</dt>\n<dd>개인영상정보 존재확인·열람·삭제 청구의 처리와 답변 (개인정보 보호법 제35조·제36조, 제15조제1항제2호){purpose_en}</dd>\n\
             <dt>항목{items}</dt>\n<dd>성명, 전화번호, 청구 내용. 선택: 생년월일, 주소, 대리인의 성명·전화번호·관계{items_en}</dd>\n\
             <dt>기간{period}</dt>\n<dd>접수한 때부터 3년, 그 뒤 파기합니다{period_en}</dd>\n\
             <dt>거부할 권리{refuse}</dt>\n<dd>적지 않을 수 있습니다. 그때는 이 양식으로 청구할 수 없고, {agency} 창구에서 청구할 수 있습니다{refuse_en}</dd>\n</dl>\n\
             {wrong}<div class=\"choice\"><input type=\"checkbox\" id=\"notice\" name=\"notice\" value=\"yes\"{checked}{tied}>\
             <label for=\"notice\">안내를 읽었습니다{read}</label></div>\n</section>\n",
            title = beside("How your personal data is used"),
            purpose = beside("Purpose"),
            purpose_en = beside(
                "To decide and answer your request (Personal Information Protection Act, articles 35, 36, 15 (1) 2)"
            ),
            items = beside("What"),
            items_en = beside(
                "Name, telephone number, what you ask. Optional: date of birth, address, an agent's name, number and relation"
            ),
            period = beside("How long"),
            period_en = beside("Three years from receipt, then destroyed"),
            refuse = beside("You may refuse"),
            refuse_en = beside("Then this form cannot be used; ask at the counter"),
            agency = escaped(&settings.agency.ko),
            read = beside("I have read this"),
        );
    }
}
