// Light or dark by choice, kept a year in a cookie so that the server writes it in the page at once (no flash).
const DARK = "sombre";
const LIGHT = "clair";

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === DARK : matchMedia("(prefers-color-scheme: dark)").matches;
}

function themeToggle() {
  for (const button of document.querySelectorAll("[data-theme-toggle]")) {
    button.setAttribute("aria-pressed", String(isDark()));
    button.addEventListener("click", () => {
      const theme = isDark() ? LIGHT : DARK;
      document.documentElement.dataset.theme = theme;
      document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`;
      button.setAttribute("aria-pressed", String(theme === DARK));
    });
  }
}

themeToggle();
