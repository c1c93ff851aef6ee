#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]
//! Shows what was read of the texts that are named.
fn main() {
    let all = std::env::var_os("ALL").is_some();
    for path in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&path).unwrap();
        let p = linter::read(&text);
        println!("=== {path}");
        if all {
            for s in &p.sections {
                println!(
                    "{:>3}-{:<3} {:?} {:?} | {} | {}",
                    s.first, s.last, s.item, s.also, s.number, s.heading
                );
            }
            for t in &p.tables {
                println!(
                    "table {}-{} h{} {:?}",
                    t.first,
                    t.last,
                    t.heading_rows,
                    t.columns
                        .iter()
                        .map(|c| format!("{}:{:?}", c.title, c.kind))
                        .collect::<Vec<_>>()
                );
                for r in &t.rows {
                    println!(
                        "   {} {:?} {:?}",
                        r.line,
                        r.kind,
                        r.cells
                            .iter()
                            .map(|c| if c.is_inherited {
                                format!("^{}", c.text)
                            } else {
                                c.text.clone()
                            })
                            .collect::<Vec<_>>()
                    );
                }
            }
        }
        println!(
            "title {:?} inst {:?} short {:?} names {:?}",
            p.title, p.institution, p.short, p.names
        );
        for c in &p.citations {
            println!("cite {} {} {:?} {:?} {:?}", c.line, c.law, c.article, c.paragraph, c.number);
        }
        for x in &p.purposes {
            println!("purpose {x:?}");
        }
        for x in &p.cameras.rows {
            println!(
                "camera {} {:?} {} {:?} = {:?} above {} parts {:?}",
                x.line, x.group, x.place, x.range, x.count, x.count_may_be_above, x.parts
            );
        }
        for x in &p.cameras.stated {
            println!("{x:?}");
        }
        println!("listed {:?} groups {:?}", p.cameras.listed, p.cameras.groups);
        for x in &p.people {
            println!("{x:?}");
        }
        for x in &p.phones {
            println!("{x:?}");
        }
        for x in &p.addresses {
            println!("{x:?}");
        }
        for x in &p.hours {
            println!("{x:?}");
        }
        for x in &p.retention {
            println!("{x:?}");
        }
        for x in &p.storage {
            println!("storage {x:?}");
        }
        for x in &p.viewing {
            println!("viewing {x:?}");
        }
        println!("{:?}", p.processor);
        for x in &p.deadlines {
            println!("{x:?}");
        }
        println!("refusals {:?}", p.refusals);
        println!("measures {:?}", p.measures);
        for x in &p.versions {
            println!("{x:?}");
        }
        println!("notice {:?}", p.notice_days);
        for x in &p.forms {
            println!("{x:?}");
        }
        for x in &p.not_understood {
            println!("{x:?}");
        }
        println!("{}", linter::facts(&p));
    }
}
