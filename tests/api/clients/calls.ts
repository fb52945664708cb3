// Creates, lists and reads at each API with what was generated; says what it read, as JSON.
import * as einvoice from "./einvoice";
import { client as einvoiceClient } from "./einvoice/client.gen";
import * as fiskaly from "./fiskaly";
import { client as fiskalyClient } from "./fiskaly/client.gen";
import * as flowie from "./index";
import * as goroute from "./goroute";
import { client as goRouteClient } from "./goroute/client.gen";
import * as invora from "./invora";
import { client as invoraClient } from "./invora/client.gen";

declare const process: { argv: string[] };

const secrets: Record<string, string> = JSON.parse(process.argv[2]);
einvoiceClient.setConfig({ auth: secrets.einvoice, throwOnError: true });
fiskalyClient.setConfig({ auth: secrets.fiskaly, throwOnError: true });
flowie.client.setConfig({ auth: secrets.flowie, throwOnError: true });
goRouteClient.setConfig({ auth: secrets.goroute, throwOnError: true });
invoraClient.setConfig({ auth: secrets.invora, throwOnError: true });

const throwOnError = true;

async function tenants() {
  const { data: made } = await einvoice.createTenant({ body: { name: "ts-bv" }, throwOnError });
  const { data: listed } = await einvoice.listTenants({ throwOnError });
  const path = { tenant_id: made.id };
  const { data: read } = await einvoice.getTenant({ path, throwOnError });
  return [read.name, listed.tenants.some((one) => one.id === made.id)];
}

async function organizations() {
  const body = {
    name: "TS GmbH",
    address_line1: "Herrengasse 14",
    zip: "1010",
    town: "Wien",
    country_code: "AUT" as const,
  };
  const { data: made } = await fiskaly.createOrganization({ body, throwOnError });
  const { data: listed } = await fiskaly.listOrganizations({ throwOnError });
  const path = { organization_id: made._id };
  const { data: read } = await fiskaly.getOrganization({ path, throwOnError });
  return [read.name, listed.data.some((one) => one._id === made._id)];
}

async function businesses() {
  const body = { name: "TS Ltd", country: "SA" };
  const { data: made } = await invora.createConnectedBusiness({ body, throwOnError });
  const { data: listed } = await invora.listConnectedBusinesses({ body: {}, throwOnError });
  const path = { tenant_id: made.connectedBusiness.tenantId };
  const { data: read } = await invora.getConnectedBusiness({ path, throwOnError });
  return [read.name, listed.connectedBusinesses.some((one) => one.tenantId === path.tenant_id)];
}

async function clients() {
  const body = { name: "TS B.V.", country: "NL" };
  const { data: made } = await goroute.createOrganization({ body, throwOnError });
  const { data: listed } = await goroute.listOrganizations({ throwOnError });
  const path = { org_id: made.org_id };
  const { data: read } = await goroute.getOrganization({ path, throwOnError });
  return [read.name, listed.organizations.some((one) => one.org_id === made.org_id)];
}

async function companies() {
  const body = { name: "TS SARL", vatNumber: "FR86797978996", apiKey: { name: "ts" } };
  const { data: made } = await flowie.onboardCompany({ body, throwOnError });
  const { data: listed } = await flowie.listCompanies({ throwOnError });
  const path = { company_id: made.company.id };
  const { data: read } = await flowie.getCompany({ path, throwOnError });
  return [read.name, listed.companies.some((one) => one.id === made.company.id)];
}

async function all() {
  console.log(
    JSON.stringify({
      einvoice: await tenants(),
      fiskaly: await organizations(),
      invora: await businesses(),
      goroute: await clients(),
      flowie: await companies(),
    }),
  );
}

void all();
