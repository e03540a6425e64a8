//! One value of a host's record.

use std::borrow::Cow;

use guerdon_plan::number::Exact;
use serde::ser::{Impossible, Serialize, Serializer};

use super::Failure;
use crate::error::Error;
use crate::facts::Input;

/// Reads one value.
pub(super) struct CellSerializer<'t> {
    pub(super) table: &'t str,
    pub(super) field: &'t str,
}

impl CellSerializer<'_> {
    fn refuse<T>(&self, given: &'static str, advice: &'static str) -> Result<T, Failure> {
        Err(Failure(Error::WrongKind {
            table: self.table.to_owned(),
            field: self.field.to_owned(),
            given,
            advice,
        }))
    }
}

const NO_FLOAT: &str = "it cannot hold amounts such as 0.1; give a decimal, a whole number or text";
const ONE_VALUE: &str = "a field holds one value; give each value a field or a record of its own";

impl Serializer for CellSerializer<'_> {
    type Ok = Input<'static>;
    type Error = Failure;
    type SerializeSeq = Impossible<Self::Ok, Failure>;
    type SerializeTuple = Impossible<Self::Ok, Failure>;
    type SerializeTupleStruct = Impossible<Self::Ok, Failure>;
    type SerializeTupleVariant = Impossible<Self::Ok, Failure>;
    type SerializeMap = Impossible<Self::Ok, Failure>;
    type SerializeStruct = Impossible<Self::Ok, Failure>;
    type SerializeStructVariant = Impossible<Self::Ok, Failure>;

    fn serialize_bool(self, value: bool) -> Result<Self::Ok, Failure> {
        Ok(Input::Bool(value))
    }

    fn serialize_i8(self, number: i8) -> Result<Self::Ok, Failure> {
        Ok(Input::from(number))
    }

    fn serialize_i16(self, number: i16) -> Result<Self::Ok, Failure> {
        Ok(Input::from(number))
    }

    fn serialize_i32(self, number: i32) -> Result<Self::Ok, Failure> {
        Ok(Input::from(number))
    }

    fn serialize_i64(self, number: i64) -> Result<Self::Ok, Failure> {
        Ok(Input::from(number))
    }

    fn serialize_i128(self, number: i128) -> Result<Self::Ok, Failure> {
        Ok(Input::from(number))
    }

    fn serialize_u8(self, number: u8) -> Result<Self::Ok, Failure> {
        Ok(Input::from(number))
    }

    fn serialize_u16(self, number: u16) -> Result<Self::Ok, Failure> {
        Ok(Input::from(number))
    }

    fn serialize_u32(self, number: u32) -> Result<Self::Ok, Failure> {
        Ok(Input::from(number))
    }

    fn serialize_u64(self, number: u64) -> Result<Self::Ok, Failure> {
        Ok(Input::from(number))
    }

    fn serialize_u128(self, number: u128) -> Result<Self::Ok, Failure> {
        match i128::try_from(number) {
            Ok(number) => Ok(Input::from(number)),
            Err(_) => Exact::from_parts(number.into(), 1.into())
                .map(Input::Number)
                .or_else(|_| self.refuse("a number that is too large", "give fewer digits")),
        }
    }

    fn serialize_f32(self, _: f32) -> Result<Self::Ok, Failure> {
        self.refuse("a binary floating-point number", NO_FLOAT)
    }

    fn serialize_f64(self, _: f64) -> Result<Self::Ok, Failure> {
        self.refuse("a binary floating-point number", NO_FLOAT)
    }

    fn serialize_char(self, letter: char) -> Result<Self::Ok, Failure> {
        Ok(Input::Text(Cow::Owned(letter.to_string())))
    }

    fn serialize_str(self, text: &str) -> Result<Self::Ok, Failure> {
        Ok(Input::Text(Cow::Owned(text.to_owned())))
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<Self::Ok, Failure> {
        self.refuse("bytes", "give text")
    }

    fn serialize_none(self) -> Result<Self::Ok, Failure> {
        Ok(Input::Missing)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Self::Ok, Failure> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Self::Ok, Failure> {
        Ok(Input::Missing)
    }

    fn serialize_unit_struct(self, name: &'static str) -> Result<Self::Ok, Failure> {
        Ok(Input::from(name))
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Self::Ok, Failure> {
        Ok(Input::from(variant))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Self::Ok, Failure> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Self::Ok, Failure> {
        self.refuse("a variant with content", ONE_VALUE)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, Failure> {
        self.refuse("a list", ONE_VALUE)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Failure> {
        self.refuse("a tuple", ONE_VALUE)
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, Failure> {
        self.refuse("a tuple", ONE_VALUE)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Failure> {
        self.refuse("a variant with content", ONE_VALUE)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Failure> {
        self.refuse("a map", ONE_VALUE)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeStruct, Failure> {
        self.refuse("a struct", ONE_VALUE)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Failure> {
        self.refuse("a struct", ONE_VALUE)
    }
}
