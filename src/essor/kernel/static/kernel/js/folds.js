// <details>: facets are open beside the list and folded above it; Escape and a click outside close the menus.
const MENUS = "details.menu, details.account, details.popover";

function foldWhenStacked() {
  let before = null;
  const apply = () => {
    for (const fold of document.querySelectorAll("[data-open-beside]")) {
      const beside = getComputedStyle(fold.closest(".list-layout")).gridTemplateColumns.split(" ").length > 1;
      if (beside !== before) fold.open = beside;
      fold.dataset.folded = "";
      before = beside;
    }
  };
  apply();
  addEventListener("resize", apply);
}

function closeOnEscape() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll(MENUS)) {
      if (!menu.open) continue;
      const inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside) menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll(MENUS)) if (menu.open && !menu.contains(event.target)) menu.open = false;
  });
}

foldWhenStacked();
closeOnEscape();
