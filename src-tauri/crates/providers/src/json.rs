//! JSON as a hostile server may write it.

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor, value::MapAccessDeserializer};
use std::{fmt, marker::PhantomData};

/// A JSON object, read as `T`. A derived reader alone would take a list for one, item by member.
pub(crate) struct Object<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
            type Value = T;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
                T::deserialize(MapAccessDeserializer::new(members))
            }
        }

        deserializer.deserialize_map(Members(PhantomData)).map(Self)
    }
}

/// How many values a text has at most, were it JSON. Two bytes can become a value of a hundred, so it is
/// this number, and not the text's length, that bounds the memory of what is read from it.
pub(crate) fn values_in(text: &[u8]) -> usize {
    let (mut values, mut quoted, mut escaped) = (1, false, false);
    for byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' | b'[' | b'{' if !quoted => values += 1,
            _ => (),
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct Pair {
        a: u8,
        #[serde(default)]
        b: u8,
    }

    #[test]
    fn a_list_is_no_object() {
        let read = |text: &str| {
            serde_json::from_str::<Object<Pair>>(text).map(|Object(pair)| (pair.a, pair.b))
        };
        assert_eq!(read("{\"a\":1}").ok(), Some((1, 0)));
        for text in ["[1,2]", "[1]", "[]", "null", "1", "{\"a\":1,\"a\":2}"] {
            assert!(read(text).is_err(), "{text}");
        }
        assert!(
            serde_json::from_str::<Pair>("[1,2]").is_ok(),
            "the reason for all this"
        );
    }

    #[test]
    fn values_are_counted_outside_texts() {
        for (text, values) in [
            ("null", 1),
            ("[]", 2),
            ("[1,2,3]", 4),
            (r#"{"a":1,"b":[{}]}"#, 5),
            (r#""a,b,[{""#, 1),
            (r#"["\",\\",","]"#, 3),
            ("[\"", 2),
        ] {
            assert_eq!(values_in(text.as_bytes()), values, "{text}");
        }
    }
}
