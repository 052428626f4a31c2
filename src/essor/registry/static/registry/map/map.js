// The map of the register: organisations and groups, popups, and the same in text for whoever does not see it.
import { colours, whenThemeChanges } from "./colours.js";
import { drawMark } from "./marks.js";
import { makeStyle } from "./style.js";
import { ZoneButton, zoneOf } from "./zone.js";

const CLICKED = ["organisations", "groupes"];
const SEEN = 40;
const CLOSEST = 18;

export class RegisterMap {
  constructor(frame, settings, seen) {
    this.frame = frame;
    this.settings = settings;
    this.seen = seen;
    this.map = null;
    this.removed = false;
    this.start();
  }

  async start() {
    try {
      await document.fonts.load('600 13px "Atkinson Hyperlegible Next"').catch(() => null);
      this.library = await import(this.settings.library);
      this.library.setWorkerUrl(new URL(this.settings.worker, location.href).href);
      if (!this.removed) this.draw();
    } catch (error) {
      console.warn(error);
      this.say(this.settings.words.failed);
    }
  }

  draw() {
    const place = document.createElement("div");
    place.className = "map-frame__drawing";
    this.frame.prepend(place);
    this.colours = colours();
    const library = this.library;
    this.map = new library.Map({
      container: place,
      style: makeStyle(this.settings, this.colours),
      ...this.opening(),
      minZoom: 3,
      maxZoom: CLOSEST,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      cooperativeGestures: true,
      locale: this.settings.words.library,
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.addControl(new library.NavigationControl({ showCompass: false }), "top-right");
    this.map.addControl(new library.FullscreenControl(), "top-right");
    this.map.addControl(new library.ScaleControl({ maxWidth: 100, unit: "metric" }), "bottom-left");
    this.map.setMissingStyleImageResolver((id) => this.mark(id));
    this.map.on("click", CLICKED, (event) => this.open(event.features[0], event.lngLat));
    for (const layer of CLICKED) {
      this.map.on("mouseenter", layer, () => { this.map.getCanvas().style.cursor = "pointer"; });
      this.map.on("mouseleave", layer, () => { this.map.getCanvas().style.cursor = ""; });
    }
    this.zone = new ZoneButton(this.frame, this.map, this.settings);
    this.map.on("idle", () => this.settled());
    this.map.on("error", ({ error }) => this.failed(error));
    whenThemeChanges(() => this.recolour());
  }

  opening() {
    const { box, zone } = this.settings;
    const fit = zone ? { padding: 0, maxZoom: CLOSEST } : { padding: 40, maxZoom: 15 };
    return box
      ? { bounds: [[box[0], box[1]], [box[2], box[3]]], fitBoundsOptions: fit }
      : { center: [2.5, 46.6], zoom: 5 };
  }

  // Another set: new tiles, and the view goes to it, unless it is what the map already shows.
  show(settings) {
    const before = this.settings;
    this.settings = settings;
    this.zone?.hide();
    if (!this.map || before.tiles === settings.tiles) return;
    this.popup?.remove();
    this.map.getSource("organisations")?.setTiles([settings.tiles]);
    if (settings.zone && settings.zone === zoneOf(this.map)) return;
    if (settings.box && String(before.box) !== String(settings.box)) {
      const { bounds, fitBoundsOptions } = this.opening();
      this.map.fitBounds(bounds, { ...fitBoundsOptions, ...this.motion() });
    }
  }

  remove() {
    this.removed = true;
    this.map?.remove();
    this.map = null;
  }

  recolour() {
    if (!this.map) return;
    this.colours = colours();
    this.map.setStyle(makeStyle(this.settings, this.colours), { diff: false });
  }

  mark(id) {
    const drawn = drawMark(id, this.colours, this.settings.families);
    if (drawn && !this.map.hasImage(id)) this.map.addImage(id, drawn.data, { pixelRatio: drawn.ratio });
  }

  motion() {
    return matchMedia("(prefers-reduced-motion: reduce)").matches ? { animate: false } : { duration: 500 };
  }

  // A group opens by coming closer, until its establishments share one place; then it is a list.
  open(feature, at) {
    const said = feature.properties;
    const [lon, lat] = feature.geometry.coordinates;
    if (said.nombre && !said.lieu) {
      this.map.easeTo({ center: [lon, lat], zoom: Math.min(this.map.getZoom() + 2, CLOSEST), ...this.motion() }, { asked: true });
      return;
    }
    this.popup?.remove();
    this.popup = new this.library.Popup({ maxWidth: "20rem", offset: 14 })
      .setLngLat(at ?? [lon, lat])
      .setDOMContent(said.lieu ? this.place(said) : this.card(said))
      .addTo(this.map);
  }

  card(said) {
    const words = this.settings.words;
    const card = element("div", "map-popup");
    const link = this.link(said.id, said.nom);
    card.append(wrap("p", "map-popup__title", link));
    const family = words.families[said.famille];
    if (family) card.append(element("p", "map-popup__line", family));
    if (said.activite) card.append(element("p", "map-popup__line", said.activite));
    if (said.approche) card.append(element("p", "map-popup__line", words.near));
    return card;
  }

  link(id, name) {
    const link = element("a", "", name);
    link.href = this.settings.organisation.replace(/0\/$/, `${id}/`);
    if (this.settings.embedded) {
      link.target = "_blank";
      link.rel = "noopener";
    }
    return link;
  }

  // The organisations of one place are asked of the server, which writes them.
  place(said) {
    const card = element("div", "map-popup");
    card.append(element("p", "map-popup__title", `${said.nombre} ${this.settings.words.here}`));
    const [path, query] = this.settings.place.split("?");
    const extra = this.settings.embedded ? "&integree=oui" : "";
    fetch(`${path.replace(/0\/$/, `${said.lieu}/`)}?${query}${extra}`)
      .then((answer) => (answer.ok ? answer.text() : Promise.reject(answer.status)))
      .then((html) => {
        card.innerHTML = html;
        this.popup?.setLngLat(this.popup.getLngLat());
      })
      .catch(() => card.append(element("p", "map-popup__line", this.settings.words.lost)));
    return card;
  }

  settled() {
    this.frame.querySelector("[data-map-wait]").hidden = true;
    this.frame.dataset.mapReady = "";
    if (this.seen) this.tell();
  }

  // The same in text: a button for each thing drawn, the largest first.
  tell() {
    const words = this.settings.words;
    const found = new Map();
    for (const feature of this.map.queryRenderedFeatures({ layers: CLICKED })) {
      const said = feature.properties;
      found.set(said.nombre ? `${feature.geometry.coordinates}` : `${said.id}`, feature);
    }
    const rows = [...found.values()].sort((a, b) => (b.properties.nombre ?? 0) - (a.properties.nombre ?? 0));
    this.seen.replaceChildren(...rows.slice(0, SEEN).map((feature) => {
      const said = feature.properties;
      const button = element("button", "map-seen__row", said.nombre ? `${said.nombre} ${said.lieu ? words.here : words.group}` : said.nom);
      button.type = "button";
      button.addEventListener("click", () => this.open(feature));
      return wrap("li", "", button);
    }));
    if (!rows.length) this.seen.append(element("li", "quiet", words.nothing));
  }

  failed(error) {
    console.warn(error);
    if (!this.frame.hasAttribute("data-map-ready")) this.say(this.settings.words.lost);
  }

  say(text) {
    const message = this.frame.querySelector("[data-map-message]");
    message.textContent = text;
    message.hidden = false;
    this.frame.querySelector("[data-map-wait]").hidden = true;
  }
}

function element(name, className, text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function wrap(name, className, inside) {
  const made = element(name, className);
  made.append(inside);
  return made;
}
