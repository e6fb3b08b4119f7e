//! What an event does to an order or a page of the list that does not include it yet.
//!
//! Owns the decision between patching, fetching anew and leaving alone. Pure: it is tested against
//! what a fetch would bring.

use highwater::Patch;
use time::OffsetDateTime;

use super::{OrderEvent, OrderPatch};
use crate::{
    jobs::live::JobEvent,
    orders::model::{
        Catalogue, ImportStatus, Order, OrderFilter, OrderHistory, OrderId, OrderImport, OrderPage,
        OrderRow, OrderStatus, SortField,
    },
};

/// What `event` does to one order.
pub(super) fn order(order: &mut Order, event: &OrderEvent) -> Patch {
    let Some((_, patch)) = event.order().filter(|(id, _)| **id == order.id) else {
        return Patch::Unaffected;
    };
    let patch = match step(order.version, patch) {
        Step::Next(patch) => patch,
        Step::Past => return Patch::Unaffected,
        Step::Unclear => return Patch::Stale,
    };
    patch.lay_over(&mut order.status, &mut order.note, &mut order.updated_at, &mut order.version);
    Patch::Patched
}

/// What `event` does to a page of the list that `filter` asks for.
pub(super) fn page(filter: &OrderFilter, page: &mut OrderPage, event: &OrderEvent) -> Patch {
    let Some((id, patch)) = event.order() else {
        return Patch::Unaffected;
    };
    let Some(index) = page.rows.iter().position(|row| row.id == *id) else {
        return if may_come_go_or_pass(filter, event) { Patch::Stale } else { Patch::Unaffected };
    };
    let row = &mut page.rows[index];
    let patch = match step(row.version, patch) {
        Step::Next(patch) => patch,
        Step::Past => return Patch::Unaffected,
        Step::Unclear => return Patch::Stale,
    };
    patch.lay_over(&mut row.status, &mut row.note, &mut row.updated_at, &mut row.version);
    let still_wanted = filter.status.is_none_or(|wanted| wanted == row.status);
    if still_wanted && keeps_its_place(filter, page, index, patch) {
        Patch::Patched
    } else {
        Patch::Stale
    }
}

/// What `event` does to the catalogue.
pub(super) fn catalogue(catalogue: &mut Catalogue, event: &OrderEvent) -> Patch {
    let (id, patch) = match event {
        OrderEvent::Created { id, patch, .. } => (id, patch),
        OrderEvent::Catalogue { .. } => return Patch::Stale,
        OrderEvent::Updated { .. } | OrderEvent::Metrics { .. } => return Patch::Unaffected,
    };
    let mut customers = catalogue.customers.iter_mut();
    let Some(customer) = customers.find(|known| Some(&known.id) == patch.customer_id.as_ref())
    else {
        return Patch::Stale;
    };
    let is_latest =
        customer.latest_order.as_ref().is_none_or(|latest| latest.number() < id.number());
    if !is_latest {
        return Patch::Unaffected;
    }
    customer.latest_order = Some(id.clone());
    customer.ship_to.clone_from(&patch.ship_to);
    Patch::Patched
}

/// What `event` does to the history of an order: who did it only a fetch can tell.
pub(super) fn history(id: &OrderId, history: &OrderHistory, event: &OrderEvent) -> Patch {
    let Some((_, patch)) = event.order().filter(|(about, _)| *about == id) else {
        return Patch::Unaffected;
    };
    let shown = history.entries.first().map(|entry| entry.version);
    if shown >= patch.version { Patch::Unaffected } else { Patch::Stale }
}

/// What `event` does to what is told of an import: its job tells when it begins and ends, and what
/// came of it travels in answers alone.
pub(super) fn import(import: &OrderImport, event: &JobEvent) -> Patch {
    let JobEvent::Changed { job } = event else { return Patch::Unaffected };
    if job.target != import.id.target() {
        return Patch::Unaffected;
    }
    let runs = import.status == ImportStatus::Running;
    if job.status.is_live() == runs { Patch::Unaffected } else { Patch::Stale }
}

impl OrderPatch {
    fn lay_over(
        &self,
        status: &mut OrderStatus,
        note: &mut String,
        updated_at: &mut OffsetDateTime,
        version: &mut u64,
    ) {
        *status = self.status.unwrap_or(*status);
        *updated_at = self.updated_at.unwrap_or(*updated_at);
        *version = self.version.unwrap_or(*version);
        if let Some(new) = &self.note {
            note.clone_from(new);
        }
    }
}

/// How an event relates to a version that is shown.
enum Step<'e> {
    /// It leads to the next version, by these fields.
    Next(&'e OrderPatch),
    /// What is shown includes it.
    Past,
    /// Something is missing between, or it touches what is not patched.
    Unclear,
}

fn step(version: u64, patch: &OrderPatch) -> Step<'_> {
    match patch.version {
        Some(resulting) if resulting <= version => Step::Past,
        Some(resulting) if resulting == version + 1 && is_patched_whole(patch) => Step::Next(patch),
        _ => Step::Unclear,
    }
}

/// Whether the patch touches no other fields than those that change in the life of an order.
fn is_patched_whole(patch: &OrderPatch) -> bool {
    let OrderPatch {
        status: _,
        note: _,
        updated_at: _,
        version: _,
        customer_id,
        customer_name,
        ship_to,
        total,
        created_at,
        line_count,
    } = patch;
    customer_id.is_none()
        && customer_name.is_none()
        && ship_to.is_none()
        && total.is_none()
        && created_at.is_none()
        && line_count.is_none()
}

/// Whether the patched row at `index` certainly stands where a fetch would put it.
fn keeps_its_place(
    filter: &OrderFilter,
    page: &OrderPage,
    index: usize,
    patch: &OrderPatch,
) -> bool {
    if !moves(filter, patch) {
        return true;
    }
    let follows = |a: Option<&OrderRow>, b: Option<&OrderRow>| match (a, b) {
        (Some(a), Some(b)) => filter.sort.compare(a, b).is_lt(),
        // Nothing is beyond the first page's beginning and the last page's end; what is beyond
        // another page's is not known.
        (None, _) => page.page == 1,
        (_, None) => page.page == page.pages,
    };
    let before = index.checked_sub(1).and_then(|before| page.rows.get(before));
    let row = page.rows.get(index);
    follows(before, row) && follows(row, page.rows.get(index + 1))
}

/// Whether an event about an order that is not on the page may change which orders are.
fn may_come_go_or_pass(filter: &OrderFilter, event: &OrderEvent) -> bool {
    match event {
        OrderEvent::Created { patch, .. } => {
            let shut_out = |wanted| patch.status.is_some_and(|status| status != wanted);
            !filter.status.is_some_and(shut_out)
        }
        OrderEvent::Updated { patch, .. } => match (filter.status, patch.status) {
            (Some(wanted), Some(status)) => wanted == status || wanted.may_become(status),
            (_, _) => moves(filter, patch) || !is_patched_whole(patch),
        },
        OrderEvent::Metrics { .. } | OrderEvent::Catalogue { .. } => false,
    }
}

/// Whether the patch touches what the list is sorted by.
fn moves(filter: &OrderFilter, patch: &OrderPatch) -> bool {
    match filter.sort.by {
        SortField::Updated => patch.updated_at.is_some(),
        SortField::Status => patch.status.is_some(),
        SortField::Number | SortField::Created | SortField::Customer | SortField::Total => false,
    }
}
