/* The dictionary's field: what is typed leaves those metrics that have every word of it. An address with #key opens that
   metric, and on paper everything is open. */
(() => {
  "use strict";
  const entries = () => [...document.querySelectorAll(".entry")];
  const texts = new WeakMap();
  let shown = null;

  function textOf(entry) {
    if (!texts.has(entry)) texts.set(entry, [...entry.querySelectorAll("h3, p")].map((part) => part.textContent).join(" ").toLowerCase());
    return texts.get(entry);
  }

  function find(said) {
    const words = said.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const entry of entries()) {
      const fits = words.every((word) => textOf(entry).includes(word));
      entry.classList.toggle("is-left-out", !fits);
      count += fits;
    }
    for (const domain of document.querySelectorAll(".domain")) domain.classList.toggle("is-left-out", !domain.querySelector(".entry:not(.is-left-out)"));
    const found = document.querySelector(".found");
    if (found) found.textContent = words.length ? found.dataset.found.replace("{}", count) : "";
  }

  function jump() {
    const key = decodeURIComponent(location.hash.slice(1)), entry = key && document.getElementById(key);
    if (!entry || shown === entry) return;
    shown = entry;
    const more = entry.querySelector("details");
    if (more) more.open = true;
    entry.scrollIntoView({ block: "start" });
  }

  document.addEventListener("input", (event) => { if (event.target.id === "find") find(event.target.value); });
  window.addEventListener("hashchange", () => { shown = null; jump(); });
  window.addEventListener("beforeprint", () => {
    for (const one of document.querySelectorAll(".office details:not([open])")) {
      one.open = true;
      one.dataset.printed = "";
    }
  });
  window.addEventListener("afterprint", () => {
    for (const one of document.querySelectorAll(".office details[data-printed]")) {
      one.open = false;
      delete one.dataset.printed;
    }
  });
  new MutationObserver(() => { if (location.hash && document.querySelector(".office")) jump(); }).observe(document.documentElement, { childList: true, subtree: true });
})();
