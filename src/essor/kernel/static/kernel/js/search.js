// « / » goes to the search field, unless the person is writing.
const WRITING = "input, textarea, select, [contenteditable]";

function searchShortcut() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(WRITING)) return;
    const field = [...document.querySelectorAll("[data-search]")].find((candidate) => candidate.checkVisibility());
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
}

searchShortcut();
