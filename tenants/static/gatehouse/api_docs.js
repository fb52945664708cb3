// The page of the APIs' documents, one of them at a time.
"use strict";
const surfaces = JSON.parse(document.getElementById("surfaces").textContent);
SwaggerUIBundle({
  dom_id: "#page",
  urls: Object.entries(surfaces).map(([name, title]) => ({ name: title, url: `${name}.json` })),
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  layout: "StandaloneLayout",
  validatorUrl: null,
});
