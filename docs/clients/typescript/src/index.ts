// Everything that was generated, and the client that it calls with: `client.setConfig({ auth })`.
export * from "./gatehouse";
export { client } from "./gatehouse/client.gen";
