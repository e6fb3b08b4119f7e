use highwater::{AsOf, FetchFailed, Fetched, LiveEvent, Patch, Query, SseProvider, Stamped, use_query};
use highwater::server::{Audience, By, Live, SqliteLog};
use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};
use crate::own::{Failed, insert, titles};                   // the application's error type and SQL

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum Event { TaskAdded { title: String } }                  // what happens
impl LiveEvent for Event {
    type Tag = String;
    fn tags(&self) -> Vec<String> { vec!["tasks".into()] }  // what it touches
}

#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Tasks;                                               // what is read
impl Query for Tasks {
    type Event = Event;
    type Value = Vec<String>;
    type Refusal = Failed;
    const NAME: &'static str = "tasks";
    fn tags(&self) -> Vec<String> { vec!["tasks".into()] }
    fn patch(&self, tasks: &mut Vec<String>, Event::TaskAdded { title }: &Event) -> Patch {
        tasks.push(title.clone());
        Patch::Patched                                      // or Patch::Stale: fetch it anew
    }
    async fn fetch(self, min: Option<AsOf>) -> Fetched<Self> {
        list_tasks(min).await.map_err(|error| FetchFailed { message: error.0 })
    }
}

#[server(input = Json)]
pub async fn list_tasks(min: Option<AsOf>) -> Result<Stamped<Result<Vec<String>, Failed>>, Failed> {
    let live = expect_context::<Live<SqliteLog, Event>>();
    live.read(min.as_ref(), |tx| Box::pin(async move { Ok(Ok(titles(tx).await?)) })).await
}

#[server(input = Json)]
pub async fn add_task(title: String) -> Result<(), Failed> {
    let live = expect_context::<Live<SqliteLog, Event>>();
    live.write(By::nobody(), |write| Box::pin(async move {
        insert(write.tx(), &title).await?;                  // the data and its event: one transaction
        write.record(&[Audience::new("everyone")], &Event::TaskAdded { title }).await?;
        Ok(())
    })).await.map(|_| ())
}

#[component]
pub fn TaskList() -> impl IntoView {
    let tasks = use_query(|| Tasks);
    view! { <Suspense>{move || tasks.get().and_then(Result::ok).map(|tasks| view! {
        <ul>{tasks.into_iter().map(|title| view! { <li>{title}</li> }).collect_view()}</ul>
    })}</Suspense> }
}

#[component]
pub fn App() -> impl IntoView {
    view! { <SseProvider<Event> enabled=true sign_in=|()| {}><TaskList/></SseProvider<Event>> }
}
