//! Refusals whose words decide what they are worth to a probe: the server's own, and somebody else's.

use crate::case::{
    Case,
    Expect::{self, Denies, Fails, Reads, Says},
    JSON_HEAD, MARK, Step, raw, steps,
};
use providers::{Class, Fault};

/// What a server says of a key that is dead (`ekodb.md` §6).
const DEAD: &str = "API key not found or revoked";
const PAGE: &str = "<html><form action=/login>hOsTiLe</form></html>";

pub(super) fn cases() -> Vec<Case> {
    let mut cases = pages();
    cases.extend(words());
    cases.extend(lost_words());
    cases
}

fn said(status: u16, head: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status} hOsTiLe\r\nConnection: close\r\n{head}Content-Length: {length}\r\n\r\n{body}")
        .into_bytes()
}

/// What stands in the way says 401 and 403 too: nobody's key is dead for it, and nobody's right is denied.
fn pages() -> Vec<Case> {
    let kinds = [
        "text/html; charset=utf-8",
        "text/plain",
        "application/xml",
        "application/problem+json",
        "application/jsоn",
        "",
    ];
    let mut cases = Vec::new();
    for kind in kinds {
        for (status, class) in [(401, Class::Unauthorized), (403, Class::Forbidden)] {
            let head = format!("Content-Type: {kind}\r\n");
            let name = format!("{status} as a page of kind {kind:?}");
            let expect = Denies(status, class, "");
            cases.push(raw(name, said(status, &head, PAGE), expect));
        }
    }
    let asks = "Content-Type: text/html\r\nWWW-Authenticate: Basic realm=\"hOsTiLe\"\r\n";
    let page = |expect| raw("401 of a proxy that asks", said(401, asks, PAGE), expect);
    cases.push(page(Denies(401, Class::Unauthorized, "")));
    for (status, class) in [(401, Class::Unauthorized), (403, Class::Forbidden)] {
        let expect = || Denies(status, class, "");
        let endless = format!("HTTP/1.1 {status} hOsTiLe\r\n\r\n{PAGE}");
        cases.push(raw(
            format!("{status} as a page of no kind"),
            said(status, "", PAGE),
            expect(),
        ));
        cases.push(raw(
            format!("{status} as a page of no kind and no length"),
            endless,
            expect(),
        ));
    }
    // An empty body names no kind, and real servers send it (C12).
    for (name, head) in [
        ("no body", ""),
        ("no body but a kind", "Content-Type: application/json\r\n"),
    ] {
        for (status, class) in [(401, Class::Unauthorized), (403, Class::Forbidden)] {
            let expect = Says(status, class, None);
            cases.push(raw(
                format!("{status}, {name}"),
                said(status, head, ""),
                expect,
            ));
        }
    }
    cases
}

/// A log-in is refused by the server's own words too, whatever their status; nothing else is.
fn words() -> Vec<Case> {
    let json = "Content-Type: application/json\r\n";
    let error = |text: &str| format!("{{\"error\":\"{text}\"}}");
    let dead = error(DEAD);
    let code = format!("{{\"code\":400,\"message\":\"{DEAD}\"}}");
    let other = |status, class| Denies(status, class, "s");
    let table: [(&str, u16, &str, &str, Expect); 17] = [
        ("400", 400, json, &dead, other(400, Class::Invalid)),
        (
            "400 by its other name",
            400,
            json,
            &code,
            other(400, Class::Invalid),
        ),
        ("403", 403, json, &dead, Denies(403, Class::Forbidden, "sx")),
        ("404", 404, json, &dead, other(404, Class::NotFound)),
        ("410", 410, json, &dead, other(410, Class::NotFound)),
        ("422", 422, json, &dead, other(422, Class::Invalid)),
        (
            "404 without a kind",
            404,
            "",
            DEAD,
            other(404, Class::NotFound),
        ),
        (
            "401 as text",
            401,
            "Content-Type: text/plain\r\n",
            DEAD,
            other(401, Class::Unauthorized),
        ),
        (
            "403 as text",
            403,
            "Content-Type: text/plain\r\n",
            DEAD,
            other(403, Class::Forbidden),
        ),
        ("429", 429, json, &dead, Says(429, Class::RateLimited, None)),
        ("500", 500, json, &dead, Says(500, Class::Unavailable, None)),
        ("503", 503, json, &dead, Says(503, Class::Unavailable, None)),
        ("999", 999, json, &dead, Says(999, Class::Protocol, None)),
        (
            "307",
            307,
            json,
            &dead,
            Fails(Class::Protocol, Fault::Redirect(307)),
        ),
        ("204", 204, json, "", Expect::Partial(204)),
        ("200", 200, json, &dead, Reads("rhfn")),
        (
            "200 as a page",
            200,
            "Content-Type: text/html\r\n",
            DEAD,
            Expect::NotJson,
        ),
    ];
    let mut cases: Vec<Case> = table
        .into_iter()
        .map(|(name, status, head, body, expect)| {
            raw(
                format!("{name}, a dead key's words"),
                said(status, head, body),
                expect,
            )
        })
        .collect();
    for text in [
        "API key not found",
        "API key not found or revoke",
        "api key not found or revoked",
        "API key not found  or revoked",
        "API key not found or r\\u0065voked",
        "revoked",
    ] {
        let bytes = said(404, json, &error(text));
        let expect = Says(404, Class::NotFound, None);
        cases.push(raw(format!("404 with {text:?}"), bytes, expect));
    }
    cases
}

/// The server's words where they are not read, or not to their end.
fn lost_words() -> Vec<Case> {
    let head = |status: u16, more: &str| {
        format!(
            "HTTP/1.1 {status} hOsTiLe\r\nConnection: close\r\nContent-Type: application/json\r\n{more}\r\n\r\n"
        )
    };
    let missing = || Says(404, Class::NotFound, None);
    let many = MARK.repeat(10_000);
    let chunked = |body: &str| format!("{:x}\r\n{body}\r\n", body.len());
    vec![
        raw(
            "404, a dead key's words packed",
            head(
                404,
                &format!("Content-Encoding: gzip\r\nContent-Length: {}", DEAD.len()),
            ) + DEAD,
            missing(),
        ),
        raw(
            "404, a dead key's words after 70 KB",
            head(404, &format!("Content-Length: {}", many.len() + DEAD.len())) + &many + DEAD,
            missing(),
        ),
        raw(
            "404, a dead key's words after chunks of 70 KB",
            head(404, "Transfer-Encoding: chunked")
                + &chunked(&many)
                + &chunked(DEAD)
                + "0\r\n\r\n",
            missing(),
        ),
        raw(
            "404, a dead key's words after the length",
            head(404, "Content-Length: 2") + "{}" + DEAD,
            missing(),
        ),
        raw(
            "404, a dead key's words in the head",
            head(404, &format!("X-Error: {DEAD}\r\nContent-Length: 0")),
            missing(),
        ),
        steps(
            "404, a dead key's words, cut",
            vec![
                Step::Bytes((head(404, "Content-Length: 500") + DEAD).into()),
                Step::Cut,
            ],
            missing(),
        ),
        raw(
            "404, a dead key's words in two chunks",
            head(404, "Transfer-Encoding: chunked")
                + &chunked("API key not ")
                + &chunked("found or revoked")
                + "0\r\n\r\n",
            Denies(404, Class::NotFound, "s"),
        ),
        steps(
            "a head of 401 that does not end",
            vec![
                Step::Bytes("HTTP/1.1 401 hOsTiLe\r\nX-A: 1\r\n".into()),
                Step::Cut,
            ],
            Fails(Class::Unavailable, Fault::Broken),
        ),
        raw(
            "a 401 that is split off a 200",
            format!(
                "{JSON_HEAD}Content-Length: 2\r\n\r\n{{}}HTTP/1.1 401 hOsTiLe\r\nContent-Length: 0\r\n\r\n"
            ),
            Reads("rhfn"),
        ),
    ]
}
