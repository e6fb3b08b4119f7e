//! What an order can be made of: the customers and products that there are.
//!
//! Owns their types. It must not know what an order of them may look like.

use serde::{Deserialize, Serialize};

use super::{Cents, CustomerId, OrderId, ProductId, ShipTo};

/// Every customer and every product. One answer for a form: it is meant for thousands of each, not
/// for millions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Catalogue {
    /// The customers, by name, whatever the case.
    pub customers: Vec<CatalogueCustomer>,
    /// The products, by name, whatever the case.
    pub products: Vec<Product>,
}

/// Somebody who can order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct CatalogueCustomer {
    /// Identity.
    pub id: CustomerId,
    /// Their name.
    pub name: String,
    /// Their order with the highest number, if they have any.
    pub latest_order: Option<OrderId>,
    /// Where that one went.
    pub ship_to: Option<ShipTo>,
}

/// Something that can be ordered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Product {
    /// Identity.
    pub id: ProductId,
    /// Its name.
    pub name: String,
    /// What one piece costs today.
    #[serde(rename = "unitPriceCents")]
    pub unit_price: Cents,
}

impl Catalogue {
    /// The customer with this id.
    pub fn customer(&self, id: &CustomerId) -> Option<&CatalogueCustomer> {
        self.customers.iter().find(|customer| customer.id == *id)
    }

    /// The product with this id.
    pub fn product(&self, id: ProductId) -> Option<&Product> {
        self.products.iter().find(|product| product.id == id)
    }
}
