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

// Once a card shows its decision, the next one that waits takes the focus; one that refused keeps it.
let answered = null;
list?.addEventListener("submit", (event) => { answered = event.target.closest(".match")?.id ?? null; });
document.addEventListener("htmx:after:swap", () => {
  const card = answered && document.getElementById(answered);
  answered = null;
  if (!card) return;
  const waiting = cards().filter((each) => !each.classList.contains("match--decided"));
  const all = cards();
  const next = waiting.find((each) => all.indexOf(each) >= all.indexOf(card)) ?? waiting[0] ?? card;
  next.focus();
});
