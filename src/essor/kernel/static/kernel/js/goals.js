// The choice of goals: a search narrows the list, a sentence tells how many are left, boxes beyond the number wait.
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function narrow(items, asked) {
  for (const item of items) item.hidden = !item.querySelector("input").checked && !plain(item.textContent).includes(asked);
}

function tell(field, items) {
  const told = field.querySelector(".goals-field__told");
  const left = Number(field.dataset.most) - items.filter((item) => item.querySelector("input").checked).length;
  for (const item of items) {
    const box = item.querySelector("input");
    box.disabled = left <= 0 && !box.checked;
  }
  const none = items.every((item) => item.hidden);
  told.hidden = false;
  told.textContent = none ? told.dataset.none : left > 0 ? told.dataset.left.replace("%s", left) : told.dataset.full;
}

function start(field) {
  const items = [...field.querySelectorAll("li")];
  const search = field.querySelector(".goals-field__search");
  search.hidden = false;
  search.addEventListener("input", () => { narrow(items, plain(search.querySelector("input").value.trim())); tell(field, items); });
  search.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  field.addEventListener("change", () => tell(field, items));
  tell(field, items);
}

for (const field of document.querySelectorAll("[data-goals]")) start(field);
