//! Where a body begins and ends.

use super::status::{OBJECT, UNIVERSAL};
use crate::case::{
    Case,
    Expect::{self, Fails, Reads},
    JSON_HEAD, MARK, Step, raw, steps,
};
use providers::{Class, Fault};

const BROKEN: Expect = Fails(Class::Unavailable, Fault::Broken);
/// JSON by its head, and none by its body.
const NOTHING: Expect = Reads("");

pub(super) fn cases() -> Vec<Case> {
    let mut cases = lengths();
    cases.extend(chunks());
    cases.extend(ends());
    cases
}

fn with(head: &str, body: &str) -> String {
    format!("{JSON_HEAD}Connection: close\r\n{head}\r\n\r\n{body}")
}

fn lengths() -> Vec<Case> {
    let right = UNIVERSAL.len();
    let length = |value: &str| with(&format!("Content-Length: {value}"), UNIVERSAL);
    let twice = |one: usize, two: usize| {
        with(
            &format!("Content-Length: {one}\r\nContent-Length: {two}"),
            UNIVERSAL,
        )
    };
    let mut cases: Vec<Case> = [
        ("negative", "-5"),
        ("with a sign", "+5"),
        ("hexadecimal", "0x6f"),
        ("a float", "1.0"),
        ("in scientific notation", "1e2"),
        ("no number", "hOsTiLe"),
        ("empty", ""),
        ("with a semicolon", "111;"),
        ("2^64", "18446744073709551616"),
        ("of 400 digits", &"9".repeat(400)),
        ("two in one that differ", "111, 112"),
    ]
    .into_iter()
    .map(|(name, value)| raw(format!("a length {name}"), length(value), BROKEN))
    .collect();
    cases.extend([
        raw("two lengths that differ", twice(right, right + 1), BROKEN),
        raw("two lengths that agree", twice(right, right), Reads(OBJECT)),
        raw(
            "a length of 2^63",
            length("9223372036854775807"),
            Expect::TooLarge,
        ),
        raw(
            "a length of 2^64 - 2",
            length("18446744073709551613"),
            Expect::TooLarge,
        ),
        raw(
            "a length of 33 MiB that never comes",
            length("34603008"),
            Expect::TooLarge,
        ),
        raw("a length of nothing", length("0"), NOTHING),
        raw("a length too short", length("20"), NOTHING),
        raw("a length too long", length("200"), BROKEN),
        raw(
            "a length with zeros before it",
            length(&format!("0000{right}")),
            Reads(OBJECT),
        ),
        raw(
            "a length among spaces",
            length(&format!("   {right}   ")),
            Reads(OBJECT),
        ),
        steps(
            "more bytes than the length says",
            vec![
                Step::Bytes(length(&right.to_string()).into()),
                Step::Again(MARK.into(), 10_000),
            ],
            Reads(OBJECT),
        ),
        raw(
            "a second reply that nobody asked for",
            length(&right.to_string()) + "HTTP/1.1 401 hOsTiLe\r\nContent-Length: 0\r\n\r\n",
            Reads(OBJECT),
        ),
        raw(
            "a reply split by a second head",
            length("0") + &length(&right.to_string()),
            NOTHING,
        ),
    ]);
    cases
}

fn chunks() -> Vec<Case> {
    let chunked = |body: &str| with("Transfer-Encoding: chunked", body);
    let whole = format!("{:x}\r\n{UNIVERSAL}\r\n", UNIVERSAL.len());
    let single = UNIVERSAL.chars().fold(String::new(), |chunks, c| {
        chunks + "1\r\n" + &c.to_string() + "\r\n"
    });
    let good = |name: &str, text: String| raw(name, text, Reads(OBJECT));
    let bad = |name: &str, text: String| raw(name, text, BROKEN);
    vec![
        good("one chunk", chunked(&format!("{whole}0\r\n\r\n"))),
        good("a chunk a byte", chunked(&format!("{single}0\r\n\r\n"))),
        good(
            "a chunk with an extension",
            chunked(&whole.replacen("\r\n", ";hOsTiLe=1\r\n", 1)) + "0\r\n\r\n",
        ),
        good(
            "a chunk size with zeros",
            chunked(&format!("0000{whole}0\r\n\r\n")),
        ),
        good(
            "trailers",
            chunked(&format!(
                "{whole}0\r\nX-Late: hOsTiLe\r\nSet-Cookie: a=b\r\n\r\n"
            )),
        ),
        good(
            "both a length and chunks",
            with(
                "Content-Length: 3\r\nTransfer-Encoding: chunked",
                &format!("{whole}0\r\n\r\n"),
            ),
        ),
        good(
            "coded twice, chunked last",
            with(
                "Transfer-Encoding: identity, chunked",
                &format!("{whole}0\r\n\r\n"),
            ),
        ),
        bad("a chunk size that is none", chunked("zz\r\n")),
        bad("a negative chunk size", chunked("-1\r\n")),
        bad("a chunk size with 0x", chunked("0x6f\r\n")),
        bad("an empty chunk size", chunked("\r\n\r\n")),
        bad("a chunk size beyond 2^64", chunked("FFFFFFFFFFFFFFFFF\r\n")),
        bad("a chunk that ends early", chunked("fff\r\n{}")),
        bad(
            "a chunk without an end",
            chunked(&format!("{:x}\r\n{UNIVERSAL}xx0\r\n\r\n", UNIVERSAL.len())),
        ),
        bad("chunks without a last one", chunked(&whole)),
        bad(
            "a last chunk without its end",
            chunked(&format!("{whole}0\r\n")),
        ),
        bad(
            "an extension of 1 MB",
            chunked(&format!("1;{}", MARK.repeat(150_000))),
        ),
        bad(
            "trailers of 1 MB",
            chunked(&format!("{whole}0\r\nX: {}", MARK.repeat(150_000))),
        ),
        bad(
            "20,000 trailers",
            chunked(&format!(
                "{whole}0\r\n{}\r\n",
                "X: hOsTiLe\r\n".repeat(20_000)
            )),
        ),
        bad("a body where chunks were said", chunked(UNIVERSAL)),
        bad(
            "chunks in HTTP/1.0",
            chunked(&format!("{whole}0\r\n\r\n")).replacen("1.1", "1.0", 1),
        ),
        raw("chunks of nothing", chunked("0\r\n\r\n"), NOTHING),
        steps(
            "chunks without an end",
            vec![
                Step::Bytes(chunked("").into()),
                Step::Again(format!("4000\r\n{}\r\n", " ".repeat(0x4000)).into(), 2_200),
            ],
            Expect::TooLarge,
        ),
    ]
}

fn ends() -> Vec<Case> {
    let open = format!("{JSON_HEAD}\r\n{UNIVERSAL}");
    let sized = with(&format!("Content-Length: {}", UNIVERSAL.len()), UNIVERSAL);
    let half = |text: &str| Step::Bytes(text.as_bytes()[..text.len() - 20].into());
    let head = || Step::Bytes(JSON_HEAD.into());
    vec![
        raw(
            "a body that ends with the connection",
            open.clone(),
            Reads(OBJECT),
        ),
        raw(
            "a coding that nobody knows",
            with("Transfer-Encoding: hOsTiLe", UNIVERSAL),
            Reads(OBJECT),
        ),
        steps(
            "such a body, cut",
            vec![Step::Bytes(open.into()), Step::Cut],
            BROKEN,
        ),
        steps(
            "a sized body, whole, then cut",
            vec![Step::Bytes(sized.clone().into()), Step::Cut],
            Reads(OBJECT),
        ),
        steps("a sized body, cut", vec![half(&sized), Step::Cut], BROKEN),
        steps(
            "a sized body, reset",
            vec![half(&sized), Step::Reset],
            BROKEN,
        ),
        steps(
            "a sized body, then no TLS",
            vec![half(&sized), Step::NotTls],
            BROKEN,
        ),
        steps("a head, cut", vec![head(), Step::Cut], BROKEN),
        steps("a head, reset", vec![head(), Step::Reset], BROKEN),
        steps("a head, then no TLS", vec![head(), Step::NotTls], BROKEN),
        steps("cut at once", vec![Step::Cut], BROKEN),
        steps("reset at once", vec![Step::Reset], BROKEN),
        steps("no TLS at once", vec![Step::NotTls], BROKEN),
        raw("a head without an end", JSON_HEAD, BROKEN),
        raw("half a status line", "HTTP/1.1 20", BROKEN),
    ]
}
