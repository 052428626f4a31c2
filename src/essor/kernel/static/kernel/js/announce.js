// Says aloud, to assistive technology, what a partial update changed: the count of a list, a message.
const REGION = "annonces";

function announce(text) {
  const region = document.getElementById(REGION);
  if (!region || !text.trim()) return;
  region.textContent = "";
  setTimeout(() => { region.textContent = text.trim(); }, 60);
}

function announceMessages() {
  const messages = document.querySelector("[data-announce]");
  if (messages) announce(messages.innerText);
}

// An element that starts a request names what to read afterwards: data-announce-from="#selector".
function announceFrom() {
  document.addEventListener("htmx:after:swap", (event) => {
    const source = event.detail?.ctx?.sourceElement?.closest?.("[data-announce-from]");
    const said = source && document.querySelector(source.dataset.announceFrom);
    if (said) announce(said.textContent);
  });
  document.addEventListener("htmx:error", () => announce("La page n’a pas pu être mise à jour. Réessayez dans un instant."));
}

announceMessages();
announceFrom();
