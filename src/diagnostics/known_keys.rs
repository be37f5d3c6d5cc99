//! The keys that a type knows in the table at a path: what serde's derive hands to `deserialize_struct`.
//!
//! A probe is a `Deserializer` without a text. It plays a value that holds nothing but the way to one table, so that
//! the type itself walks down to the struct that would be read from it. No words of an error message are read for this.

use serde::Deserializer;
use serde::de::value::{BorrowedStrDeserializer, Error};
use serde::de::{DeserializeOwned, DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde_ignored::Path;

/// A step from a value into what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Into the value of this key.
    Key(String),
    /// Into the element with this number, from 0.
    Element(usize),
}

/// `serde_ignored`'s path without the steps that are none in a text.
pub(super) fn steps(path: &Path<'_>) -> Vec<Step> {
    let (parent, step) = match path {
        Path::Root => return Vec::new(),
        Path::Seq { parent, index } => (parent, Some(Step::Element(*index))),
        Path::Map { parent, key } => (parent, Some(Step::Key(key.clone()))),
        Path::Some { parent } | Path::NewtypeStruct { parent } | Path::NewtypeVariant { parent } => (parent, None),
    };
    let mut steps = steps(parent);
    steps.extend(step);
    steps
}

/// The keys of the struct that `T` reads from the table at `path`; `None` if there is no struct or the path leads
/// nowhere.
pub(super) fn known_keys<T: DeserializeOwned>(path: &[Step]) -> Option<&'static [&'static str]> {
    let mut found = None;
    // The probe always ends with an error: it has no value to give.
    let _ = T::deserialize(Probe { path, found: &mut found });
    found
}

struct Probe<'de, 'f> {
    path: &'de [Step],
    found: &'f mut Option<&'static [&'static str]>,
}

impl<'de> Probe<'de, '_> {
    fn go_on<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        let path = self.path.get(1..).unwrap_or_default();
        seed.deserialize(Probe { path, found: &mut *self.found })
    }
}

impl<'de> Deserializer<'de> for Probe<'de, '_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.path.first() {
            Some(Step::Key(_)) => visitor.visit_map(self),
            Some(Step::Element(_)) => visitor.visit_seq(self),
            None => Err(Error::custom("the path ends here")),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if self.path.is_empty() {
            *self.found = Some(fields);
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map enum identifier ignored_any
    }
}

impl<'de> MapAccess<'de> for Probe<'de, '_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some(Step::Key(key)) = self.path.first() else { return Ok(None) };
        // Borrowed, because `Spanned` reads its own key as a `&str`.
        seed.deserialize(BorrowedStrDeserializer::<Error>::new(key)).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        self.go_on(seed)
    }
}

impl<'de> SeqAccess<'de> for Probe<'de, '_> {
    type Error = Error;

    /// The first element stands for the one that is meant: all of them are of one type.
    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        self.go_on(seed).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;
    use toml::Spanned;

    use super::*;

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only the keys matter here")]
    struct Outer {
        #[serde(rename = "title", default)]
        name: String,
        inner: Inner,
        list: Vec<Inner>,
        by_name: BTreeMap<String, Inner>,
        maybe: Option<Inner>,
        wrapped: Wrapped,
        spanned: Vec<Spanned<Inner>>,
        number: u32,
    }

    #[derive(Deserialize)]
    struct Wrapped(#[expect(dead_code, reason = "only the keys matter here")] Inner);

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only the keys matter here")]
    struct Inner {
        a: u32,
        b: u32,
    }

    fn keys(path: &[Step]) -> Option<&'static [&'static str]> {
        known_keys::<Outer>(path)
    }

    fn key(name: &str) -> Step {
        Step::Key(name.to_owned())
    }

    #[test]
    fn a_table_is_found_below_tables_lists_maps_options_and_newtypes() {
        assert_eq!(keys(&[]).map(|keys| keys[0]), Some("title"), "as it is written in the file");
        let inner: Option<&[&str]> = Some(&["a", "b"]);
        assert_eq!(keys(&[key("inner")]), inner);
        assert_eq!(keys(&[key("list"), Step::Element(7)]), inner);
        assert_eq!(keys(&[key("by_name"), key("anything")]), inner);
        assert_eq!(keys(&[key("maybe")]), inner);
        assert_eq!(keys(&[key("wrapped")]), inner);
    }

    #[test]
    fn the_way_through_a_spanned_value_is_the_one_that_serde_ignored_reports() {
        let mut way = Vec::new();
        let text = "inner = { a = 1, b = 2 }\nlist = []\nby_name = {}\nwrapped = { a = 1, b = 2 }\nnumber = 1\n\
            [[spanned]]\na = 1\nb = 2\nc = 3\n";
        let document = toml::Deserializer::parse(text).expect("TOML");
        let read: Result<Outer, _> = serde_ignored::deserialize(document, |path| way = steps(&path));
        read.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(way.pop(), Some(key("c")));
        assert_eq!(keys(&way), Some(["a", "b"].as_slice()));
    }

    #[test]
    fn a_path_to_no_table_has_no_keys() {
        for path in [vec![key("number")], vec![key("unknown")], vec![Step::Element(0)], vec![key("inner"), key("a")]] {
            assert_eq!(keys(&path), None, "{path:?}");
        }
    }
}
