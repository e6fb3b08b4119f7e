/** Where the documented hook finds the server: where the page came from. */
export const env = { PUBLIC_SERVER_URL: "", PUBLIC_SERVER_API_PATH: "/api" };
