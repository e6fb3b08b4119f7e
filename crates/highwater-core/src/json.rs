//! Reads JSON that the application wrote itself, with little code for each type.
//!
//! serde_json compiles its parser into the reading of every type, and for every structure a second
//! way to read it, from an array: too much for a browser's bundle. Here one parser makes a [`Value`]
//! of the text, and a type picks its parts from that.
//!
//! Owns that way of reading. It must not be used for what others send: of two fields of one name it
//! takes the last, and an error does not tell the place.

use std::fmt;

use serde::{
    Deserializer,
    de::{
        self, DeserializeOwned, DeserializeSeed, Expected, IntoDeserializer, MapAccess, SeqAccess,
        Unexpected, Visitor, value::MapAccessDeserializer,
    },
};
use serde_json::{Map, Value};

/// Why a text could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(String);

/// Reads a value.
///
/// # Errors
/// When the text is no JSON, or JSON of another shape.
pub fn read<T: DeserializeOwned>(json: &str) -> Result<T, Unreadable> {
    T::deserialize(Told(parse(json)?))
}

fn parse(json: &str) -> Result<Value, Unreadable> {
    serde_json::from_str(json).map_err(|error| Unreadable(error.to_string()))
}

/// A value on its way to its type.
struct Told(Value);

/// The elements of an array that are left.
struct Items(std::vec::IntoIter<Value>);

/// The fields of an object that are left.
struct Fields {
    left: serde_json::map::IntoIter,
    /// Of the field whose name was read last.
    value: Value,
}

/// A number, as it is told to visitors.
enum Number {
    Whole(u64),
    Negative(i64),
    Real(f64),
}

// What is done for each type is only to call its visitor. All else is here, and kept from being
// copied there.
impl Told {
    #[inline(never)]
    fn items(self) -> Result<Items, Unreadable> {
        match self.0 {
            Value::Array(items) => Ok(Items(items.into_iter())),
            _ => Err(expected("an array")),
        }
    }

    #[inline(never)]
    fn fields(self) -> Result<Fields, Unreadable> {
        match self.0 {
            Value::Object(fields) => Ok(Fields { left: fields.into_iter(), value: Value::Null }),
            _ => Err(expected("an object")),
        }
    }

    /// One of several: `{"name": content}`, or `"name"` for one without content.
    #[inline(never)]
    fn variant(self) -> Result<Fields, Unreadable> {
        match self.0 {
            Value::String(name) => Self(Map::from_iter([(name, Value::Null)]).into()).fields(),
            one => Self(one).fields(),
        }
    }

    #[inline(never)]
    fn text(self) -> Result<String, Unreadable> {
        match self.0 {
            Value::String(text) => Ok(text),
            _ => Err(expected("a string")),
        }
    }

    #[inline(never)]
    fn truth(self) -> Result<bool, Unreadable> {
        self.0.as_bool().ok_or_else(|| expected("true or false"))
    }

    #[inline(never)]
    fn number(self) -> Result<Number, Unreadable> {
        let whole = self.0.as_u64().map(Number::Whole);
        let number = whole.or_else(|| self.0.as_i64().map(Number::Negative));
        let number = number.or_else(|| self.0.as_f64().map(Number::Real));
        number.ok_or_else(|| expected("a number"))
    }

    /// Itself, unless it is null.
    #[inline(never)]
    fn some(self) -> Option<Self> {
        Some(self).filter(|told| !told.0.is_null())
    }
}

impl Items {
    #[inline(never)]
    fn step(&mut self) -> Option<Told> {
        self.0.next().map(Told)
    }
}

impl Fields {
    #[inline(never)]
    fn step(&mut self) -> Option<String> {
        let (name, value) = self.left.next()?;
        self.value = value;
        Some(name)
    }

    #[inline(never)]
    fn take(&mut self) -> Told {
        Told(self.value.take())
    }
}

impl<'de> SeqAccess<'de> for Items {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Unreadable> {
        match self.step() {
            Some(told) => seed.deserialize(told).map(Some),
            None => Ok(None),
        }
    }
}

impl<'de> MapAccess<'de> for Fields {
    type Error = Unreadable;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Unreadable> {
        match self.step() {
            Some(name) => seed.deserialize(name.into_deserializer()).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, Unreadable> {
        seed.deserialize(self.take())
    }
}

fn expected(what: &str) -> Unreadable {
    Unreadable(format!("expected {what}"))
}

/// `method, …: |told, visitor| result`
macro_rules! read {
    ($($($method:ident),+: |$told:ident, $visitor:ident| $result:expr;)+) => {$($(
        fn $method<V: Visitor<'de>>(self, $visitor: V) -> Result<V::Value, Unreadable> {
            let $told = self;
            $result
        }
    )+)+};
}

impl<'de> Deserializer<'de> for Told {
    type Error = Unreadable;

    read! {
        deserialize_bool: |told, visitor| visitor.visit_bool(told.truth()?);
        deserialize_i8, deserialize_i16, deserialize_i32, deserialize_i64, deserialize_u8,
        deserialize_u16, deserialize_u32, deserialize_u64, deserialize_f32, deserialize_f64:
            |told, visitor| match told.number()? {
                Number::Whole(number) => visitor.visit_u64(number),
                Number::Negative(number) => visitor.visit_i64(number),
                Number::Real(number) => visitor.visit_f64(number),
            };
        deserialize_char, deserialize_str, deserialize_string, deserialize_identifier:
            |told, visitor| visitor.visit_string(told.text()?);
        deserialize_seq, deserialize_bytes, deserialize_byte_buf:
            |told, visitor| visitor.visit_seq(told.items()?);
        deserialize_map: |told, visitor| visitor.visit_map(told.fields()?);
        deserialize_unit, deserialize_ignored_any: |_told, visitor| visitor.visit_unit();
        deserialize_option: |told, visitor| match told.some() {
            None => visitor.visit_none(),
            Some(told) => visitor.visit_some(told),
        };
        deserialize_any: |told, visitor| match told.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(truth) => visitor.visit_bool(truth),
            Value::Number(_) => told.deserialize_f64(visitor),
            Value::String(text) => visitor.visit_string(text),
            Value::Array(_) => visitor.visit_seq(told.items()?),
            Value::Object(_) => visitor.visit_map(told.fields()?),
        };
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_map(self.fields()?)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_enum(MapAccessDeserializer::new(self.variant()?))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_unit()
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_seq(self.items()?)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_seq(self.items()?)
    }
}

impl de::Error for Unreadable {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }

    // Serde would add what was there instead, and with it the printing of every kind of number.
    fn invalid_type(_: Unexpected<'_>, wanted: &dyn Expected) -> Self {
        expected(&wanted.to_string())
    }

    fn invalid_value(_: Unexpected<'_>, wanted: &dyn Expected) -> Self {
        expected(&wanted.to_string())
    }
}

#[cfg(test)]
mod tests;
