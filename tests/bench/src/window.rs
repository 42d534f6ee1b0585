//! A program with a window, from its start to what it has painted.

use std::{
    fs,
    io::{BufRead, BufReader, Lines},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

/// How long anything may take before the measurement gives up.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long after the beacon the memory is read, so that what a start leaves behind is gone.
const SETTLING: Duration = Duration::from_secs(2);

/// What one start came to.
pub(crate) struct Opened {
    /// From `exec` to the beacon, ms.
    pub(crate) took: f64,
    /// Of the program and all processes that it started, MB.
    pub(crate) memory: f64,
}

/// Starts `program` with its data below `home` until it has painted `what`, reads its memory, and ends it.
pub(crate) fn open(program: &Path, arguments: &[&str], home: &Path, what: &str) -> Opened {
    // The shell is the program's parent: it ends when it is let go, and the program with it as with a session.
    let mut command = Command::new("sh");
    command
        .args(["-c", "\"$0\" \"$@\" & read -r _"])
        .arg(program)
        .args(arguments)
        .env("XDG_DATA_HOME", home)
        .env("XDG_CACHE_HOME", home.join("cache"))
        .env("RUST_LOG", "warn")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let began = Instant::now();
    let mut parent = command.spawn().unwrap();
    let took = beacon(&mut parent, what).duration_since(began);
    let tree = descendants(parent.id());
    let root = *tree.first().expect("the program runs");
    thread::sleep(SETTLING);
    let memory = descendants(parent.id()).into_iter().map(share).sum();
    drop(parent.stdin.take());
    parent.wait().unwrap();
    end(root, &tree);
    Opened {
        took: took.as_secs_f64() * 1e3,
        memory,
    }
}

/// When the program said that it has painted `what`.
fn beacon(parent: &mut Child, what: &str) -> Instant {
    let lines: Lines<BufReader<ChildStdout>> =
        BufReader::new(parent.stdout.take().unwrap()).lines();
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            // Once the beacon was seen nobody listens.
            let _ = tell.send((Instant::now(), line));
        }
    });
    let until = Instant::now() + PATIENCE;
    let mut seen = Vec::new();
    loop {
        let left = until.saturating_duration_since(Instant::now());
        match told.recv_timeout(left) {
            Ok((at, line)) if line == what => return at,
            Ok((_, line)) => seen.push(line),
            Err(silence) => panic!("no {what:?} but {seen:?}: {silence}"),
        }
    }
}

/// Waits until the program is gone, helping where it does not follow its parent.
fn end(root: u32, tree: &[u32]) {
    let began = Instant::now();
    let mut asked = false;
    while tree.iter().any(|id| is_running(*id)) {
        assert!(began.elapsed() < PATIENCE, "it does not end");
        if !asked && began.elapsed() > Duration::from_secs(5) {
            asked = true;
            // It may have gone in between.
            let _ = Command::new("kill").arg(root.to_string()).status();
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// The processes below this one, parents first.
fn descendants(of: u32) -> Vec<u32> {
    let entries = fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    let ids = entries.filter_map(|entry| entry.file_name().to_string_lossy().parse().ok());
    let all: Vec<(u32, u32)> = ids.filter_map(|id| Some((id, status(id)?.1))).collect();
    let mut found = vec![of];
    let mut at = 0;
    while let Some(parent) = found.get(at).copied() {
        found.extend(all.iter().filter(|(_, of)| *of == parent).map(|(id, _)| id));
        at += 1;
    }
    found.split_off(1)
}

fn is_running(id: u32) -> bool {
    status(id).is_some_and(|(state, _)| state != 'Z')
}

/// The state's letter and the parent of a process.
fn status(id: u32) -> Option<(char, u32)> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The command's name stands in parentheses and may contain anything.
    let mut rest = stat.rsplit_once(") ")?.1.split(' ');
    Some((rest.next()?.chars().next()?, rest.next()?.parse().ok()?))
}

/// The proportional share of memory of one process, MB.
fn share(id: u32) -> f64 {
    let file = format!("/proc/{id}/smaps_rollup");
    let Ok(text) = fs::read_to_string(file) else {
        panic!("the memory of process {id} cannot be read");
    };
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
    let kib = line.unwrap().trim().trim_end_matches(" kB");
    kib.parse::<f64>().unwrap() * 1.024e-3
}
