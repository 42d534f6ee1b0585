//! Replies that do not end. The client's own deadlines end them: which one, the case says, and the other cannot.

use super::status::UNIVERSAL;
use crate::case::{Case, Expect::Fails, JSON_HEAD, Step, Wait, steps};
use providers::{Class, Fault};

pub(super) fn cases() -> Vec<Case> {
    let silent = |name: &str, before: String| Case {
        wait: Wait::Pieces,
        ..steps(
            name,
            vec![Step::Bytes(before.into()), Step::Silence],
            timed_out(),
        )
    };
    let dripping = |name: &str, before: String, drip: &str| Case {
        wait: Wait::Total,
        ..steps(
            name,
            vec![Step::Bytes(before.into()), Step::Drip(drip.into())],
            timed_out(),
        )
    };
    let head = |more: &str| format!("{JSON_HEAD}{more}\r\n\r\n");
    let sized = || head("Content-Length: 60000");
    let chunked = || head("Transfer-Encoding: chunked");
    vec![
        silent("silence at once", String::new()),
        silent("silence in the status line", "HTTP/1.1 2".into()),
        silent("silence in the head", JSON_HEAD.into()),
        silent("silence after 100", "HTTP/1.1 100 Continue\r\n\r\n".into()),
        silent("silence after the head", sized()),
        silent("silence in the body", sized() + UNIVERSAL),
        silent(
            "silence after a body without a length",
            head("X-A: 1") + UNIVERSAL,
        ),
        silent("silence in a chunk size", chunked() + "1"),
        silent("silence in a chunk", chunked() + "fff\r\n{"),
        silent("silence before the last chunk", chunked() + "2\r\n{}\r\n"),
        silent(
            "silence in the trailers",
            chunked() + "2\r\n{}\r\n0\r\nX-A: 1",
        ),
        dripping("a drip of nothing but empty lines", String::new(), "\r\n"),
        dripping("a drip in the status line", "HTTP/1.1 200 ".into(), "O"),
        dripping(
            "a drip of headers",
            "HTTP/1.1 200 OK\r\n".into(),
            "X-A: 1\r\n",
        ),
        dripping("a drip of 100", String::new(), "HTTP/1.1 100 \r\n\r\n"),
        dripping("a drip of spaces in the body", sized(), " "),
        dripping("a drip of chunks", chunked(), "1\r\n \r\n"),
        dripping("a drip of zeros in a chunk size", chunked(), "0"),
        dripping("a drip of trailers", chunked() + "0\r\n", "X-A: 1\r\n"),
        dripping("a drip without a length", head("X-A: 1"), "[{},"),
    ]
}

fn timed_out() -> crate::case::Expect {
    Fails(Class::Unavailable, Fault::TimedOut)
}
