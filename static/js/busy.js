// What waits for an answer says so, to eyes (app.css) and to screen readers. A poll that nobody asked for does not.
// hx-headers with X-Poll marks one, as for the server.

export function tellBusy() {
  const tell = (event, busy) => {
    const { request, target } = event.detail.ctx ?? {};
    if (!target || request?.headers?.["X-Poll"]) return;
    if (busy) target.setAttribute("aria-busy", "true");
    else target.removeAttribute("aria-busy");
  };
  document.addEventListener("htmx:before:request", (event) => tell(event, true));
  document.addEventListener("htmx:finally:request", (event) => tell(event, false));
}
