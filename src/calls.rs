//! How a browser calls a server function: `#[server(protocol = Calls)]`.
//!
//! Owns the passage: arguments as JSON one way, an answer or a refusal as JSON the other. A session
//! that turns out to be over leads to the sign-in page. It must not know what is called. How each is written and read stands in `arguments` and `answers`.
//!
//! `server_fn`'s own protocol compiles all of the request into each function. Here a function only
//! writes its arguments and reads its answer; what is in between is the same code for all of them.

use highwater::json;
use leptos::server_fn::{
    ContentType, Http, Protocol,
    client::Client,
    error::{FromServerFnError, ServerFnErrorErr},
    request::ClientReq,
    response::ClientRes,
    server::Server,
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    answers::{Answers, TextJson},
    app::leave_for_sign_in,
    arguments::Arguments,
    error::AppError,
};

/// A server function's way to the server and back.
pub struct Calls;

impl<Input, Output, Browser, Machine> Protocol<Input, Output, Browser, Machine, AppError> for Calls
where
    Input: Serialize + Send,
    Output: DeserializeOwned + Send,
    Browser: Client<AppError>,
    Machine: Server<AppError>,
    Http<Arguments, Answers>: Protocol<Input, Output, Browser, Machine, AppError>,
{
    const METHOD: http::Method =
        <Http<Arguments, Answers> as Protocol<Input, Output, Browser, Machine, AppError>>::METHOD;

    fn run_server<F, Fut>(
        request: Machine::Request,
        function: F,
    ) -> impl Future<Output = Result<Machine::Response, AppError>> + Send
    where
        F: Fn(Input) -> Fut + Send,
        Fut: Future<Output = Result<Output, AppError>> + Send,
    {
        Http::<Arguments, Answers>::run_server(request, function)
    }

    async fn run_client(path: &str, input: Input) -> Result<Output, AppError> {
        let arguments = serde_json::to_string(&input).map_err(|_| AppError::Internal)?;
        let answer = call::<Browser>(path, arguments).await?;
        json::read(&answer).map_err(|_| AppError::Unreachable)
    }
}

/// Sends the arguments, and reads the answer as far as it is the same for all functions.
async fn call<Browser: Client<AppError>>(
    path: &str,
    arguments: String,
) -> Result<String, AppError> {
    let json = TextJson::CONTENT_TYPE;
    let request = Browser::Request::try_new_post(path, json, json, arguments)?;
    let answer = Browser::send(request).await?;
    if answer.status() == 401 {
        // The stream would find out as well, if it is not waiting for a connection.
        leave_for_sign_in();
    }
    let refused = (400..=599).contains(&answer.status());
    let text = answer.try_into_string().await?;
    if refused {
        // What is no refusal of this server's comes from something on the way to it.
        return Err(AppError::from_server_fn_error(ServerFnErrorErr::Deserialization(text)));
    }
    Ok(text)
}
