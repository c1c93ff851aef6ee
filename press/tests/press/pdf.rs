//! PDF: every text is in it, its letters are embedded, a screen reader finds its way.

use papers::{Block, Document};

use crate::letters::letters;
use crate::samples::{forms, samples};
use crate::{Made, all_of_markup, ask, left_out, make, paper, squeezed};

/// What the pages say, without what stands at the foot of each: a paragraph may go over a page's end.
fn says(made: &Made, document: &Document) -> String {
    let text = ask("pdftotext", &["-raw", "-enc", "UTF-8"], &made.path, &["-"]);
    let Document::Paper(paper) = document else { return text };
    let footer = squeezed(&paper.footer);
    let pages: Vec<String> =
        text.split('\u{c}').map(squeezed).filter(|page| !page.is_empty()).collect();
    let count = pages.len();
    let mut all = String::new();
    for (index, page) in pages.iter().enumerate() {
        let foot = format!("{footer}{}/{count}", index + 1);
        assert_eq!(page.matches(&foot).count(), 1, "the foot of page {} of {page}", index + 1);
        all.push_str(&page.replace(&foot, ""));
    }
    all + &footer
}

#[test]
fn needs_poppler_every_text_and_fact_of_the_five_policies_is_in_their_pdf() {
    for sample in samples() {
        let made = make(&sample.document, "pdf");
        let text = says(&made, &sample.document);
        assert_eq!(left_out(&sample.document, &text), [""; 0], "{}", sample.name);
        for fact in &sample.facts {
            assert!(text.contains(&squeezed(fact)), "{}: {fact}", sample.name);
        }
    }
}

#[test]
fn needs_poppler_every_text_of_the_forms_and_letters_is_in_their_pdf() {
    for (name, form) in forms().into_iter().chain(letters()) {
        let made = make(&form, "pdf");
        assert_eq!(left_out(&form, &says(&made, &form)), [""; 0], "{name}");
    }
}

#[test]
fn needs_poppler_a_text_that_is_left_out_is_found() {
    let sample = &samples()[0];
    let Document::Paper(mut less) = sample.document.clone() else { panic!("a policy is a paper") };
    let at = less.blocks.iter().rposition(|block| matches!(block, Block::Paragraph { .. }));
    let Block::Paragraph { sentences } = less.blocks.remove(at.unwrap()) else { panic!() };
    let less = Document::Paper(less);
    let made = make(&less, "pdf");
    let text = says(&made, &less);
    assert!(left_out(&less, &text).is_empty());
    assert_eq!(left_out(&sample.document, &text), [squeezed(&sentences[0].text)]);
}

#[test]
fn needs_poppler_no_letter_is_markup() {
    let document = all_of_markup();
    let made = make(&document, "pdf");
    assert_eq!(left_out(&document, &says(&made, &document)), [""; 0]);
}

#[test]
fn needs_poppler_it_is_tagged_and_its_letters_are_embedded() {
    for sample in samples() {
        let made = make(&sample.document, "pdf");
        let facts = ask("pdfinfo", &[], &made.path, &[]);
        let fact = |name: &str| {
            let line = facts.lines().find_map(|line| line.strip_prefix(name));
            line.unwrap_or_else(|| panic!("no {name} in {facts}")).trim().to_owned()
        };
        let Document::Paper(paper) = &sample.document else { panic!("a policy is a paper") };
        assert_eq!((fact("Tagged:"), fact("Title:")), ("yes".into(), paper.title.clone()));
        assert_eq!(fact("Author:"), paper.author);
        assert!(fact("Page size:").ends_with("(A4)"), "{facts}");
        let fonts = ask("pdffonts", &[], &made.path, &[]);
        let rows: Vec<&str> = fonts.lines().skip(2).collect();
        assert!(rows.len() >= 2, "{fonts}");
        for row in rows {
            // name, type, encoding, emb, sub, uni, object.
            let mut ends = row.split_whitespace().rev().skip(2);
            let (uni, _, embedded) = (ends.next(), ends.next(), ends.next());
            assert!(row.contains("Nanum"), "{row}");
            assert_eq!((embedded, uni), (Some("yes"), Some("yes")), "{row}");
        }
    }
}

#[test]
fn needs_poppler_its_structure_is_that_of_the_document() {
    let document = &samples()[0].document;
    let Document::Paper(paper) = document else { panic!("a policy is a paper") };
    let made = make(document, "pdf");
    let tree = ask("pdfinfo", &["-struct"], &made.path, &[]);
    let tags: Vec<&str> =
        tree.lines().filter_map(|line| line.trim().split([':', ' ']).next()).collect();
    let count = |tag: &str| tags.iter().filter(|one| **one == tag).count();
    let of = |is: fn(&Block) -> bool| paper.blocks.iter().filter(|block| is(block)).count();
    assert_eq!(count("Table"), of(|block| matches!(block, Block::Table { .. })));
    assert_eq!(count("Caption"), of(|block| matches!(block, Block::Table { .. })));
    assert_eq!(count("H1"), of(|block| matches!(block, Block::Heading { level: 1, .. })));
    let heads = paper.blocks.iter().map(|block| match block {
        Block::Table { head, rows, .. } => {
            let labels = rows.iter().flat_map(|row| &row.cells).filter(|cell| cell.is_label);
            head.len() + labels.count()
        }
        _ => 0,
    });
    assert_eq!(count("TH"), heads.sum::<usize>());
    assert!(count("L") > 0 && count("LI") > 0);
    // Said to a reader in Korean, as PDF/UA-1.
    let bytes = std::fs::read(&made.path).unwrap();
    let has = |words: &[u8]| bytes.windows(words.len()).any(|window| window == words);
    assert!(has(b"pdfuaid:part"), "it does not say that it is PDF/UA");
    assert!(has(b"<dc:language><rdf:Bag><rdf:li>ko"), "it does not say its language");
}

#[test]
fn needs_poppler_a_long_table_repeats_its_head_on_every_page() {
    let row = |number: usize| papers::Row {
        cells: vec![number.to_string().into(), format!("칸의 글 {number}").into()],
        promise: None,
    };
    let document = paper(vec![Block::Table {
        caption: "긴 표".into(),
        head: vec!["연번".into(), "되풀이되는 머리".into()],
        rows: (1..=120).map(row).collect(),
    }]);
    let made = make(&document, "pdf");
    let text = ask("pdftotext", &["-raw"], &made.path, &["-"]);
    let pages: Vec<&str> = text.split('\u{c}').filter(|page| !page.trim().is_empty()).collect();
    assert!(pages.len() > 1);
    assert!(pages.iter().all(|page| page.contains("되풀이되는 머리")));
}
