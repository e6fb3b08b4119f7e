//! CSV files as tables: rows by line, values by column.
//!
//! Owns what a value must look like to be read, and the words when it doesn't. It must not know
//! what the values mean.

use std::{borrow::Cow, fmt::Display, fs, str::FromStr};

use csv::{ByteRecord, ReaderBuilder};
use time::{
    Date, OffsetDateTime, PrimitiveDateTime,
    format_description::BorrowedFormatItem,
    macros::{format_description, time},
};

use super::{ImportError, Source};
use crate::orders::model::BadRow;

/// What stands in a file for no value, besides nothing.
const ABSENT: &str = "NULL";

/// How much of a value that is wrong is quoted, in characters.
const SHOWN_CHARS: usize = 60;

const DATE: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
const DATE_AND_TIME: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day] [hour]:[minute]:[second][optional [.[subsecond]]]");

/// A row's values in the order in which the columns were asked for.
pub(super) struct Row<const COLUMNS: usize> {
    /// The line that it starts in, from 1.
    pub(super) line: u64,
    /// Its values.
    pub(super) cells: [Cell; COLUMNS],
}

/// One value.
pub(super) struct Cell {
    column: &'static str,
    text: Option<String>,
}

/// Why a row cannot be used.
pub(super) struct Fault {
    /// The column that is to blame, if it is one.
    column: Option<&'static str>,
    reason: String,
}

/// Reads those columns of a file. A row that does not fit the first line is bad.
pub(super) fn read<const COLUMNS: usize>(
    source: &Source,
    file: &'static str,
    columns: [&'static str; COLUMNS],
    bad_rows: &mut Vec<BadRow>,
) -> Result<Vec<Row<COLUMNS>>, ImportError> {
    let bytes = content(source, file)?;
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(&*bytes);
    let names = reader.byte_headers().cloned().unwrap_or_default();
    let mut places = [0; COLUMNS];
    for (place, column) in places.iter_mut().zip(columns) {
        let found = names.iter().position(|name| name.trim_ascii() == column.as_bytes());
        *place = found.ok_or(ImportError::Column { file, column })?;
    }
    let mut rows = Vec::new();
    let mut lines = Lines { bytes: &bytes, counted: 0, line: 1 };
    for record in reader.byte_records() {
        let read = record.map_err(|error| (0, error.to_string().into())).and_then(|record| {
            let line = lines.line_at(record.position().map_or(0, csv::Position::byte));
            let cells = cells(&record, names.len(), places, columns);
            cells.map(|cells| Row { line, cells }).map_err(|fault| (line, fault))
        });
        match read {
            Ok(row) => rows.push(row),
            Err((line, fault)) => bad_rows.push(fault.at(file, line)),
        }
    }
    Ok(rows)
}

impl Fault {
    /// Of this column.
    pub(super) fn of(column: &'static str, reason: impl Into<String>) -> Self {
        Self { column: Some(column), reason: reason.into() }
    }

    /// The bad row that it makes.
    pub(super) fn at(self, file: &str, line: u64) -> BadRow {
        let column = self.column.map(str::to_owned);
        BadRow { file: file.to_owned(), line, column, reason: self.reason }
    }
}

impl From<String> for Fault {
    /// Of the row as a whole.
    fn from(reason: String) -> Self {
        Self { column: None, reason }
    }
}

impl Cell {
    /// The text, or `None` where there is none.
    pub(super) fn optional(self) -> Option<String> {
        self.text
    }

    /// The text.
    pub(super) fn required(self) -> Result<String, Fault> {
        let column = self.column;
        self.text.ok_or_else(|| missing(column))
    }

    /// A whole number, without a sign.
    pub(super) fn whole<T: FromStr>(self) -> Result<T, Fault> {
        let column = self.column;
        let text = self.required()?;
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let number = if digits { text.parse().ok() } else { None };
        number.ok_or_else(|| wrong(column, &text, "a whole number"))
    }

    /// A decimal number that is not negative, in units of its `places`-th decimal place; exact.
    pub(super) fn decimal(self, places: u32) -> Result<i64, Fault> {
        let column = self.column;
        let text = self.required()?;
        let wanted = format_args!("a number of 0 or more with at most {places} decimal places");
        decimal(&text, places).ok_or_else(|| wrong(column, &text, wanted))
    }

    /// A date, with or without a time, in UTC; `None` where there is none.
    pub(super) fn date(self) -> Result<Option<OffsetDateTime>, Fault> {
        let Some(text) = self.text else {
            return Ok(None);
        };
        let date_and_time = PrimitiveDateTime::parse(&text, DATE_AND_TIME)
            .or_else(|_| Date::parse(&text, DATE).map(|date| date.with_time(time!(0:00))));
        match date_and_time {
            Ok(date_and_time) => Ok(Some(date_and_time.assume_utc())),
            Err(_) => Err(wrong(self.column, &text, "a date such as 1996-07-04")),
        }
    }

    /// A date that must be there.
    pub(super) fn required_date(self) -> Result<OffsetDateTime, Fault> {
        let column = self.column;
        self.date()?.ok_or_else(|| missing(column))
    }
}

/// The number of the line at ever later places of a file. The CSV reader's own count is one too
/// low where lines end in CR LF.
struct Lines<'b> {
    bytes: &'b [u8],
    counted: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the record that the reader found from `byte` on, past the end of the line
    /// before and any empty ones.
    fn line_at(&mut self, byte: u64) -> u64 {
        let from = usize::try_from(byte).unwrap_or(usize::MAX).min(self.bytes.len());
        let ends = self.bytes[from..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
        let start = from + ends.count();
        let passed = self.bytes[self.counted.min(start)..start].iter();
        self.line += passed.filter(|byte| **byte == b'\n').count() as u64;
        self.counted = start;
        self.line
    }
}

fn content<'s>(source: &'s Source, file: &'static str) -> Result<Cow<'s, [u8]>, ImportError> {
    match source {
        Source::Northwind => Ok(Cow::Borrowed(super::northwind::carried(file))),
        Source::Uploaded(files) => match files.get(file) {
            Some(content) => Ok(Cow::Borrowed(content)),
            None => Err(ImportError::Missing { file }),
        },
        Source::Directory(directory) => {
            let path = directory.join(file);
            let content = fs::read(&path);
            content.map(Cow::Owned).map_err(|source| ImportError::Read { file: path, source })
        }
    }
}

fn cells<const COLUMNS: usize>(
    record: &ByteRecord,
    width: usize,
    places: [usize; COLUMNS],
    columns: [&'static str; COLUMNS],
) -> Result<[Cell; COLUMNS], Fault> {
    if record.len() != width {
        let counted = format!("it has {} values, but the file has {width} columns", record.len());
        return Err(counted.into());
    }
    let mut cells = columns.map(|column| Cell { column, text: None });
    for (cell, place) in cells.iter_mut().zip(places) {
        let bytes = record.get(place).unwrap_or_default();
        let text = std::str::from_utf8(bytes)
            .map_err(|_| Fault::of(cell.column, format!("{} is not UTF-8", cell.column)))?;
        let text = text.trim();
        cell.text = (!text.is_empty() && text != ABSENT).then(|| text.to_owned());
    }
    Ok(cells)
}

fn missing(column: &'static str) -> Fault {
    Fault::of(column, format!("{column} is missing"))
}

fn wrong(column: &'static str, text: &str, wanted: impl Display) -> Fault {
    // A cell may be as long as its file.
    let shown: String = text.chars().take(SHOWN_CHARS).collect();
    let rest = if shown.len() < text.len() { "…" } else { "" };
    Fault::of(column, format!("{column} {shown:?}{rest} is not {wanted}"))
}

fn decimal(text: &str, places: u32) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let kept = fraction.trim_end_matches('0');
    let length = u32::try_from(kept.len()).ok().filter(|length| *length <= places)?;
    if !digits(whole) || !digits(fraction) {
        return None;
    }
    let whole = whole.parse::<i64>().ok()?.checked_mul(10_i64.pow(places))?;
    let fraction = if kept.is_empty() { 0 } else { kept.parse::<i64>().ok()? };
    whole.checked_add(fraction * 10_i64.pow(places - length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_exactly_or_not_at_all() {
        for (text, cents) in
            [("14.00", 1400), ("14", 1400), ("14.5", 1450), ("0.29", 29), ("9.8000", 980)]
        {
            assert_eq!(decimal(text, 2), Some(cents), "{text}");
        }
        for text in [
            "",
            ".",
            "14.",
            ".5",
            "-1",
            "+1",
            "1,5",
            "1e3",
            "0.125",
            "1.2.3",
            "99999999999999999999",
        ] {
            assert_eq!(decimal(text, 2), None, "{text}");
        }
    }

    #[test]
    fn a_row_knows_its_line_whatever_the_lines_end_in() {
        for end in ["\n", "\r\n"] {
            let text = ["a,b", "1,\"two", "lines\"", "", "2,x", "3"].join(end);
            let directory = tempfile::tempdir().unwrap();
            fs::write(directory.path().join("t.csv"), text).unwrap();
            let source = Source::directory(directory.path());
            let mut bad_rows = Vec::new();
            let rows = read(&source, "t.csv", ["b", "a"], &mut bad_rows).unwrap();
            let lines: Vec<u64> = rows.iter().map(|row| row.line).collect();
            assert_eq!(lines, [2, 5], "{end:?}");
            let reason = "it has 1 values, but the file has 2 columns".to_owned();
            assert_eq!(bad_rows, [Fault::from(reason).at("t.csv", 6)]);
        }
    }
}
