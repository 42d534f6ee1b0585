//! Headers: too many, too large, broken, misleading.

use super::status::{OBJECT, UNIVERSAL};
use crate::case::{
    Case,
    Expect::{self, Fails, Partial, Reads, Says},
    MARK, Step, raw, reply, steps,
};
use providers::{Class, Fault};

const BROKEN: Expect = Fails(Class::Unavailable, Fault::Broken);
const NOT_JSON: Expect = Expect::NotJson;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = kinds();
    cases.extend(broken());
    cases.extend(floods());
    cases.extend(harmless());
    cases.extend(waits());
    cases
}

/// A 200 of the universal object with this content type line, or whatever stands in its place.
fn of_kind(line: &str) -> Vec<u8> {
    let length = UNIVERSAL.len();
    reply(
        &format!("HTTP/1.1 200 OK\r\nConnection: close\r\n{line}Content-Length: {length}"),
        UNIVERSAL,
    )
}

fn kinds() -> Vec<Case> {
    let read = [
        "application/json",
        "APPLICATION/JSON",
        "application/json; charset=utf-8",
        "application/json;charset=utf-16",
        "application/json ; hOsTiLe=\"a;b\"",
        "   application/json   ",
    ];
    let refused = [
        "",
        "text/html",
        "text/html; charset=utf-8",
        "text/plain",
        "text/json",
        "application/javascript",
        "application/problem+json",
        "application/json-seq",
        "application/jsonp",
        "application/x-ndjson",
        "application/json, text/html",
        "application /json",
        "json",
        "application/msgpack",
        "multipart/form-data; boundary=hOsTiLe",
        "application/jsоn",
        "\u{FEFF}application/json",
    ];
    let of = |kind: &str| of_kind(&format!("Content-Type: {kind}\r\n"));
    let mut cases: Vec<Case> = read
        .into_iter()
        .map(|kind| raw(format!("kind {kind:?}"), of(kind), Reads(OBJECT)))
        .collect();
    cases.extend(
        refused
            .into_iter()
            .map(|kind| raw(format!("kind {kind:?}"), of(kind), NOT_JSON)),
    );
    cases.push(raw("no kind", of_kind(""), NOT_JSON));
    cases.push(raw(
        "a kind that is not JSON, then one that is",
        of_kind("Content-Type: text/html\r\nContent-Type: application/json\r\n"),
        NOT_JSON,
    ));
    cases.push(raw(
        "a login page",
        {
            let page = "<html><form action=/login>hOsTiLe</form></html>";
            let length = page.len();
            reply(
                &format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {length}"),
                page,
            )
        },
        NOT_JSON,
    ));
    cases
}

/// Lines in a head that no HTTP has.
fn broken() -> Vec<Case> {
    [
        ("a line without a colon", "hOsTiLe\r\n"),
        ("a name of nothing", ": hOsTiLe\r\n"),
        ("a space in a name", "X hOsTiLe: 1\r\n"),
        ("a space after a name", "X-A : hOsTiLe\r\n"),
        ("a folded line", "X-A: 1\r\n hOsTiLe\r\n"),
        ("a NUL in a value", "X-A: hOs\0TiLe\r\n"),
        ("a NUL in a name", "X\0A: hOsTiLe\r\n"),
        ("a return in a value", "X-A: hOs\rTiLe\r\n"),
        ("an escape in a value", "X-A: \x1b[31mhOsTiLe\r\n"),
        ("a name beyond ASCII", "X-Ä: hOsTiLe\r\n"),
        ("a bracket in a name", "X(A): hOsTiLe\r\n"),
    ]
    .map(|(name, line)| {
        raw(
            name,
            of_kind(&format!("Content-Type: application/json\r\n{line}")),
            BROKEN,
        )
    })
    .into()
}

fn floods() -> Vec<Case> {
    let many = |count: usize| "X-A: hOsTiLe\r\n".repeat(count);
    let json = "Content-Type: application/json\r\n";
    let long = |size: usize| format!("{json}X-A: {}\r\n", MARK.repeat(size / MARK.len()));
    vec![
        raw(
            "90 headers",
            of_kind(&(json.to_owned() + &many(90))),
            Reads(OBJECT),
        ),
        raw(
            "200 headers",
            of_kind(&(json.to_owned() + &many(200))),
            BROKEN,
        ),
        raw("a header of 100 KB", of_kind(&long(100_000)), Reads(OBJECT)),
        raw("a header of 1 MB", of_kind(&long(1_000_000)), BROKEN),
        raw(
            "a name of 70 KB",
            of_kind(&format!("{json}{}: 1\r\n", "x".repeat(70_000))),
            BROKEN,
        ),
        steps(
            "a million headers",
            vec![
                Step::Bytes("HTTP/1.1 200 OK\r\n".into()),
                Step::Again("X-A: hOsTiLe\r\n".into(), 1_000_000),
            ],
            BROKEN,
        ),
        steps(
            "a header without an end",
            vec![
                Step::Bytes("HTTP/1.1 200 OK\r\nX-A: ".into()),
                Step::Again(MARK.into(), 1_000_000),
            ],
            BROKEN,
        ),
        steps(
            "a reason without an end",
            vec![
                Step::Bytes("HTTP/1.1 200 ".into()),
                Step::Again(MARK.into(), 1_000_000),
            ],
            BROKEN,
        ),
    ]
}

/// Headers that must change nothing.
fn harmless() -> Vec<Case> {
    [
        ("lines that end in a newline only", "X-A: hOsTiLe\n"),
        ("bytes beyond ASCII in a value", "X-A: hÖsTiLe\r\n"),
        (
            "fifty cookies",
            &"Set-Cookie: hOsTiLe=1; Path=/\r\n".repeat(50),
        ),
        ("a refresh", "Refresh: 0; url=https://127.0.0.1:1/\r\n"),
        (
            "a place to go to in a 200",
            "Location: https://127.0.0.1:1/\r\n",
        ),
        (
            "an upgrade in a 200",
            "Connection: upgrade\r\nUpgrade: h2c\r\n",
        ),
        (
            "another service",
            "Alt-Svc: h2=\"127.0.0.1:1\"; ma=86400\r\n",
        ),
        (
            "a request limit that is none",
            "X-RateLimit-Limit: hOsTiLe\r\n",
        ),
        (
            "a request limit beyond 2^64",
            "X-RateLimit-Limit: 99999999999999999999\r\n",
        ),
        ("a negative request limit", "X-RateLimit-Limit: -1\r\n"),
        ("a wait in a 200", "Retry-After: 1000000000000\r\n"),
        ("a header twice", "X-A: 1\r\nX-A: hOsTiLe\r\n"),
        (
            "what only a request has",
            "Authorization: Bearer hOsTiLe\r\nHost: hOsTiLe\r\n",
        ),
    ]
    .map(|(name, lines)| {
        raw(
            name,
            of_kind(&format!("Content-Type: application/json\r\n{lines}")),
            Reads(OBJECT),
        )
    })
    .into()
}

/// `Retry-After`, clamped to 1 s … 1 h.
fn waits() -> Vec<Case> {
    let date = "Date: Sun, 22 Nov 2026 10:00:00 GMT\r\n";
    let table = [
        ("60", Some(60)),
        (" 7 ", Some(7)),
        ("0", Some(1)),
        ("-5", Some(1)),
        ("1000000000000", Some(3_600)),
        ("99999999999999999999999999999999999999999999999", None),
        ("1.5", None),
        ("1e3", None),
        ("0x10", None),
        ("hOsTiLe", None),
        ("", None),
        ("Sun, 22 Nov 2026 10:01:30 GMT", Some(90)),
        ("Mon, 22 Nov 1926 10:01:30 GMT", Some(1)),
        ("Mon, 22 Nov 9999 10:01:30 GMT", Some(3_600)),
        ("Sun, 99 Nov 2026 10:01:30 GMT", None),
    ];
    let head = |status: u16, wait: &str| {
        format!(
            "HTTP/1.1 {status} hOsTiLe\r\nConnection: close\r\n{date}Retry-After: {wait}\r\nContent-Length: 0"
        )
    };
    let mut cases: Vec<Case> = table
        .into_iter()
        .map(|(text, wait)| {
            let expect = Says(429, Class::RateLimited, wait);
            raw(
                format!("429, wait {text:?}"),
                reply(&head(429, text), ""),
                expect,
            )
        })
        .collect();
    cases.push(raw(
        "503 with a wait",
        reply(&head(503, "9"), ""),
        Says(503, Class::Unavailable, Some(9)),
    ));
    cases.push(raw("206 with a range", {
        let length = UNIVERSAL.len();
        let head = format!("HTTP/1.1 206 Partial Content\r\nContent-Type: application/json\r\nContent-Range: bytes 0-{length}/9999\r\nContent-Length: {length}");
        reply(&head, UNIVERSAL)
    }, Partial(206)));
    cases
}
