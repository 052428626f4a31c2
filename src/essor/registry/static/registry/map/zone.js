// « Chercher dans cette zone »: appears when a person moved the map, and asks for the set of what is visible.
export class ZoneButton {
  constructor(frame, map, settings) {
    this.map = map;
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "button map-frame__zone";
    this.button.textContent = settings.words.search;
    this.button.hidden = true;
    this.button.addEventListener("click", () => this.search());
    frame.append(this.button);
    map.on("moveend", (event) => {
      if (event.originalEvent || event.asked) this.button.hidden = false;
    });
  }

  hide() {
    this.button.hidden = true;
  }

  // The page's own filters carry the zone, and update its parts; a page without filters is asked anew.
  search() {
    const zone = zoneOf(this.map);
    const form = document.querySelector("form.facets");
    this.hide();
    if (!form) {
      const address = new URL(location.href);
      address.searchParams.set("zone", zone);
      address.searchParams.delete("page");
      location.assign(address);
      return;
    }
    const field = form.elements.zone ?? form.appendChild(hidden("zone"));
    field.value = zone;
    form.requestSubmit();
    this.map.getCanvas().focus();
  }
}

// What the map shows: west, south, east, north in degrees, as the server writes them.
export function zoneOf(map) {
  const bounds = map.getBounds();
  const sides = [
    Math.max(-180, bounds.getWest()), Math.max(-90, bounds.getSouth()),
    Math.min(180, bounds.getEast()), Math.min(90, bounds.getNorth()),
  ];
  return sides.map((side) => String(Number(side.toFixed(5)))).join(",");
}

function hidden(name) {
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = name;
  return field;
}
