// No validator: it would send the address of this page to somebody else's server.
window.ui = SwaggerUIBundle({
  url: "/openapi.yaml",
  dom_id: "#contract",
  deepLinking: true,
  validatorUrl: null,
});
