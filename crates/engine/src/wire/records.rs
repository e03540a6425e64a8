//! Records of a host's own types.

mod cell;

use std::fmt;

use guerdon_plan::hir::Table;
use guerdon_plan::number::Exact;
use guerdon_plan::types::{FieldId, Scalar};
use serde::ser::{
    self, Impossible, Serialize, SerializeMap, SerializeStruct, SerializeStructVariant, Serializer,
};

use crate::error::Error;
use crate::facts::{FactsBuilder, Input};

use cell::CellSerializer;

impl FactsBuilder<'_> {
    /// Adds a record of a table for each struct or map, whose fields have the names (or second names) of the table's.
    ///
    /// Fields that the table does not have are not read. `None` is an empty cell; an enum without content is its name;
    /// text is read as a cell of a file is. A number, also one that comes as text, is a fraction of one where a percent
    /// is wanted: 0.08 is 8 %. Binary floating point is refused, since it cannot hold 0.1; amounts are whole numbers,
    /// decimals or text.
    ///
    /// # Examples
    ///
    /// ```
    /// use guerdon::facts::Facts;
    /// use guerdon_plan::hir::Program;
    /// use serde::Serialize;
    ///
    /// #[derive(Serialize)]
    /// struct Deal {
    ///     id: String,
    ///     amount: rust_decimal::Decimal,
    ///     booked_on: chrono::NaiveDate,
    /// }
    ///
    /// let program = Program::default();
    /// let deals: Vec<Deal> = Vec::new();
    /// let mut builder = Facts::builder(&program);
    /// builder.records("Deal", &deals);
    /// let refused = builder.finish().err().map(|error| error.to_string());
    /// assert_eq!(refused.as_deref(), Some("the rules declare no data block or table \"Deal\""));
    /// ```
    pub fn records<T: Serialize>(&mut self, table: &str, records: &[T]) -> &mut Self {
        let Some(id) = self.table_named(table) else {
            return self;
        };
        self.empty(table);
        let Some(declared) = self.program().table(id) else {
            return self;
        };
        for record in records {
            self.begin_row(id);
            let row = RecordSerializer {
                builder: self,
                table: declared,
            };
            if let Err(Failure(error)) = record.serialize(row) {
                self.fail(error);
                return self;
            }
        }
        self
    }
}

/// Carries an error through serde.
#[derive(Debug)]
pub(super) struct Failure(pub(super) Error);

/// Sets the fields of one record.
struct RecordSerializer<'b, 'p> {
    builder: &'b mut FactsBuilder<'p>,
    table: &'p Table,
}

/// Sets fields one by one, of a struct or of a map.
struct Fields<'b, 'p> {
    record: RecordSerializer<'b, 'p>,
    key: Option<FieldId>,
    /// The place to look first: fields mostly come in the order of their declaration.
    next: usize,
}

impl RecordSerializer<'_, '_> {
    fn set<T: Serialize + ?Sized>(&mut self, field: FieldId, value: &T) -> Result<(), Failure> {
        let name = self
            .table
            .fields
            .get(field.index())
            .map_or("", |field| field.naming.name.as_str());
        let input = value.serialize(CellSerializer {
            table: &self.table.naming.name,
            field: name,
        })?;
        let input = self.fraction(field, input);
        self.builder.set_field(field, &input);
        Ok(())
    }

    /// Takes a plain number in text as the number it is, where a percent is wanted.
    fn fraction<'i>(&self, field: FieldId, input: Input<'i>) -> Input<'i> {
        let is_percent = self
            .table
            .fields
            .get(field.index())
            .is_some_and(|field| matches!(field.ty.scalar, Scalar::Percent));
        match &input {
            Input::Text(text) if is_percent => Exact::parse_decimal(text).map_or(input, Input::from),
            Input::Text(_)
            | Input::Missing
            | Input::Bool(_)
            | Input::Whole(_)
            | Input::Number(_)
            | Input::Date(_)
            | Input::Period(_)
            | Input::Enum(..) => input,
        }
    }

    fn not_a_record<T>(&self, advice: &'static str) -> Result<T, Failure> {
        Err(Failure(Error::NotARecord {
            table: self.table.naming.name.clone(),
            advice,
        }))
    }
}

impl<'b, 'p> Fields<'b, 'p> {
    fn new(record: RecordSerializer<'b, 'p>) -> Fields<'b, 'p> {
        Fields {
            record,
            key: None,
            next: 0,
        }
    }

    fn field(&mut self, name: &str) -> Option<FieldId> {
        let fields = &self.record.table.fields;
        let count = fields.len();
        let is_named = |place: &usize| {
            fields
                .get(*place)
                .is_some_and(|field| field.naming.name == name || field.naming.alias.as_deref() == Some(name))
        };
        let found = (self.next..count).chain(0..self.next.min(count)).find(is_named)?;
        self.next = found.saturating_add(1);
        Some(FieldId::at(found))
    }
}

impl<'b, 'p> Serializer for RecordSerializer<'b, 'p> {
    type Ok = ();
    type Error = Failure;
    type SerializeSeq = Impossible<(), Failure>;
    type SerializeTuple = Impossible<(), Failure>;
    type SerializeTupleStruct = Impossible<(), Failure>;
    type SerializeTupleVariant = Impossible<(), Failure>;
    type SerializeMap = Fields<'b, 'p>;
    type SerializeStruct = Fields<'b, 'p>;
    type SerializeStructVariant = Fields<'b, 'p>;

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeStruct, Failure> {
        Ok(Fields::new(self))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Failure> {
        Ok(Fields::new(self))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Failure> {
        Ok(Fields::new(self))
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Failure> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Failure> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Result<(), Failure> {
        value.serialize(self)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Failure> {
        Ok(())
    }

    fn serialize_none(self) -> Result<(), Failure> {
        self.not_a_record("leave out what does not exist")
    }

    fn serialize_unit(self) -> Result<(), Failure> {
        self.not_a_record("give a struct")
    }

    fn serialize_bool(self, _: bool) -> Result<(), Failure> {
        self.not_a_record("give a struct, not yes or no")
    }

    fn serialize_i8(self, _: i8) -> Result<(), Failure> {
        self.not_a_record("give a struct, not a number")
    }

    fn serialize_i16(self, _: i16) -> Result<(), Failure> {
        self.not_a_record("give a struct, not a number")
    }

    fn serialize_i32(self, _: i32) -> Result<(), Failure> {
        self.not_a_record("give a struct, not a number")
    }

    fn serialize_i64(self, _: i64) -> Result<(), Failure> {
        self.not_a_record("give a struct, not a number")
    }

    fn serialize_u8(self, _: u8) -> Result<(), Failure> {
        self.not_a_record("give a struct, not a number")
    }

    fn serialize_u16(self, _: u16) -> Result<(), Failure> {
        self.not_a_record("give a struct, not a number")
    }

    fn serialize_u32(self, _: u32) -> Result<(), Failure> {
        self.not_a_record("give a struct, not a number")
    }

    fn serialize_u64(self, _: u64) -> Result<(), Failure> {
        self.not_a_record("give a struct, not a number")
    }

    fn serialize_f32(self, _: f32) -> Result<(), Failure> {
        self.not_a_record("give a struct, not a number")
    }

    fn serialize_f64(self, _: f64) -> Result<(), Failure> {
        self.not_a_record("give a struct, not a number")
    }

    fn serialize_char(self, _: char) -> Result<(), Failure> {
        self.not_a_record("give a struct, not text")
    }

    fn serialize_str(self, _: &str) -> Result<(), Failure> {
        self.not_a_record("give a struct, not text")
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), Failure> {
        self.not_a_record("give a struct, not bytes")
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Result<(), Failure> {
        self.not_a_record("give a struct, not a name")
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, Failure> {
        self.not_a_record("give a struct, not a list")
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Failure> {
        self.not_a_record("give a struct, not a tuple: its parts have no names")
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, Failure> {
        self.not_a_record("give a struct, not a tuple: its parts have no names")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Failure> {
        self.not_a_record("give a struct, not a tuple: its parts have no names")
    }
}

impl SerializeStruct for Fields<'_, '_> {
    type Ok = ();
    type Error = Failure;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Failure> {
        self.field(key)
            .map_or(Ok(()), |field| self.record.set(field, value))
    }

    fn end(self) -> Result<(), Failure> {
        Ok(())
    }
}

impl SerializeStructVariant for Fields<'_, '_> {
    type Ok = ();
    type Error = Failure;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Failure> {
        SerializeStruct::serialize_field(self, key, value)
    }

    fn end(self) -> Result<(), Failure> {
        Ok(())
    }
}

impl SerializeMap for Fields<'_, '_> {
    type Ok = ();
    type Error = Failure;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Failure> {
        let name = key.serialize(CellSerializer {
            table: &self.record.table.naming.name,
            field: "",
        })?;
        self.key = match name {
            Input::Text(name) => self.field(&name),
            Input::Missing
            | Input::Bool(_)
            | Input::Whole(_)
            | Input::Number(_)
            | Input::Date(_)
            | Input::Period(_)
            | Input::Enum(..) => return self.record.not_a_record("name the fields by text"),
        };
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failure> {
        self.key
            .take()
            .map_or(Ok(()), |field| self.record.set(field, value))
    }

    fn end(self) -> Result<(), Failure> {
        Ok(())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Failure {}

impl ser::Error for Failure {
    fn custom<T: fmt::Display>(message: T) -> Failure {
        Failure(Error::Serialise {
            message: message.to_string(),
        })
    }
}
