/* A page is called what its heading says, in the language of its words: for who hears it, for tabs and for histories. */
(() => {
  "use strict";
  const HEADING = ".screen:not(.is-behind) h1, .office h1";

  function name() {
    const heading = document.querySelector(HEADING), place = heading && heading.closest("#page [lang]");
    if (!heading) return;
    const parts = [...heading.childNodes].map((node) => node.textContent.trim()).filter(Boolean);
    const told = parts.reverse().join(" · "); // what is special about it comes first
    if (document.title !== told) document.title = told;
    if (place && document.documentElement.lang !== place.lang) document.documentElement.lang = place.lang;
  }

  setInterval(name, 1000);
})();
