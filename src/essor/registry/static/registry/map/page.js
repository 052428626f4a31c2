// Puts the map on the page, and keeps it on the set that the page shows when filters change it.
import { RegisterMap } from "./map.js";

let shown = null;

function settings() {
  const element = document.getElementById("carte-reglages");
  return element ? JSON.parse(element.textContent) : null;
}

function follow() {
  const frame = document.querySelector("[data-register-map]");
  if (shown && shown.frame !== frame) {
    shown.remove();
    shown = null;
  }
  const wanted = frame && settings();
  if (!wanted) return;
  if (shown) shown.show(wanted);
  else shown = new RegisterMap(frame, wanted, document.querySelector("[data-map-seen]"));
}

follow();
document.addEventListener("htmx:after:swap", follow);
