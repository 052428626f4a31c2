// Where the keyboard stands: on the summary of errors when a form comes back, and never lost after a partial update.
function focusErrors() {
  document.querySelector("[data-focus-first]")?.focus();
}

function focusAfterSwap() {
  let kept = null;
  document.addEventListener("htmx:before:swap", () => {
    const active = document.activeElement;
    kept = active && active !== document.body ? { id: active.id, name: active.name, value: active.value } : null;
  });
  document.addEventListener("htmx:after:swap", (event) => {
    const target = event.target instanceof Element ? event.target : document;
    const wanted = target.querySelector("[data-focus-first], [autofocus]");
    if (wanted) wanted.focus();
    else if (kept && (document.activeElement === document.body || !document.activeElement)) find(kept)?.focus({ preventScroll: true });
  });
}

function find({ id, name, value }) {
  if (id) return document.getElementById(id);
  if (!name) return null;
  return [...document.getElementsByName(name)].find((field) => field.value === value) ?? null;
}

focusErrors();
focusAfterSwap();
