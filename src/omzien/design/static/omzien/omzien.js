// Enhancements only: every page works without this file.
(() => {
  "use strict";
  const say = (text) => {
    const region = document.getElementById("meldingen");
    if (region) region.textContent = text;
  };

  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });

  const errors = document.getElementById("fouten");
  if (errors) errors.focus();

  // The map: loaded only when someone opens it. It shows what the list shows.
  document.querySelectorAll("[data-map-open]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", async () => {
      button.disabled = true;
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
      const data = await answer.json();
      const box = document.getElementById("kaart");
      box.hidden = false;
      const wanted = new Set([...document.querySelectorAll("[data-entry]")].map((e) => e.dataset.entry));
      const map = window.L.map(box, { zoomSnap: 0.5, attributionControl: true });
      map.attributionControl.setPrefix("Leaflet");
      const outlines = window.L.geoJSON(data.outlines, {
        style: { color: "#14634b", weight: 1, fillColor: "#e4f0ea", fillOpacity: 0.6 },
        attribution: data.source,
      }).addTo(map);
      const bounds = outlines.getBounds();
      if (bounds.isValid()) map.fitBounds(bounds);
      for (const point of data.points) {
        if (wanted.size && !wanted.has(point.slug)) continue;
        const link = document.createElement("a");
        link.href = point.href;
        link.textContent = point.title;
        window.L.circleMarker([point.lat, point.lon], { radius: 9, color: "#0c4534", fillColor: "#ffc94d", fillOpacity: 0.9 })
          .bindPopup(link)
          .bindTooltip(point.title)
          .addTo(map);
      }
      button.hidden = true;
      box.focus();
      say(box.dataset.ready || "");
    });
  });
})();
