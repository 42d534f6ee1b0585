//! Bodies that are packed, or written in another alphabet; errors whose body is not worth reading.

use super::status::{OBJECT, UNIVERSAL};
use crate::case::{
    Case,
    Expect::{Denies, Fails, Reads, Says},
    JSON_HEAD, MARK, Step, body, raw, steps,
};
use providers::{Class, Fault};

/// `[]` by gzip, deflate (zlib), Brotli and Zstandard.
const GZIP: &[u8] =
    b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\x8b\x8e\x05\x00\x29\xbb\x4c\x0d\x02\x00\x00\x00";
const ZLIB: &[u8] = b"\x78\x9c\x8b\x8e\x05\x00\x01\x6c\x00\xb9";
const BROTLI: &[u8] = b"\x0b\x00\x80\x5b\x5d\x03";
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd\x20\x02\x11\x00\x00\x5b\x5d";

pub(super) fn cases() -> Vec<Case> {
    let mut cases = packed();
    cases.extend(alphabets());
    cases.extend(errors());
    cases
}

fn coded(coding: &str, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut bytes =
        format!("{JSON_HEAD}Connection: close\r\nContent-Encoding: {coding}\r\nContent-Length: {length}\r\n\r\n")
            .into_bytes();
    bytes.extend_from_slice(content);
    bytes
}

fn packed() -> Vec<Case> {
    let table: [(&str, &[u8]); 12] = [
        ("gzip", GZIP),
        ("GZIP", GZIP),
        ("x-gzip", GZIP),
        ("deflate", ZLIB),
        ("br", BROTLI),
        ("zstd", ZSTD),
        ("compress", GZIP),
        ("gzip, gzip", GZIP),
        ("identity, gzip", GZIP),
        ("aws-chunked", UNIVERSAL.as_bytes()),
        ("hOsTiLe", UNIVERSAL.as_bytes()),
        ("", UNIVERSAL.as_bytes()),
    ];
    let encoded = Fails(Class::Protocol, Fault::Encoded);
    let mut cases: Vec<Case> = table
        .into_iter()
        .map(|(coding, content)| {
            let expect = Fails(Class::Protocol, Fault::Encoded);
            raw(
                format!("packed as {coding:?}"),
                coded(coding, content),
                expect,
            )
        })
        .collect();
    cases.extend([
        raw(
            "packed as nothing",
            coded("identity", UNIVERSAL.as_bytes()),
            Reads(OBJECT),
        ),
        raw(
            "packed as gzip, which it is not",
            coded("gzip", UNIVERSAL.as_bytes()),
            encoded,
        ),
        raw(
            "packed as nothing, then as gzip",
            coded("identity\r\nContent-Encoding: gzip", GZIP),
            Fails(Class::Protocol, Fault::Encoded),
        ),
        raw(
            "packed in letters that are none",
            coded("gz\u{fc}p", UNIVERSAL.as_bytes()),
            Fails(Class::Protocol, Fault::Encoded),
        ),
        body("gzip without a word", GZIP, Reads("")),
        body("deflate without a word", ZLIB, Reads("")),
        body("Brotli without a word", BROTLI, Reads("")),
        body("Zstandard without a word", ZSTD, Reads("")),
    ]);
    cases
}

fn alphabets() -> Vec<Case> {
    let wide = |order: fn(u16) -> [u8; 2]| {
        UNIVERSAL
            .encode_utf16()
            .flat_map(order)
            .collect::<Vec<u8>>()
    };
    let quad = UNIVERSAL.chars().flat_map(|c| u32::from(c).to_le_bytes());
    let marked = |mark: &[u8], rest: &[u8]| [mark, rest].concat();
    // A text with these bytes in it, where everybody looks and where nobody does.
    let inside = |bytes: &[u8]| {
        let at = r#""token":"aaa"#.len() + UNIVERSAL.find(r#""token""#).unwrap();
        let (before, after) = UNIVERSAL.as_bytes().split_at(at);
        [before, bytes, after].concat()
    };
    vec![
        body(
            "a mark of byte order",
            marked(b"\xEF\xBB\xBF", UNIVERSAL.as_bytes()),
            Reads(""),
        ),
        body(
            "UTF-16, little end first",
            wide(u16::to_le_bytes),
            Reads(""),
        ),
        body("UTF-16, big end first", wide(u16::to_be_bytes), Reads("")),
        body(
            "UTF-16 with its mark",
            marked(b"\xFF\xFE", &wide(u16::to_le_bytes)),
            Reads(""),
        ),
        body("UTF-32", quad.collect::<Vec<u8>>(), Reads("")),
        body("UTF-7", "+AHsAfQ-", Reads("")),
        body("Latin 1 in a token", inside(b"\xE9"), Reads("rphcfmv")),
        body(
            "an overlong NUL in a token",
            inside(b"\xC0\x80"),
            Reads("rphcfmv"),
        ),
        body(
            "a surrogate in a token",
            inside(b"\xED\xA0\x80"),
            Reads("rphcfmv"),
        ),
        body(
            "half a character in a token",
            inside(b"\xE2\x82"),
            Reads("rphcfmv"),
        ),
        body(
            "beyond Unicode in a token",
            inside(b"\xF4\x90\x80\x80"),
            Reads("rphcfmv"),
        ),
        body("0xFF in a token", inside(b"\xFF"), Reads("rphcfmv")),
    ]
}

/// A status that says no is heard, whatever its body is.
fn errors() -> Vec<Case> {
    let head = |status: u16, more: &str| {
        format!("HTTP/1.1 {status} hOsTiLe\r\nConnection: close\r\n{more}\r\n\r\n")
    };
    let long = |status: u16| head(status, "Content-Length: 1000000");
    let many = || Step::Again(MARK.into(), 1_000_000 / MARK.len() + 1);
    // Of no kind, and not empty: nobody's word to a probe.
    let forbidden = || Denies(403, Class::Forbidden, "");
    let missing = || Says(404, Class::NotFound, None);
    vec![
        raw(
            "404, packed",
            head(404, "Content-Encoding: gzip\r\nContent-Length: 0"),
            missing(),
        ),
        steps(
            "403 of a megabyte",
            vec![Step::Bytes(long(403).into()), many()],
            forbidden(),
        ),
        steps(
            "409, cut",
            vec![Step::Bytes(long(409).into()), Step::Cut],
            Says(409, Class::Conflict, None),
        ),
        steps(
            "403, reset",
            vec![
                Step::Bytes(long(403).into()),
                Step::Bytes(MARK.into()),
                Step::Reset,
            ],
            forbidden(),
        ),
        steps(
            "404 in chunks that are none",
            vec![Step::Bytes(
                (head(404, "Transfer-Encoding: chunked") + "zz\r\n").into(),
            )],
            missing(),
        ),
        steps(
            "403, then nothing",
            vec![Step::Bytes(long(403).into()), Step::Silence],
            forbidden(),
        ),
        steps(
            "400 that drips",
            vec![Step::Bytes(long(400).into()), Step::Drip(b" ".into())],
            Says(400, Class::Invalid, None),
        ),
    ]
}
