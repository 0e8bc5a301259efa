"use strict";
SwaggerUIBundle({
  url: "/openapi.json", dom_id: "#documentation", deepLinking: true,
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIBundle.SwaggerUIStandalonePreset],
  layout: "BaseLayout", validatorUrl: null,
});
