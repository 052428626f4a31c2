// The colours of the page, resolved for the theme in force: the map's library does not know CSS.
const NAMES = [
  "paper", "surface", "sunken", "line", "line-strong", "ink", "ink-soft", "accent", "marigold",
  "family-association", "family-cooperative", "family-mutual", "family-foundation", "family-ess_company",
];

export function colours() {
  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);
  const found = {};
  for (const name of NAMES) {
    probe.className = `map-colour-${name}`;
    found[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  return found;
}

export function whenThemeChanges(react) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", react);
  new MutationObserver(react).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}
