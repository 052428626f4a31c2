// Drawing an area: shows the fields of the way chosen, and a map whose clicks fill the list of points.
import { colours, whenThemeChanges } from "../registry/map/colours.js";
import { drawMark } from "../registry/map/marks.js";
import { makeStyle } from "../registry/map/style.js";

const form = document.querySelector("[data-area-form]");

function chosen() {
  return form.querySelector("[name=way]:checked")?.value ?? "";
}

function follow() {
  for (const part of form.querySelectorAll("[data-way]")) part.hidden = part.dataset.way !== chosen();
  if (chosen() === "dessin" && !drawing) drawing = start();
}

let drawing = null;

function start() {
  const frame = form.querySelector("[data-area-map]");
  const settings = document.getElementById("zone-reglages");
  return frame && settings ? new AreaMap(frame, JSON.parse(settings.textContent)) : null;
}

class AreaMap {
  constructor(frame, settings) {
    this.frame = frame;
    this.settings = settings;
    this.field = form.elements.points;
    this.said = form.querySelector("[data-area-said]");
    form.querySelector("[data-area-undo]").addEventListener("click", () => this.undo());
    form.querySelector("[data-area-clear]").addEventListener("click", () => this.clear());
    this.field.addEventListener("input", () => this.show());
    this.load();
  }

  async load() {
    try {
      this.library = await import(this.settings.library);
      this.library.setWorkerUrl(new URL(this.settings.worker, location.href).href);
      this.draw();
    } catch (error) {
      console.warn(error);
      const message = this.frame.querySelector("[data-map-message]");
      message.textContent = this.settings.words.failed;
      message.hidden = false;
      this.frame.querySelector("[data-map-wait]").hidden = true;
    }
  }

  draw() {
    const place = document.createElement("div");
    place.className = "map-frame__drawing";
    this.frame.prepend(place);
    this.colours = colours();
    const { box } = this.settings;
    this.map = new this.library.Map({
      container: place,
      style: this.style(),
      ...(box ? { bounds: [[box[0], box[1]], [box[2], box[3]]], fitBoundsOptions: { padding: 30 } } : { center: [2.5, 46.6], zoom: 5 }),
      minZoom: 3,
      maxZoom: 18,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      doubleClickZoom: false,
      cooperativeGestures: true,
      locale: this.settings.words.library,
    });
    this.map.addControl(new this.library.NavigationControl({ showCompass: false }), "top-right");
    this.map.setMissingStyleImageResolver((id) => {
      const drawn = drawMark(id, this.colours, this.settings.families);
      if (drawn && !this.map.hasImage(id)) this.map.addImage(id, drawn.data, { pixelRatio: drawn.ratio });
    });
    this.map.getCanvas().style.cursor = "crosshair";
    this.map.on("click", (event) => this.add(event.lngLat));
    this.map.on("idle", () => {
      this.frame.querySelector("[data-map-wait]").hidden = true;
      this.frame.dataset.mapReady = "";
    });
    this.map.on("error", ({ error }) => console.warn(error));
    whenThemeChanges(() => {
      this.colours = colours();
      this.map.setStyle(this.style(), { diff: false });
    });
  }

  style() {
    const style = makeStyle(this.settings, this.colours);
    const ink = this.colours.ink ?? this.colours["ink-soft"];
    style.sources.zone = { type: "geojson", data: this.data() };
    style.layers.push(
      { id: "zone-surface", type: "fill", source: "zone", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": this.colours.marigold, "fill-opacity": 0.3 } },
      { id: "zone-bord", type: "line", source: "zone", paint: { "line-color": ink, "line-width": 2.5 } },
      { id: "zone-points", type: "circle", source: "zone", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 5, "circle-color": this.colours.marigold, "circle-stroke-color": ink, "circle-stroke-width": 1.5 } },
    );
    return style;
  }

  points() {
    return this.field.value.split("\n").map((line) => line.split(/[;\t]/).map((part) => Number(part.trim().replace(",", "."))))
      .filter((pair) => pair.length === 2 && pair.every(Number.isFinite));
  }

  data() {
    const points = this.points();
    const geometries = points.map((at) => ({ type: "Point", coordinates: at }));
    if (points.length > 2) geometries.push({ type: "Polygon", coordinates: [[...points, points[0]]] });
    else if (points.length === 2) geometries.push({ type: "LineString", coordinates: points });
    else if (!points.length && this.settings.shape) geometries.push(this.settings.shape);
    return { type: "FeatureCollection", features: geometries.map((geometry) => ({ type: "Feature", properties: {}, geometry })) };
  }

  add({ lng, lat }) {
    const first = this.points()[0];
    if (first && this.points().length > 2) {
      const start = this.map.project(first);
      const here = this.map.project([lng, lat]);
      if (Math.hypot(start.x - here.x, start.y - here.y) < 10) {
        this.tell(this.settings.words.closed);
        return;
      }
    }
    const line = `${lng.toFixed(6)} ; ${lat.toFixed(6)}`;
    this.field.value = `${this.field.value.trim()}\n${line}`.trim();
    this.show();
  }

  undo() {
    this.field.value = this.field.value.trim().split("\n").slice(0, -1).join("\n");
    this.show(this.settings.words.undone);
  }

  clear() {
    this.field.value = "";
    this.show(this.settings.words.cleared);
  }

  show(word = "") {
    this.map?.getSource("zone")?.setData(this.data());
    this.tell(`${word} ${this.points().length} ${this.settings.words.points}.`.trim());
  }

  tell(text) {
    this.said.textContent = text;
  }
}

if (form) {
  form.addEventListener("change", follow);
  follow();
}
