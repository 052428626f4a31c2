// The name and value of the piece under the pointer or the focus, beside it: the same words as its title.
for (const figure of document.querySelectorAll("[data-map-figure]")) {
  const tip = document.createElement("div");
  tip.className = "map-tip";
  tip.setAttribute("aria-hidden", "true");
  tip.hidden = true;
  figure.append(tip);
  const show = (event, x, y) => {
    const piece = event.target.closest?.("[data-said]");
    tip.hidden = !piece;
    if (!piece) return;
    piece.querySelector(":scope > title")?.remove();
    piece.setAttribute("aria-label", piece.dataset.said);
    tip.textContent = piece.dataset.said;
    const box = figure.getBoundingClientRect();
    const left = Math.min(x - box.left + 14, box.width - tip.offsetWidth - 4);
    tip.style.left = `${Math.max(0, left)}px`;
    tip.style.top = `${y - box.top + 16}px`;
  };
  figure.addEventListener("pointermove", (event) => show(event, event.clientX, event.clientY));
  figure.addEventListener("pointerleave", () => { tip.hidden = true; });
  figure.addEventListener("focusin", (event) => {
    const box = event.target.getBoundingClientRect();
    show(event, box.left + box.width / 2, box.top + box.height / 2);
  });
  figure.addEventListener("focusout", () => { tip.hidden = true; });
}
