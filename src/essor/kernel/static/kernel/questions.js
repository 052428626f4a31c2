// Forms made by people: a question that hangs on another is shown or hidden at once, and answers are saved as one goes.
// Without this script the page says when to answer, and its buttons save.
const WAIT = 1500;

function valuesOf(form, name) {
  const fields = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
  if (fields.some((field) => field.closest("[data-when][hidden]"))) return [];
  const told = fields.filter((field) => !["radio", "checkbox"].includes(field.type) || field.checked);
  return told.map((field) => field.value.trim()).filter((value) => value !== "");
}

function numberOf(text) {
  const plain = text.replace(/[\s\u00a0\u202f€]/g, "").replace("−", "-").replace(",", ".");
  return plain.endsWith("%") ? Number(plain.slice(0, -1)) / 100 : Number(plain);
}

const COMPARISONS = {
  at_least: (found, bound) => found >= bound,
  at_most: (found, bound) => found <= bound,
  more_than: (found, bound) => found > bound,
  less_than: (found, bound) => found < bound,
};

function isShare(form, name) {
  const unit = form.querySelector(`[name="${CSS.escape(name)}"]`)?.parentElement?.querySelector(".number-field__unit");
  return unit?.textContent.trim() === "%";
}

function passes(form, test) {
  const given = valuesOf(form, test.question);
  if (test.compare === "answered") return (given.length > 0) === test.values[0];
  if (given.length === 0) return false;
  if (test.compare === "is") {
    const wanted = test.values.map((value) => (value === true ? "oui" : value === false ? "non" : value));
    return given.some((value) => wanted.includes(value));
  }
  let found = numberOf(given[0]);
  if (isShare(form, test.question) && !given[0].includes("%")) found /= 100;
  return COMPARISONS[test.compare](found, Number(test.values[0]));
}

function holds(form, condition) {
  if (!condition.parts) return passes(form, condition);
  const one = (part) => holds(form, part);
  return condition.every ? condition.parts.every(one) : condition.parts.some(one);
}

function showAsked(form) {
  for (const item of form.querySelectorAll("[data-when]")) {
    item.hidden = !holds(form, JSON.parse(item.dataset.when));
  }
}

function watchSaving(form, said) {
  const revision = form.querySelector("[data-revision]");
  let timer = null;
  let stopped = false;
  let last = Promise.resolve();
  let sending = 0;

  function tell(text, wrong) {
    said.textContent = text;
    said.classList.toggle("saved--wrong", wrong);
  }

  async function send() {
    const body = new FormData(form);
    for (const [name, value] of [...body.entries()]) if (value instanceof File) body.delete(name);
    body.set("enregistrement", "auto");
    sending += 1;
    try {
      const answer = await fetch(window.location.href, { method: "POST", body, headers: { Accept: "application/json" } });
      if (!answer.ok && answer.status !== 409) throw new Error(String(answer.status));
      const found = await answer.json();
      if (found.revision) revision.value = found.revision;
      if (found.problem) stopped = true;
      tell(found.message ?? found.problem, Boolean(found.problem));
    } catch {
      tell("L’enregistrement automatique n’a pas pu se faire : utilisez le bouton « Enregistrer et continuer ».", true);
    } finally {
      sending -= 1;
    }
  }

  form.addEventListener("input", () => {
    if (stopped) return;
    clearTimeout(timer);
    timer = setTimeout(() => { last = last.then(send); }, WAIT);
  });
  // A saving under way ends before the page is sent: the two would otherwise be taken for two people.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    stopped = true;
    if (!sending) return;
    event.preventDefault();
    last.then(() => form.requestSubmit(event.submitter));
  });
}

for (const form of document.querySelectorAll("form")) {
  if (form.querySelector("[data-when]")) {
    form.addEventListener("input", () => showAsked(form));
    form.addEventListener("change", () => showAsked(form));
    showAsked(form);
  }
  const said = form.querySelector("[data-autosave]");
  if (said) watchSaving(form, said);
}
