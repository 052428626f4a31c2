// Keys of the cards to confirm: only while a card has the focus, so that they never answer to what is typed elsewhere.
const list = document.querySelector("[data-matches]");

function cards() {
  return [...list.querySelectorAll(".match")];
}

function go(card, step) {
  const all = cards();
  all[all.indexOf(card) + step]?.focus();
}

list?.addEventListener("keydown", (event) => {
  const card = event.target;
  if (!card.classList?.contains("match") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    go(card, event.key === "ArrowDown" ? 1 : -1);
    return;
  }
  const button = [...card.querySelectorAll("button[data-key]")].find((each) => each.dataset.key === event.key.toLowerCase());
  if (!button) return;
  event.preventDefault();
  button.click();
});

// Once a card shows its decision, the next one that waits takes the focus.
document.addEventListener("htmx:after:swap", () => {
  if (document.activeElement && document.activeElement !== document.body) return;
  list?.querySelector(".match:not(.match--decided)")?.focus();
});
