//! Adding a document: JSON, or a form with a file.
//!
//! Owns how an upload is read and how large it may be. What becomes of it, the service decides. A
//! file is written to the disk while it comes, so that its size is no matter of memory.

use axum::{
    Json,
    extract::{
        DefaultBodyLimit, FromRequest, Multipart, Request, State,
        multipart::{Field, MultipartError},
    },
    http::{
        StatusCode,
        header::{CONTENT_TYPE, LOCATION},
    },
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    account::http::SignedIn,
    content::{
        files::Written,
        model::{DOCUMENT_MAX_BYTES, Document, Format, Title, title_of},
        service::{self, NewDocument},
    },
    error::AppError,
    server::{
        input::{JsonBody, mutation_id},
        openapi::{ChangeRefusals, Repeatable},
        output::stamped,
        state::AppState,
        upload,
    },
};

/// The largest request, in bytes: in JSON, line ends take two bytes, and what is too large by a
/// little is to be refused in words.
const LIMIT: usize = 2 * DOCUMENT_MAX_BYTES + 65_536;
/// The largest of a form's other fields, in bytes.
const FIELD_MAX_BYTES: usize = 4_096;

/// A document as JSON.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Typed {
    title: String,
    body: String,
    #[serde(default)]
    format: Format,
}

/// A document as a form is described.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what `read_form` takes apart")]
struct Form {
    /// What it is called; without it, a file is called by its name.
    title: Option<String>,
    /// How it is written; without it, a file's name says.
    format: Option<Format>,
    /// A file of text or Markdown in UTF-8.
    #[schema(value_type = Option<String>, format = Binary)]
    file: Option<Vec<u8>>,
    /// Or the text itself.
    body: Option<String>,
}

/// A document as a form.
#[derive(Default)]
struct Sent {
    title: Option<String>,
    format: Option<Format>,
    /// What the file is called on the sender's machine.
    file_name: Option<String>,
    source: Option<Written>,
}

/// Adds a document of at most 5 MB, and answers it, while it is being read, and where it is
/// (`Location`).
///
/// Either as JSON, or as a form with a `file` or a `body`, and perhaps `title` and `format`.
#[utoipa::path(
    post,
    path = "/api/v1/documents",
    tag = "documents",
    params(Repeatable),
    request_body(content((Typed = "application/json"), (Form = "multipart/form-data"))),
    responses((status = 201, body = Document), ChangeRefusals),
)]
pub(super) async fn post_document(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    mut request: Request,
) -> Result<Response, AppError> {
    let by = mutation_id(request.headers())?;
    let kind = request.headers().get(CONTENT_TYPE).map(|kind| kind.as_bytes().to_ascii_lowercase());
    let new = if kind.is_some_and(|kind| kind.starts_with(b"multipart/form-data")) {
        let form = upload::fields(request, LIMIT).await?;
        read_form(&state, form).await?.complete()?
    } else {
        DefaultBodyLimit::max(LIMIT).apply(&mut request);
        let JsonBody(typed) = JsonBody::<Typed>::from_request(request, &()).await?;
        let title = Title::new(&typed.title)?;
        if typed.body.len() > DOCUMENT_MAX_BYTES {
            return Err(too_large());
        }
        if typed.body.trim().is_empty() {
            return Err(AppError::invalid("body", "There is no text in it."));
        }
        let source = state.files.write(typed.body.as_bytes()).await?;
        NewDocument { title, format: typed.format, source }
    };
    let done = service::create_document(&state, &user, new, by).await?;
    let location = [(LOCATION, format!("/api/v1/documents/{}", done.value.row.id))];
    Ok((StatusCode::CREATED, location, stamped(&done.as_of, Json(done.value))).into_response())
}

async fn read_form(state: &AppState, mut form: Multipart) -> Result<Sent, AppError> {
    let mut sent = Sent::default();
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name().unwrap_or_default() {
            "title" => sent.title = Some(read_field("title", field).await?),
            "format" => {
                let text = read_field("format", field).await?;
                let format = text.parse::<Format>();
                sent.format =
                    Some(format.map_err(|wrong| AppError::invalid("format", format!("{wrong}.")))?);
            }
            "file" | "body" if sent.source.is_some() => {
                return Err(AppError::invalid("file", "Send one file or one text."));
            }
            "file" | "body" => {
                sent.file_name = field.file_name().map(str::to_owned);
                sent.source = Some(read_source(state, field).await?);
            }
            other => {
                let there_are = "There are title, format, file and body.";
                let message = format!("There is no field {other:?}. {there_are}");
                return Err(AppError::Invalid { field: None, message });
            }
        }
    }
    Ok(sent)
}

async fn read_field(name: &str, mut field: Field<'_>) -> Result<String, AppError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > FIELD_MAX_BYTES {
            return Err(AppError::invalid(name, "This is too long."));
        }
    }
    String::from_utf8(bytes).map_err(|_| AppError::invalid(name, "This is not UTF-8."))
}

async fn read_source(state: &AppState, mut field: Field<'_>) -> Result<Written, AppError> {
    let mut writing = state.files.begin()?;
    let mut fits = true;
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        fits = fits && writing.bytes() + chunk.len() as u64 <= DOCUMENT_MAX_BYTES as u64;
        // Who is still sending hears no answer, so what is too large is taken and thrown away.
        if fits {
            writing.add(&chunk).await?;
        }
    }
    if fits { writing.finish().await } else { Err(too_large()) }
}

impl Sent {
    fn complete(self) -> Result<NewDocument, AppError> {
        let missing = || AppError::invalid("file", "Choose a file, or paste some text.");
        let source = self.source.ok_or_else(missing)?;
        let name = self.file_name.unwrap_or_default();
        let title = self.title.filter(|title| !title.trim().is_empty());
        let title = Title::new(&title.unwrap_or_else(|| title_of(&name)))?;
        let format = self.format.unwrap_or_else(|| Format::of_file(&name));
        Ok(NewDocument { title, format, source })
    }
}

fn too_large() -> AppError {
    let megabytes = DOCUMENT_MAX_BYTES / 1_000_000;
    AppError::TooLarge { message: format!("A document has at most {megabytes} MB.") }
}

fn broken(error: MultipartError) -> AppError {
    upload::broken(&error, too_large)
}
