//! The figures as a table for people and as JSON for machines.

use crate::figure::{Bound, Figure, median};
use serde_json::json;
use std::{fs, io::Write as _, path::Path};

/// Says the table and writes the report.
pub(crate) fn tell(figures: &[Figure], report: &Path) {
    let mut rows = vec![
        "| | Keystead | held against | | may be | is | |".to_owned(),
        "|---|--:|---|--:|--:|--:|---|".to_owned(),
    ];
    rows.extend(figures.iter().map(row));
    let machine = machine();
    let table = format!("{machine}\n\n{}\n", rows.join("\n"));
    std::io::stdout().write_all(table.as_bytes()).unwrap();
    let figures: Vec<_> = figures
        .iter()
        .map(|figure| {
            json!({
                "name": figure.name, "unit": figure.unit, "against": figure.against,
                "bound": format!("{:?}", figure.bound), "distance": figure.distance(), "kept": figure.is_kept(),
                "ours": { "median": median(&figure.ours), "rounds": figure.ours },
                "theirs": { "median": median(&figure.theirs), "rounds": figure.theirs },
            })
        })
        .collect();
    let body = json!({ "machine": machine, "figures": figures });
    fs::create_dir_all(report.parent().unwrap()).unwrap();
    fs::write(report, serde_json::to_vec_pretty(&body).unwrap()).unwrap();
}

fn row(figure: &Figure) -> String {
    let (ours, theirs) = (median(&figure.ours), median(&figure.theirs));
    let distance = figure.distance();
    let (may, is) = match figure.bound {
        Bound::Times(most) => (format!("≤ {most} ×"), format!("{distance:.2} ×")),
        Bound::More(most) => (
            format!("≤ + {most} {}", figure.unit),
            format!("{distance:+.1} {}", figure.unit),
        ),
        Bound::Less => ("< 1 ×".to_owned(), format!("{distance:.2} ×")),
    };
    let verdict = if figure.is_kept() { "kept" } else { "MISSED" };
    format!(
        "| {} | {} {} | {} | {} {} | {may} | {is} | {verdict} |",
        figure.name,
        shown(ours),
        figure.unit,
        figure.against,
        shown(theirs),
        figure.unit
    )
}

fn shown(value: f64) -> String {
    if value < 10.0 {
        format!("{value:.2}")
    } else {
        format!("{value:.0}")
    }
}

/// Processor, cores, memory and system, as the kernel tells them.
fn machine() -> String {
    let word = |file: &str, name: &str| -> String {
        let text = fs::read_to_string(file).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(name));
        let value = line.and_then(|line| line.split_once([':', '=']));
        value.map_or_else(
            || "unknown".to_owned(),
            |(_, value)| value.trim().trim_matches('"').to_owned(),
        )
    };
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory = word("/proc/meminfo", "MemTotal");
    let gib = memory
        .split(' ')
        .next()
        .and_then(|kib| kib.parse::<f64>().ok())
        .unwrap_or_default()
        / f64::from(1 << 20);
    format!(
        "{}, {cores} cores, {gib:.0} GiB, {}",
        word("/proc/cpuinfo", "model name"),
        word("/etc/os-release", "PRETTY_NAME")
    )
}
