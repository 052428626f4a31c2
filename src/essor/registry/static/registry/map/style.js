// What the map looks like: our own outlines on the colours of the page, then the organisations.
const FONT = ["Atkinson Hyperlegible Next"];

export function makeStyle(settings, colours) {
  return {
    version: 8,
    "font-faces": {},
    sources: sources(settings),
    layers: [
      { id: "fond", type: "background", paint: { "background-color": colours.sunken } },
      ...(settings.backdrop ? surfaces(colours) : []),
      ...(settings.picture ? [{ id: "image", type: "raster", source: "image" }] : []),
      ...(settings.backdrop ? outlines(colours, Boolean(settings.picture)) : []),
      ...organisations(),
    ],
  };
}

function sources(settings) {
  const found = {
    organisations: { type: "vector", tiles: [settings.tiles], minzoom: 0, maxzoom: settings.maxZoom },
  };
  if (settings.backdrop) {
    found.contours = { type: "vector", tiles: [settings.backdrop], minzoom: 0, maxzoom: settings.backdropMaxZoom };
  }
  if (settings.picture) {
    found.image = { type: "raster", tiles: [settings.picture], tileSize: 256, attribution: settings.attribution };
  }
  return found;
}

function surfaces(colours) {
  return [
    { id: "terre", type: "fill", source: "contours", "source-layer": "departements", paint: { "fill-color": colours.surface, "fill-antialias": false } },
  ];
}

function outlines(colours, overPicture) {
  const line = (id, layer, colour, width, rest = {}) => ({
    id, type: "line", source: "contours", "source-layer": layer, layout: { "line-join": "round" },
    paint: { "line-color": colour, "line-width": width }, ...rest,
  });
  const found = [
    line("communes", "communes", colours.line, 1, { minzoom: 8 }),
    line("epci", "epci", colours["line-strong"], ["interpolate", ["linear"], ["zoom"], 6, 0.5, 12, 1.4]),
    line("departements", "departements", colours["ink-soft"], ["interpolate", ["linear"], ["zoom"], 5, 1, 12, 2.4]),
    { id: "qpv", type: "fill", source: "contours", "source-layer": "qpv", minzoom: 10, paint: { "fill-color": colours.marigold, "fill-opacity": 0.22 } },
    line("qpv-bord", "qpv", colours.marigold, 1.6, { minzoom: 10 }),
  ];
  return overPicture ? found : [...found, names(colours)];
}

function names(colours) {
  return {
    id: "noms", type: "symbol", source: "contours", "source-layer": "noms",
    layout: {
      "text-field": ["get", "nom"],
      "text-font": FONT,
      "text-size": ["interpolate", ["linear"], ["get", "habitants"], 500, 11, 20000, 13, 200000, 17],
      "symbol-sort-key": ["-", 0, ["get", "habitants"]],
      "text-padding": 8,
      "text-variable-anchor": ["center", "top", "bottom", "left", "right"],
      "text-radial-offset": 1.6,
      "text-max-width": 8,
    },
    paint: { "text-color": colours["ink-soft"], "text-halo-color": colours.surface, "text-halo-width": 1.4 },
  };
}

function organisations() {
  const size = ["step", ["get", "nombre"], "petit", 100, "moyen", 1000, "grand"];
  const common = { type: "symbol", source: "organisations", "source-layer": "organisations" };
  const free = { "icon-allow-overlap": true };
  return [
    {
      ...common, id: "organisations", filter: ["!", ["has", "nombre"]],
      layout: { ...free, "icon-image": ["concat", "famille:", ["get", "famille"], ":", ["case", ["has", "approche"], "vrai", "faux"]] },
    },
    {
      ...common, id: "groupes", filter: ["has", "nombre"],
      layout: {
        ...free, "symbol-sort-key": ["get", "nombre"],
        "icon-image": ["concat", "groupe:", ["get", "parts"], ":", ["get", "court"], ":", size],
      },
    },
  ];
}
