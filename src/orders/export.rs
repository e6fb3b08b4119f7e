//! Orders as CSV (RFC 4180): what a spreadsheet opens and a program reads back.
//!
//! Owns the columns and how a cell is written. It must not know which orders are wanted.
//!
//! A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return for a
//! formula, and customers write names and notes. Text that begins with one of these gets an
//! apostrophe in front, and so does text that begins with an apostrophe, so that who takes one
//! leading apostrophe away always has the text as it was.

use csv::{Terminator, Writer, WriterBuilder};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::model::{Cents, OrderRow};

/// The columns, as the first line names them.
pub const COLUMNS: [&str; 17] = [
    "id",
    "number",
    "status",
    "customerId",
    "customerName",
    "total",
    "lines",
    "createdAt",
    "updatedAt",
    "version",
    "shipName",
    "shipAddress",
    "shipCity",
    "shipRegion",
    "shipPostalCode",
    "shipCountry",
    "note",
];

/// The first line.
///
/// # Errors
/// None in practice: it is written to memory.
pub fn header() -> csv::Result<Vec<u8>> {
    let mut writer = writer();
    writer.write_record(COLUMNS)?;
    finished(writer)
}

/// A line for each order.
///
/// # Errors
/// [`csv::Error`] for a time that RFC 3339 cannot write; otherwise none in practice.
pub fn lines(orders: &[OrderRow]) -> csv::Result<Vec<u8>> {
    let mut writer = writer();
    for order in orders {
        let to = &order.ship_to;
        writer.write_record([
            order.id.to_string(),
            order.id.number().to_string(),
            order.status.to_string(),
            guarded(order.customer_id.as_str()),
            guarded(&order.customer_name),
            dollars(order.total),
            order.line_count.to_string(),
            written(order.created_at)?,
            written(order.updated_at)?,
            order.version.to_string(),
            guarded(&to.name),
            guarded(&to.address),
            guarded(&to.city),
            guarded(to.region.as_deref().unwrap_or_default()),
            guarded(to.postal_code.as_deref().unwrap_or_default()),
            guarded(&to.country),
            guarded(&order.note),
        ])?;
    }
    finished(writer)
}

fn writer() -> Writer<Vec<u8>> {
    WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new())
}

fn finished(writer: Writer<Vec<u8>>) -> csv::Result<Vec<u8>> {
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// Text that no spreadsheet takes for a formula.
fn guarded(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\'']) { "'" } else { "" };
    format!("{guard}{text}")
}

/// An amount as a plain decimal number: `1234.50`.
fn dollars(amount: Cents) -> String {
    let sign = if amount.0 < 0 { "-" } else { "" };
    let cents = amount.0.unsigned_abs();
    format!("{sign}{}.{:02}", cents / 100, cents % 100)
}

fn written(time: OffsetDateTime) -> csv::Result<String> {
    time.format(&Rfc3339).map_err(|error| std::io::Error::other(error).into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::orders::model::{CustomerId, OrderId, OrderStatus, ShipTo};

    fn row(name: &str, note: &str, cents: i64) -> OrderRow {
        OrderRow {
            id: OrderId::of_number(10_248).unwrap(),
            customer_id: CustomerId("VINET".to_owned()),
            customer_name: name.to_owned(),
            ship_to: ShipTo {
                name: name.to_owned(),
                address: "59 rue, \"haut\"".to_owned(),
                city: "Reims".to_owned(),
                region: None,
                postal_code: Some("51100".to_owned()),
                country: "France".to_owned(),
            },
            status: OrderStatus::Packed,
            note: note.to_owned(),
            total: Cents(cents),
            created_at: OffsetDateTime::UNIX_EPOCH,
            updated_at: OffsetDateTime::UNIX_EPOCH,
            version: 3,
            line_count: 2,
        }
    }

    fn read(bytes: &[u8]) -> Vec<Vec<String>> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
        let records = reader.records().map(|record| record.unwrap());
        records.map(|record| record.iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn an_order_is_one_line() {
        let text =
            String::from_utf8(lines(&[row("Vins, et alcools", "two\nlines", 123_450)]).unwrap());
        let expected = "ord_10248,10248,packed,VINET,\"Vins, et alcools\",1234.50,2,\
            1970-01-01T00:00:00Z,1970-01-01T00:00:00Z,3,\"Vins, et alcools\",\
            \"59 rue, \"\"haut\"\"\",Reims,,51100,France,\"two\nlines\"\r\n";
        assert_eq!(text.unwrap(), expected);
        assert_eq!(read(&header().unwrap()), [COLUMNS]);
    }

    #[test]
    fn no_text_is_a_formula() {
        for text in ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", "'x"] {
            assert_eq!(read(&lines(&[row("x", text, 0)]).unwrap())[0][16], format!("'{text}"));
        }
        assert_eq!(guarded("a=b"), "a=b");
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read_back(
            name in "\\PC{0,20}", note in "(?s).{0,40}", cents in 0..i64::MAX,
        ) {
            let order = row(&name, &note, cents);
            let read = read(&lines(&[order.clone(), order]).unwrap());
            prop_assert_eq!(read.len(), 2);
            for cells in read {
                let text = |cell: &str| cell.strip_prefix('\'').unwrap_or(cell).to_owned();
                prop_assert_eq!(cells.len(), COLUMNS.len());
                prop_assert_eq!(text(&cells[4]), name.clone());
                prop_assert_eq!(text(&cells[16]), note.clone());
                let amount = cells[5].replace('.', "").parse::<i64>().unwrap();
                prop_assert_eq!(amount, cents);
            }
        }
    }
}
