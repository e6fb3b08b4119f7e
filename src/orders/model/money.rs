//! Money: whole cents, and the one place where a discount is rounded.
//!
//! Owns the arithmetic, all of it in integers. It must not know currencies: amounts are dollars.

use std::{fmt, iter::Sum};

use serde::{Deserialize, Serialize};

/// A whole discount, in basis points (hundredths of a percent).
pub const FULL_DISCOUNT_BP: u32 = 10_000;

/// An amount of US dollars, in cents. Shown as `$1,234.50`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(transparent)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Cents(pub i64);

impl Cents {
    /// What a line costs: `quantity` pieces at `unit_price`, less `discount_bp` basis points,
    /// rounded half up to a cent.
    ///
    /// `None` when the discount is over 100 % or the amount does not fit.
    pub fn of_line(unit_price: Self, quantity: u32, discount_bp: u32) -> Option<Self> {
        let whole = i128::from(FULL_DISCOUNT_BP);
        let kept = i128::from(FULL_DISCOUNT_BP.checked_sub(discount_bp)?);
        let exact = i128::from(unit_price.0) * i128::from(quantity) * kept;
        i64::try_from((exact + whole / 2).div_euclid(whole)).ok().map(Self)
    }
}

impl Sum for Cents {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        Self(amounts.fold(0, |sum, amount| sum.saturating_add(amount.0)))
    }
}

impl fmt::Display for Cents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cents = self.0.unsigned_abs();
        let digits = (cents / 100).to_string();
        let mut dollars = String::with_capacity(digits.len() + digits.len() / 3);
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                dollars.push(',');
            }
            dollars.push(digit);
        }
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}${dollars}.{:02}", cents % 100)
    }
}
