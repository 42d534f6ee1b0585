//! Status lines and statuses.

use crate::case::{
    Case,
    Expect::{self, Fails, Reads, Says, SaysStale},
    MARK, raw, reply,
};
use providers::{Class, Fault};

/// Read by everything that reads an object.
pub(super) const OBJECT: &str = "rtphcfmvn";
/// Read by all of these but the one that keeps every member that it does not know.
pub(super) const UNKEPT: &str = "rtphcfmv";
/// An object that has what every endpoint wants, but for a key's own rights: there `collections` is no list.
pub(super) const UNIVERSAL: &str = r#"{"status":"ok","token":"aaa.bbb.ccc","admin":true,"collections":[],"fields":{},"before":null,"after":null}"#;

const NOT_HTTP: Expect = Fails(Class::Unavailable, Fault::Broken);

/// What a status with no more to it means.
const STATUSES: [(u16, Class); 47] = [
    (204, Class::Protocol),
    (206, Class::Protocol),
    (400, Class::Invalid),
    (401, Class::Unauthorized),
    (402, Class::Invalid),
    (403, Class::Forbidden),
    (404, Class::NotFound),
    (405, Class::NotFound),
    (406, Class::Invalid),
    (407, Class::Invalid),
    (408, Class::Invalid),
    (409, Class::Conflict),
    (410, Class::NotFound),
    (411, Class::Invalid),
    (412, Class::Invalid),
    (413, Class::Invalid),
    (414, Class::Invalid),
    (415, Class::Invalid),
    (416, Class::Invalid),
    (417, Class::Invalid),
    (418, Class::Invalid),
    (421, Class::Invalid),
    (422, Class::Invalid),
    (423, Class::Invalid),
    (425, Class::Invalid),
    (426, Class::Invalid),
    (428, Class::Invalid),
    (429, Class::RateLimited),
    (431, Class::Invalid),
    (451, Class::Invalid),
    (499, Class::Invalid),
    (500, Class::Unavailable),
    (501, Class::Unavailable),
    (502, Class::Unavailable),
    (503, Class::Unavailable),
    (504, Class::Unavailable),
    (505, Class::Unavailable),
    (507, Class::Unavailable),
    (508, Class::Unavailable),
    (510, Class::Unavailable),
    (511, Class::Unavailable),
    (520, Class::Unavailable),
    (525, Class::Unavailable),
    (599, Class::Unavailable),
    (600, Class::Protocol),
    (777, Class::Protocol),
    (999, Class::Protocol),
];

/// First lines that are none, with or without a JSON reply after them.
const BROKEN_LINES: [(&str, &str); 22] = [
    ("a status in letters", "HTTP/1.1 abc OK"),
    ("a status of four digits", "HTTP/1.1 2000 OK"),
    ("a status of two digits", "HTTP/1.1 20 OK"),
    ("a status of nothing", "HTTP/1.1"),
    ("a status below 100", "HTTP/1.1 099 OK"),
    ("a status of 000", "HTTP/1.1 000 OK"),
    ("a negative status", "HTTP/1.1 -200 OK"),
    ("a status in full-width digits", "HTTP/1.1 ２００ OK"),
    ("a float for a status", "HTTP/1.1 200.0 OK"),
    ("a tab for a space", "HTTP/1.1\t200\tOK"),
    ("a space before the version", " HTTP/1.1 200 OK"),
    ("a version in small letters", "http/1.1 200 OK"),
    ("HTTP/2.0 in words", "HTTP/2.0 200 OK"),
    ("HTTP/0.9", "HTTP/0.9 200 OK"),
    ("HTTP/1.2", "HTTP/1.2 200 OK"),
    ("HTTP/9.9", "HTTP/9.9 200 OK"),
    ("a version without a number", "HTTP 200 OK"),
    ("ICY", "ICY 200 OK"),
    ("a secure shell", "SSH-2.0-OpenSSH_9.2"),
    ("a mail server", "220 mail.example ESMTP hOsTiLe"),
    ("a request", "GET / HTTP/1.1"),
    ("a NUL in the reason", "HTTP/1.1 200 O\0K"),
];

pub(super) fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = STATUSES
        .iter()
        .map(|(status, class)| plain(*status, *class))
        .collect();
    cases.extend(redirects());
    cases.extend(informational());
    cases.extend(readable());
    cases.extend(BROKEN_LINES.map(|(name, line)| raw(name, json(line), NOT_HTTP)));
    let bytes: [(&str, &[u8]); 6] = [
        ("nothing at all", b""),
        ("empty lines only", b"\r\n\r\n\r\n"),
        ("zeros", &[0; 64]),
        ("bytes of 0xFF", &[0xFF; 4_000]),
        (
            "frames of HTTP/2",
            b"\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0d\0\x04\0\0\xFF\xFF\0\x06\0\0@\0",
        ),
        ("JSON without HTTP", br#"{"status":"ok","token":"hOsTiLe"}"#),
    ];
    cases.extend(bytes.map(|(name, bytes)| raw(name, bytes, NOT_HTTP)));
    cases.push(raw(
        "the 500 that means a 401",
        text(500, "text/plain", "Invalid token"),
        SaysStale,
    ));
    cases
}

fn plain(status: u16, class: Class) -> Case {
    let body = if status == 204 {
        String::new()
    } else {
        format!("{{\"error\":\"{MARK}\"}}")
    };
    let expect = match status {
        // A change that was carried out needs no more than this; a read needs a whole body.
        204 | 206 => Expect::Partial(status),
        _ => Says(status, class, None),
    };
    raw(
        format!("status {status}"),
        text(status, "application/json", &body),
        expect,
    )
}

fn redirects() -> Vec<Case> {
    let places = [
        (300, "/api/elsewhere"),
        (301, "https://127.0.0.1:1/api/health"),
        (302, "http://127.0.0.1:1/"),
        (303, "//hOsTiLe.example/"),
        (304, ""),
        (305, "https://127.0.0.1:1/"),
        (307, "https://127.0.0.1:1/api/auth/token"),
        (308, "javascript:alert(1)"),
        (399, "file:///etc/passwd"),
    ];
    let one = |(status, place): (u16, &str)| {
        let line = format!("HTTP/1.1 {status} Go\r\nLocation: {place}\r\nContent-Length: 0");
        raw(
            format!("redirect {status}"),
            reply(&line, ""),
            Fails(Class::Protocol, Fault::Redirect(status)),
        )
    };
    places.map(one).into()
}

fn informational() -> Vec<Case> {
    let ok = String::from_utf8(json("HTTP/1.1 200 OK")).unwrap();
    let before = |name: &str, first: &str| raw(name, format!("{first}{ok}"), Reads(OBJECT));
    vec![
        before("100, then 200", "HTTP/1.1 100 Continue\r\n\r\n"),
        before("102, then 200", "HTTP/1.1 102 Processing\r\n\r\n"),
        before(
            "103 with links, then 200",
            "HTTP/1.1 103 Early Hints\r\nLink: </hOsTiLe>; rel=preload\r\n\r\n",
        ),
        before("199, then 200", "HTTP/1.1 199 Odd\r\n\r\n"),
        before(
            "2,000 times 100, then 200",
            &"HTTP/1.1 100 Continue\r\n\r\n".repeat(2_000),
        ),
        raw("100 and no more", "HTTP/1.1 100 Continue\r\n\r\n", NOT_HTTP),
        raw(
            "101, another protocol",
            "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: hOsTiLe\r\n\r\n{}",
            Says(101, Class::Protocol, None),
        ),
    ]
}

fn readable() -> Vec<Case> {
    let as_it_is = |name: &str, line: &str| raw(name, json(line), Reads(OBJECT));
    vec![
        as_it_is("200", "HTTP/1.1 200 OK"),
        as_it_is("201", "HTTP/1.1 201 Created"),
        as_it_is("202", "HTTP/1.1 202 Accepted"),
        as_it_is("299", "HTTP/1.1 299 hOsTiLe"),
        as_it_is("HTTP/1.0", "HTTP/1.0 200 OK"),
        as_it_is("no reason", "HTTP/1.1 200"),
        as_it_is("an empty reason", "HTTP/1.1 200 "),
        as_it_is(
            "a reason of 100 KB",
            &format!("HTTP/1.1 200 {}", MARK.repeat(15_000)),
        ),
        as_it_is(
            "a reason that is markup",
            "HTTP/1.1 200 <script>alert('hOsTiLe')</script>",
        ),
        as_it_is("empty lines before it", "\r\n\r\nHTTP/1.1 200 OK"),
    ]
}

/// A reply with this first line and the universal object.
fn json(line: &str) -> Vec<u8> {
    let length = UNIVERSAL.len();
    reply(
        &format!(
            "{line}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {length}"
        ),
        UNIVERSAL,
    )
}

fn text(status: u16, kind: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} hOsTiLe\r\nConnection: close\r\nContent-Type: {kind}\r\nContent-Length: {length}"
    );
    reply(&head, body)
}
