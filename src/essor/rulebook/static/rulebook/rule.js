// The form of a rule: rows are added and removed in place, questions that do not matter step aside. Without this
// script the same buttons ask the server, and every question is shown.

for (const form of document.querySelectorAll("[data-rule-form]")) {
  form.addEventListener("click", (event) => onClick(form, event));
  form.addEventListener("change", () => showWhatMatters(form));
  showWhatMatters(form);
}

function onClick(form, event) {
  const button = event.target.closest("button[name]");
  if (!button) return;
  if (button.name === "ajouter") {
    event.preventDefault();
    addRow(button.closest("[data-rows]"));
  } else if (button.name === "retirer") {
    event.preventDefault();
    removeRow(button.closest("[data-row]"));
  }
}

function addRow(table) {
  const list = table.querySelector(".rows__list");
  const used = [...list.querySelectorAll('button[name="retirer"]')].map((button) => Number(button.value.split("-").pop()));
  const number = Math.max(0, ...used) + 1;
  const name = table.dataset.rows;
  const holder = document.createElement("div");
  holder.innerHTML = table.querySelector("template").innerHTML.replaceAll(`${name}-0`, `${name}-${number}`);
  const row = holder.firstElementChild;
  list.append(row);
  renumber(list);
  showWhatMatters(table.closest("form"));
  row.querySelector("input, select")?.focus();
}

function removeRow(row) {
  const list = row.parentElement;
  const neighbour = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  renumber(list);
  (neighbour?.querySelector("input, select") ?? list.parentElement.querySelector(".rows__add"))?.focus();
}

function renumber(list) {
  [...list.children].forEach((row, place) => {
    for (const mark of row.querySelectorAll("[data-number]")) mark.textContent = String(place + 1);
  });
}

// « counterpart=service,none;need_defined_by=authority »: shown when each field has one of its values.
function showWhatMatters(form) {
  for (const item of form.querySelectorAll("[data-when]")) {
    const matters = item.dataset.when.split(";").every((part) => {
      const [name, values] = part.split("=");
      return values.split(",").includes(valueOf(form, name));
    });
    item.hidden = !matters;
    for (const input of item.querySelectorAll("input, select, textarea")) input.disabled = !matters;
  }
}

function valueOf(form, name) {
  return new FormData(form).get(name) ?? "";
}
