// Enhancements only: every page works without this file.
(() => {
  "use strict";
  const say = (text) => {
    const region = document.getElementById("voorgelezen");
    if (region) region.textContent = text;
  };

  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });

  // Where somebody goes on after a post: at what went wrong, or at what they asked to see.
  const first = document.getElementById("fouten") || document.getElementById("voorbeeld");
  if (first) first.focus();
  // What stands in a page that comes in is read out by no screen reader: it is said once more.
  const told = document.querySelector("main [data-told]");
  if (told) setTimeout(() => say(told.textContent.trim()), 500);

  // Asking in steps. What was typed is in no address and in no cache, so the browser cannot go
  // back to a step by itself. Each step stands in the history of this tab with the form that
  // shows it, where the browser keeps a posted form too; Back and Forward post that form again.
  const stepForm = () => document.querySelector("form[data-step]");
  const fieldsOf = (form) => [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
  const remember = () => {
    const form = stepForm();
    if (form && form.dataset.again)
      history.replaceState({ step: [...fieldsOf(form), ["to", form.dataset.step]] }, "");
  };
  const showStep = async (fields, leave = (url) => location.assign(url)) => {
    const body = new URLSearchParams(fields);
    body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
    const answer = await fetch(stepForm().action, { method: "POST", body });
    if (answer.redirected) return leave(answer.url);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.title = page.title;
    document.body.replaceWith(document.adoptNode(page.body));
    window.scrollTo(0, 0);
    (document.getElementById("fouten") || document.getElementById("inhoud")).focus();
  };
  // A step of what was sent is no more: the answer leads to the receipt, in the place of the step.
  const goBack = (state) => {
    if (!state || !state.step || !stepForm()) return;
    showStep(state.step, (url) => location.replace(url)).catch(() => location.reload());
  };
  document.addEventListener("change", remember);
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("form[data-step]") || form.dataset.plain) return;
    event.preventDefault();
    const by = event.submitter;
    const fields = fieldsOf(form);
    if (by && by.name) fields.push([by.name, by.value]);
    const before = form.dataset.step;
    remember();
    try {
      await showStep(fields);
    } catch {
      form.dataset.plain = "1";
      return form.requestSubmit(by);
    }
    const now = stepForm();
    // What sends the question is never kept: going back must not send it again.
    if (now && now.dataset.step !== before && (before !== "check" || (by && by.name)))
      history.pushState({ step: fields }, "");
  });
  window.addEventListener("popstate", (event) => goBack(event.state));
  goBack(history.state);

  // The map: loaded only when someone opens it. It shows what the list shows.
  document.querySelectorAll("[data-map-open]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", async () => {
      button.disabled = true;
      const box = document.getElementById("kaart");
      let data;
      try {
        const css = document.createElement("link");
        css.rel = "stylesheet";
        css.href = button.dataset.mapCss;
        document.head.append(css);
        await new Promise((done, failed) => {
          const script = document.createElement("script");
          script.src = button.dataset.mapJs;
          script.addEventListener("load", done);
          script.addEventListener("error", failed);
          document.head.append(script);
        });
        const answer = await fetch(button.dataset.mapOpen);
        data = await answer.json();
      } catch {
        // No connection, or the server could not: the button can be tried again.
        button.disabled = false;
        document.getElementById("kaart-fout").textContent = box.dataset.failed;
        return;
      }
      document.getElementById("kaart-fout").textContent = "";
      box.hidden = false;
      const wanted = new Set([...document.querySelectorAll("[data-entry]")].map((e) => e.dataset.entry));
      const map = window.L.map(box, { zoomSnap: 0.5, zoomControl: false });
      window.L.control.zoom({ zoomInTitle: box.dataset.closer, zoomOutTitle: box.dataset.wider }).addTo(map);
      map.attributionControl.setPrefix("Leaflet");
      const outlines = window.L.geoJSON(data.outlines, {
        style: { color: "#14634b", weight: 1, fillColor: "#e4f0ea", fillOpacity: 0.6 },
        attribution: data.source,
      }).addTo(map);
      const bounds = outlines.getBounds();
      if (bounds.isValid()) map.fitBounds(bounds);
      // One pin a place, with all that is there.
      const places = new Map();
      for (const point of data.points) {
        if (!wanted.has(point.slug)) continue;
        const place = `${point.lat.toFixed(4)} ${point.lon.toFixed(4)}`;
        places.set(place, [...(places.get(place) || []), point]);
      }
      for (const here of places.values()) {
        const list = document.createElement("ul");
        list.className = "plain-list";
        for (const point of here) {
          const link = document.createElement("a");
          link.href = point.href;
          link.textContent = point.title;
          list.appendChild(document.createElement("li")).append(link);
        }
        const titles = here.map((point) => point.title).join(", ");
        const icon = window.L.divIcon({ className: "map__pin", html: here.length > 1 ? here.length : "", iconSize: [28, 28] });
        const pin = window.L.marker([here[0].lat, here[0].lon], { icon, title: titles })
          .bindPopup(list, { maxWidth: 220, autoPanPaddingTopLeft: [52, 8] }) // beside the buttons, not under them
          .addTo(map);
        pin.getElement().setAttribute("aria-label", titles);
        list.addEventListener("keydown", (event) => {
          if (event.key !== "Escape") return;
          pin.closePopup();
          pin.getElement().focus();
        });
        pin.on("popupopen", (event) => event.popup.getElement().querySelector("a").focus());
      }
      button.hidden = true;
      box.focus();
    });
  });
})();
