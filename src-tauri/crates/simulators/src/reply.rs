//! Bodies of replies, the broken ones included.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

/// A reply's body.
pub(crate) enum ReplyBody {
    /// All at once; carries a `Content-Length`.
    Whole(Bytes),
    /// These bytes, then the connection breaks.
    Cut {
        bytes: Bytes,
        pause: Option<Pin<Box<Sleep>>>,
    },
    /// One byte at a time.
    Drip {
        bytes: Bytes,
        every: Duration,
        pause: Option<Pin<Box<Sleep>>>,
    },
    /// A JSON array that is never closed, `left` bytes of it; then the connection breaks.
    Huge { left: u64, opened: bool },
}

/// Long enough for the bytes before it to leave, short enough not to matter.
const BEFORE_THE_CUT: Duration = Duration::from_millis(30);

/// More than hyper buffers: what a slow client may not get of a body that breaks.
const LOST_AT_THE_CUT: u64 = 1 << 20;

impl ReplyBody {
    pub(crate) fn cut(bytes: Bytes) -> Self {
        Self::Cut { bytes, pause: None }
    }

    pub(crate) fn drip(bytes: Bytes, ms_per_byte: u64) -> Self {
        Self::Drip {
            bytes,
            every: Duration::from_millis(ms_per_byte),
            pause: None,
        }
    }

    pub(crate) fn huge(bytes: u64) -> Self {
        Self::Huge {
            left: bytes.saturating_add(LOST_AT_THE_CUT),
            opened: false,
        }
    }
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match &mut *self {
            Self::Whole(bytes) if bytes.is_empty() => Poll::Ready(None),
            Self::Whole(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            Self::Cut { bytes, pause } => match pause {
                None => {
                    *pause = Some(Box::pin(sleep(BEFORE_THE_CUT)));
                    Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes)))))
                }
                Some(pause) => {
                    ready!(pause.as_mut().poll(context));
                    Poll::Ready(Some(Err(io::ErrorKind::UnexpectedEof.into())))
                }
            },
            Self::Drip {
                bytes,
                every,
                pause,
            } => {
                if bytes.is_empty() {
                    return Poll::Ready(None);
                }
                ready!(
                    pause
                        .get_or_insert_with(|| Box::pin(sleep(*every)))
                        .as_mut()
                        .poll(context)
                );
                *pause = None;
                Poll::Ready(Some(Ok(Frame::data(bytes.split_to(1)))))
            }
            Self::Huge { left, opened } => {
                const ITEM: &[u8] =
                    br#"{"label":"simulated","is_admin":false,"collection_permissions":{}},"#;
                if !*opened {
                    *opened = true;
                    return Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"[")))));
                }
                if *left == 0 {
                    return Poll::Ready(Some(Err(io::ErrorKind::UnexpectedEof.into())));
                }
                let chunk = ITEM.repeat(512);
                *left = left.saturating_sub(chunk.len() as u64);
                Poll::Ready(Some(Ok(Frame::data(Bytes::from(chunk)))))
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) | Self::Drip { bytes, .. } => {
                SizeHint::with_exact(bytes.len() as u64)
            }
            Self::Cut { .. } | Self::Huge { .. } => SizeHint::default(),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Whole(bytes) if bytes.is_empty())
    }
}

/// `content` as a gzip file of stored blocks (RFC 1951 3.2.4, RFC 1952).
pub(crate) fn gzipped(content: &[u8]) -> Vec<u8> {
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let blocks: Vec<&[u8]> = if content.is_empty() {
        vec![&[]]
    } else {
        content.chunks(0xffff).collect()
    };
    for (at, block) in blocks.iter().enumerate() {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        out.push(u8::from(at + 1 == blocks.len()));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(*block);
    }
    let crc = !content.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 {
                (crc >> 1) ^ 0xedb8_8320
            } else {
                crc >> 1
            }
        })
    });
    out.extend(crc.to_le_bytes());
    out.extend(
        u32::try_from(content.len() & 0xffff_ffff)
            .unwrap_or_default()
            .to_le_bytes(),
    );
    out
}
