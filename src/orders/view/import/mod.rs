//! `/orders/import`: files become orders. The address says which import is shown, so that it is
//! found again after a reload.

mod files;
mod report;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use self::{files::FilesForm, report::OneImport};
use super::LastList;
use crate::{
    orders::model::ImportId,
    ui::{BackLink, Freshness, PageHeader},
};

/// Where an import is shown.
fn address(id: &ImportId) -> String {
    format!("/orders/import?id={}", id.as_str())
}

/// The files, or what became of them.
#[component]
pub fn ImportPage() -> impl IntoView {
    let query = use_query_map();
    let id = Memo::new(move |_| query.with(|query| query.get("id")?.parse::<ImportId>().ok()));
    let LastList(last) = expect_context();
    view! {
        <Title text="Import orders"/>
        <BackLink href=last label="Orders"/>
        <PageHeader title="Import orders"/>
        <Freshness what="the import"/>
        {move || match id.get() {
            Some(id) => view! { <OneImport id=id/> }.into_any(),
            None => view! { <FilesForm/> }.into_any(),
        }}
    }
}
