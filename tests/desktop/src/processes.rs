//! Which processes run, read from `/proc`.

use std::fs;

/// Process ids and command lines of this machine.
pub fn command_lines() -> Vec<(u32, String)> {
    let entries = fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    let ids = entries.filter_map(|entry| entry.file_name().to_string_lossy().parse().ok());
    // A process may end between the two looks.
    let read = |id: u32| {
        fs::read(format!("/proc/{id}/cmdline"))
            .ok()
            .map(|bytes| (id, bytes))
    };
    ids.filter_map(read)
        .map(|(id, bytes)| (id, String::from_utf8_lossy(&bytes).replace('\0', " ")))
        .collect()
}

/// Those whose command line contains all of `words`.
pub fn matching(words: &[&str]) -> Vec<u32> {
    let all = |line: &String| words.iter().all(|word| line.contains(word));
    command_lines()
        .into_iter()
        .filter(|(_, line)| all(line))
        .map(|(id, _)| id)
        .collect()
}

/// `kill -9`.
pub fn kill(id: u32) {
    let done = std::process::Command::new("kill")
        .args(["-9", &id.to_string()])
        .status()
        .unwrap();
    assert!(done.success(), "no process {id}");
}

/// The processes that this one started and that still run.
pub(crate) fn children(parent: u32) -> Vec<u32> {
    let all = command_lines().into_iter().map(|(id, _)| id);
    all.filter(|id| status(*id).is_some_and(|(_, of)| of == parent))
        .collect()
}

/// The process is there and has not ended; a dead one that nobody asked after has.
pub fn is_running(id: u32) -> bool {
    status(id).is_some_and(|(state, _)| state != 'Z')
}

/// The processes that draw a console's windows.
pub fn web_processes(console: u32) -> Vec<u32> {
    let lines = command_lines();
    let draws = |id: &u32| {
        lines
            .iter()
            .any(|(other, line)| other == id && line.contains("WebKitWebProcess"))
    };
    let mut drawing = children(console);
    drawing.retain(draws);
    drawing
}

/// How many connections to this port of this machine are open.
pub fn connections_to(port: u16) -> usize {
    let (there, established) = (format!("0100007F:{port:04X}"), "01");
    let table = fs::read_to_string("/proc/net/tcp").unwrap();
    let is_one = |line: &&str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        words[2] == there && words[3] == established
    };
    table.lines().skip(1).filter(is_one).count()
}

/// The state's letter and the parent of a process.
fn status(id: u32) -> Option<(char, u32)> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The command's name stands in parentheses and may contain anything.
    let mut rest = stat.rsplit_once(") ")?.1.split(' ');
    Some((rest.next()?.chars().next()?, rest.next()?.parse().ok()?))
}
